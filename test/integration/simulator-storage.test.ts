/** Attachments are uploaded, completed and downloaded. The storage requires signed URLs and headers. */
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import type { ServiceResponse } from "./support/call-service";
import { part, simulateChat, type Party } from "./support/simulated-chat";

const MINUTE_MS = 60_000;
const chat = simulateChat({ uploadUrlLifeMs: 15 * MINUTE_MS, downloadUrlLifeMs: 5 * MINUTE_MS });

const BYTES = "twelve bytes";
const CONFLICT = { status: 409, type: "ConflictException" };
const INVALID = { status: 400, type: "ValidationException" };

interface Upload {
  readonly id: string;
  readonly url: string;
  readonly headers: Record<string, string>;
}

const startUpload = (party: Party, body: object = {}): Promise<ServiceResponse> =>
  chat.call("/participant/start-attachment-upload", party.token, {
    AttachmentName: "a b.txt",
    AttachmentSizeInBytes: BYTES.length,
    ContentType: "text/plain",
    ...body,
  });

async function createUpload(party: Party, body: object = {}): Promise<Upload> {
  const response = (await startUpload(party, body)).body;
  const { Url, HeadersToInclude } = part(response, "UploadMetadata");
  return {
    id: String(response["AttachmentId"]),
    url: String(Url),
    headers: HeadersToInclude as Upload["headers"],
  };
}

const put = ({ url, headers }: Upload, body: BodyInit = BYTES): Promise<Response> =>
  fetch(url, { method: "PUT", headers, body });

const complete = (party: Party, ...ids: string[]): Promise<ServiceResponse> =>
  chat.call("/participant/complete-attachment-upload", party.token, { AttachmentIds: ids });

const getAttachment = (party: Party, id: string): Promise<ServiceResponse> =>
  chat.call("/participant/attachment", party.token, { AttachmentId: id });

/** Uploads a participant's file and completes the upload. */
async function attach(party: Party): Promise<Upload> {
  const upload = await createUpload(party);
  await put(upload);
  await complete(party, upload.id);
  return upload;
}

/** Returns the status and code of a storage error, whose body is XML. */
async function errorOf(response: Response): Promise<[status: number, code: string | undefined]> {
  expect(response.headers.get("content-type")).toBe("application/xml");
  return [response.status, /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1]];
}

const attachments = (party: Party): unknown[] => chat.stored(party).flatMap((item) => item.Attachments ?? []);

test("a file is uploaded with the signed headers and downloads unchanged", async () => {
  const { customer, agent } = await chat.pair();
  const bytes = randomBytes(100_000);
  const request = { AttachmentSizeInBytes: bytes.length, ContentType: "image/png", AttachmentName: "ä.png" };
  const response = await startUpload(customer, request);
  expect(response.body).toEqual({
    AttachmentId: expect.any(String) as unknown,
    UploadMetadata: {
      Url: expect.stringMatching(`^${chat.simulator.url}/`) as unknown,
      UrlExpiry: new Date(chat.now + 15 * MINUTE_MS).toISOString(),
      HeadersToInclude: expect.objectContaining({ "Content-Type": "image/png" }) as unknown,
    },
  });
  const upload = await createUpload(customer, request);
  const uploaded = await put(upload, bytes);
  expect([uploaded.status, await uploaded.text()]).toEqual([200, ""]);
  // Until the upload is completed, nobody can see the file, not even its uploader.
  expect(attachments(customer)).toEqual([]);
  expect(await getAttachment(customer, upload.id)).toMatchObject(INVALID);

  expect(await complete(customer, upload.id)).toMatchObject({ status: 200, body: {} });
  expect(chat.stored(customer).at(-1)).toMatchObject({
    Type: "ATTACHMENT",
    ContentType: "image/png",
    ParticipantId: customer.participantId,
    Attachments: [
      { AttachmentId: upload.id, AttachmentName: "ä.png", ContentType: "image/png", Status: "APPROVED" },
    ],
  });
  for (const party of [customer, agent]) {
    const { body } = await getAttachment(party, upload.id);
    expect(body).toEqual({
      Url: expect.stringMatching(`^${chat.simulator.url}/`) as unknown,
      UrlExpiry: new Date(chat.now + 5 * MINUTE_MS).toISOString(),
      AttachmentSizeInBytes: bytes.length,
    });
    const download = await fetch(String(body["Url"]));
    expect(download.headers.get("content-type")).toBe("image/png");
    expect(Buffer.from(await download.arrayBuffer()).equals(bytes)).toBe(true);
  }
});

