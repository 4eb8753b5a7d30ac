/** Files that the control API and clients send: their size, their content type, and their downloads. */
import { describe, expect, test } from "@jest/globals";
import { ControlClient, errorOf, type ControlResponse } from "./support/control";
import { simulateChat, type Party } from "./support/simulated-chat";

const MEGABYTE = 1024 * 1024;
const LIMIT = 20 * MEGABYTE;
const ORIGIN = "http://allowed.test:3000";

const chat = simulateChat({ control: { allowOrigins: [ORIGIN] } });
const control = new ControlClient(() => chat.simulator.url);

const send = (
  parameters: Party,
  base64: string,
  contentType = "application/pdf",
  name = "a.pdf",
): Promise<ControlResponse> =>
  control.send("sendAttachment", { parameters, body: { name, contentType, base64 } });

describe("a file's size", () => {
  test("sendAttachment stores a file of exactly the limit, byte for byte", async () => {
    const customer = await chat.customer();
    const bytes = Buffer.alloc(LIMIT, "some bytes");
    expect((await send(customer, bytes.toString("base64"))).status).toBe(200);
    const [attachment] = chat.simulator.snapshot().attachments;
    expect(attachment?.base64 === bytes.toString("base64")).toBe(true);
  });

  test("sendAttachment refuses a file of one byte more than the limit, and names both sizes", async () => {
    const response = await send(await chat.customer(), Buffer.alloc(LIMIT + 1).toString("base64"));
    expect(response.status).toBe(400);
    expect(errorOf(response).message).toBe(`The file must have at most ${LIMIT} bytes; got ${LIMIT + 1}.`);
  });

  test.each(["", "A", "AB", "ABC", "A===", "AB=C", "AB-_", "AAAA\n", "AA==AAAA", "===="])(
    "sendAttachment refuses %j, which isn't Base64",
    async (base64) => {
      const response = await send(await chat.customer(), base64);
      expect(response.status).toBe(400);
      expect(errorOf(response).message).toContain("`base64`");
    },
  );
});

const WRONG_TYPES = [
  "text/html\r\nX-Evil: 1",
  "text/html\n",
  "text",
  "text/",
  "/html",
  "text/ht ml",
  "text/html; x=\u0000",
  "text/é",
  `text/${"a".repeat(300)}`,
];

describe("a file's content type", () => {
  test.each(WRONG_TYPES)("sendAttachment refuses %j", async (contentType) => {
    const response = await send(await chat.customer(), "AAAA", contentType);
    expect(response.status).toBe(400);
    expect(errorOf(response).message).toContain("`contentType` must be a");
    expect(chat.simulator.snapshot().attachments).toEqual([]);
  });

  test.each(WRONG_TYPES)("StartAttachmentUpload refuses a client's %j", async (ContentType) => {
    const { token } = await chat.customer();
    const { status, type, body } = await chat.call("/participant/start-attachment-upload", token, {
      ...{ AttachmentName: "a.txt", ContentType, AttachmentSizeInBytes: 1, ClientToken: "1" },
    });
    expect([status, type]).toEqual([400, "ValidationException"]);
    expect(body["message"]).toContain("ContentType must be a media type");
  });

  test("a media type with parameters is accepted, and the download has it", async () => {
    const customer = await chat.customer();
    const contentType = 'text/plain; charset=utf-8; x="a b"';
    const { body } = await send(customer, "AAAA", contentType);
    const { attachmentId } = body as { attachmentId: string };
    const download = await control.send("getAttachment", { parameters: { ...customer, attachmentId } });
    expect(download.headers.get("content-type")).toBe(contentType);
  });

  test("a name with half a character is refused, because no URL and no UTF-8 text can contain it", async () => {
    const { status, body } = await send(await chat.customer(), "AAAA", "text/plain", "\ud83d.txt");
    expect(status).toBe(400);
    expect(JSON.stringify(body)).toContain("AttachmentName");
  });
});

test("getAttachment's response can be read only by the origin that the guard allows", async () => {
  const customer = await chat.customer();
  const { body } = await send(customer, "AAAA");
  const { attachmentId } = body as { attachmentId: string };
  const path = `/_control/contacts/${customer.contactId}/attachments/${attachmentId}`;
  const { headers } = await control.fetch("GET", path, undefined, { origin: ORIGIN });
  expect(headers.get("access-control-allow-origin")).toBe(ORIGIN);
  expect((await control.fetch("GET", path)).headers.get("access-control-allow-origin")).toBeNull();
});