describe("an upload is rejected", () => {
  test("if a signed header is missing or changed, or an unsigned header is added", async () => {
    const upload = await createUpload(await chat.customer());
    expect(Object.keys(upload.headers)).toHaveLength(3);
    for (const name of Object.keys(upload.headers)) {
      const others = Object.entries(upload.headers).filter(([each]) => each !== name);
      const fewer = { ...upload, headers: Object.fromEntries(others) };
      expect(await errorOf(await put(fewer))).toEqual([403, "SignatureDoesNotMatch"]);
      const changed = { ...upload, headers: { ...upload.headers, [name]: "other" } };
      expect(await errorOf(await put(changed))).toEqual([403, "SignatureDoesNotMatch"]);
    }
    for (const name of ["x-amz-user-agent", "x-amz-bearer"]) {
      const more = { ...upload, headers: { ...upload.headers, [name]: "x" } };
      expect(await errorOf(await put(more))).toEqual([403, "AccessDenied"]);
    }
    expect((await put(upload)).status).toBe(200);
  });

  test("if its size differs from the size in StartAttachmentUpload, even for huge files", async () => {
    const upload = await createUpload(await chat.customer());
    expect(await errorOf(await put(upload, BYTES.slice(1)))).toEqual([400, "EntityTooSmall"]);
    expect(await errorOf(await put(upload, `${BYTES}!`))).toEqual([400, "EntityTooLarge"]);
    const huge = Buffer.alloc(33 * 1024 * 1024);
    expect(await errorOf(await put(upload, huge))).toEqual([400, "EntityTooLarge"]);
  }, 20_000);

  test("if the signature is wrong, or belongs to another file or to a download", async () => {
    const customer = await chat.customer();
    const upload = await createUpload(customer);
    const signature = (url: string): string => new URL(url).search;
    const signedWith = (search: string): Upload => ({ ...upload, url: upload.url.replace(/\?.*/, search) });
    const { id } = await attach(customer);
    const download = String((await getAttachment(customer, id)).body["Url"]);
    const otherFile = (await createUpload(customer)).url;
    for (const search of ["", "?X-Amz-Signature=x", signature(otherFile), signature(download)]) {
      expect(await errorOf(await put(signedWith(search)))).toEqual([403, "SignatureDoesNotMatch"]);
    }
    expect(await errorOf(await fetch(upload.url))).toEqual([403, "SignatureDoesNotMatch"]);
    expect(await errorOf(await fetch(upload.url, { method: "POST" }))).toEqual([405, "MethodNotAllowed"]);
  });

  test("if its URL has expired", async () => {
    const upload = await createUpload(await chat.customer());
    chat.now += 15 * MINUTE_MS - 1;
    expect((await put(upload)).status).toBe(200);
    chat.now += 1;
    expect(await errorOf(await put(upload))).toEqual([403, "AccessDenied"]);
  });
});

describe("StartAttachmentUpload", () => {
  test("returns the same response for the same ClientToken", async () => {
    const customer = await chat.customer();
    const first = await startUpload(customer, { ClientToken: "t" });
    expect(await startUpload(customer, { ClientToken: "t" })).toEqual(first);
    expect((await startUpload(customer, { ClientToken: "u" })).body["AttachmentId"]).not.toBe(
      first.body["AttachmentId"],
    );
  });

  test.each([
    { AttachmentName: "" },
    { AttachmentName: 7 },
    { ContentType: null },
    { AttachmentSizeInBytes: 0 },
    { AttachmentSizeInBytes: 1.5 },
    { AttachmentSizeInBytes: "12" },
  ])("rejects %j", async (body) => {
    expect(await startUpload(await chat.customer(), body)).toMatchObject(INVALID);
  });
});

describe("CompleteAttachmentUpload", () => {
  test("rejects an attachment that wasn't uploaded, and then doesn't complete the call's other attachments", async () => {
    const customer = await chat.customer();
    const uploaded = await createUpload(customer);
    await put(uploaded);
    const missing = await createUpload(customer);
    expect(await complete(customer, uploaded.id, missing.id)).toMatchObject(CONFLICT);
    expect(attachments(customer)).toEqual([]);
    await put(missing);
    expect((await complete(customer, uploaded.id, missing.id)).status).toBe(200);
    expect(attachments(customer)).toMatchObject([
      { AttachmentId: uploaded.id },
      { AttachmentId: missing.id },
    ]);
  });

  test("creates only one item if it's called twice", async () => {
    const customer = await chat.customer();
    const { id } = await attach(customer);
    expect((await complete(customer, id)).status).toBe(200);
    expect(attachments(customer)).toHaveLength(1);
  });

  test("rejects unknown attachments and other participants' attachments", async () => {
    const customer = await chat.customer();
    const agent = await chat.agent(customer.contactId);
    const upload = await createUpload(customer);
    await put(upload);
    expect(await complete(customer, "none")).toMatchObject(INVALID);
    expect(await complete(agent, upload.id)).toMatchObject(INVALID);
  });

  test.each([{}, { AttachmentIds: "a" }, { AttachmentIds: [7] }])("rejects %j", async (body) => {
    const { token } = await chat.customer();
    expect(await chat.call("/participant/complete-attachment-upload", token, body)).toMatchObject(INVALID);
  });
});

describe("GetAttachment", () => {
  test("rejects unknown attachments and other chats' attachments", async () => {
    const customer = await chat.customer();
    const { id } = await attach(customer);
    expect(await getAttachment(customer, "none")).toMatchObject(INVALID);
    expect(await getAttachment(await chat.customer(), id)).toMatchObject(INVALID);
    expect(await chat.call("/participant/attachment", customer.token, {})).toMatchObject(INVALID);
  });

  test("returns a URL that expires and can only download its file", async () => {
    const customer = await chat.customer();
    const { id, headers } = await attach(customer);
    const url = String((await getAttachment(customer, id)).body["Url"]);
    const wrong = url.replace(/Signature=.*/, "Signature=x");
    expect(await errorOf(await fetch(wrong))).toEqual([403, "SignatureDoesNotMatch"]);
    expect(await errorOf(await put({ id, url, headers }))).toEqual([403, "SignatureDoesNotMatch"]);
    const withToken = await fetch(url, { headers: { "x-amz-bearer": customer.token } });
    expect(await errorOf(withToken)).toEqual([403, "AccessDenied"]);
    chat.now += 5 * MINUTE_MS - 1;
    expect((await fetch(url)).status).toBe(200);
    chat.now += 1;
    expect(await errorOf(await fetch(url))).toEqual([403, "AccessDenied"]);
  });
});
