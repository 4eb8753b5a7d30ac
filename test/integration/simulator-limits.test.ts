/** The limits of the simulated Amazon Connect instance. They can be configured, and default to the service's limits. */
import { describe, expect, test } from "@jest/globals";
import { startSimulator, type SimulatorLimits } from "../../simulator/index";
import type { ServiceResponse } from "./support/call-service";
import { part, simulateChat, type Party, type SimulatedChat } from "./support/simulated-chat";

const MB = 1024 * 1024;
const INVALID = { status: 400, type: "ValidationException" };

const startUpload = (chat: SimulatedChat, party: Party, body: object): Promise<ServiceResponse> =>
  chat.call("/participant/start-attachment-upload", party.token, {
    AttachmentName: "a.txt",
    AttachmentSizeInBytes: 1,
    ContentType: "text/plain",
    ...body,
  });

const say = (
  chat: SimulatedChat,
  party: Party,
  ContentType: string,
  Content: string,
): Promise<ServiceResponse> => chat.call("/participant/message", party.token, { ContentType, Content });

describe("an instance with default limits", () => {
  const chat = simulateChat();

  test.each(["a.csv", "b.DOCX", "c.d.Png", "ä.heic", ".txt"])("accepts the file %s", async (name) => {
    expect((await startUpload(chat, await chat.customer(), { AttachmentName: name })).status).toBe(200);
  });

  test.each(["a.exe", "a.csv.zip", "csv", "attachment", "a.", "a.png "])(
    "rejects the file %j",
    async (name) => {
      expect(await startUpload(chat, await chat.customer(), { AttachmentName: name })).toMatchObject(INVALID);
    },
  );

  test("accepts files of up to 20 MB", async () => {
    const customer = await chat.customer();
    expect((await startUpload(chat, customer, { AttachmentSizeInBytes: 20 * MB })).status).toBe(200);
    expect(await startUpload(chat, customer, { AttachmentSizeInBytes: 20 * MB + 1 })).toMatchObject(INVALID);
  });

  test("accepts messages of up to 16,384 bytes of every type", async () => {
    const customer = await chat.customer();
    for (const type of ["text/plain", "text/markdown", "application/json"]) {
      expect((await say(chat, customer, type, "x".repeat(16_384))).status).toBe(200);
      expect(await say(chat, customer, type, "x".repeat(16_385))).toMatchObject(INVALID);
    }
  });

  test("counts a message's bytes instead of its characters", async () => {
    const customer = await chat.customer();
    expect((await say(chat, customer, "text/plain", "ü".repeat(8_192))).status).toBe(200);
    expect(await say(chat, customer, "text/plain", "ü".repeat(8_193))).toMatchObject(INVALID);
  });
});

describe("an instance with custom limits", () => {
  const chat = simulateChat({
    limits: {
      attachmentBytes: 104_857_600,
      attachmentExtensions: ["ZIP", ".mkv"],
      messageBytes: { "text/plain": 1_024, "application/json": 12_000 },
    },
  });

  test("accepts only the configured file extensions", async () => {
    const customer = await chat.customer();
    for (const AttachmentName of ["a.zip", "b.MKV"]) {
      expect((await startUpload(chat, customer, { AttachmentName })).status).toBe(200);
    }
    expect(await startUpload(chat, customer, { AttachmentName: "a.txt" })).toMatchObject(INVALID);
  });

  test("limits messages by content type, with the service's limit for unlisted types", async () => {
    const customer = await chat.customer();
    for (const [type, bytes] of [
      ["text/plain", 1_024],
      ["application/json", 12_000],
      ["text/markdown", 16_384],
    ] as const) {
      expect((await say(chat, customer, type, "x".repeat(bytes))).status).toBe(200);
      expect(await say(chat, customer, type, "x".repeat(bytes + 1))).toMatchObject(INVALID);
    }
  });

  test("stores a 100 MB file, but rejects larger files", async () => {
    const customer = await chat.customer();
    const bytes = new Uint8Array(104_857_600);
    const request = { AttachmentName: "a.zip", AttachmentSizeInBytes: bytes.length };
    const { body } = await startUpload(chat, customer, request);
    const { Url, HeadersToInclude } = part(body, "UploadMetadata");
    const headers = HeadersToInclude as Record<string, string>;
    expect((await fetch(String(Url), { method: "PUT", headers, body: bytes })).status).toBe(200);
    const larger = { ...request, AttachmentSizeInBytes: bytes.length + 1 };
    expect(await startUpload(chat, customer, larger)).toMatchObject(INVALID);
  }, 60_000);
});

describe("an instance with one limit for all messages", () => {
  const chat = simulateChat({ limits: { messageBytes: 3 } });

  test("applies the limit to every content type, but not to a script's messages", async () => {
    const customer = await chat.customer();
    for (const type of ["text/plain", "application/json"]) {
      expect((await say(chat, customer, type, "123")).status).toBe(200);
      expect(await say(chat, customer, type, "1234")).toMatchObject(INVALID);
    }
    expect(chat.simulator.contact(customer.contactId).say("1234").Content).toBe("1234");
  });
});

test.each<SimulatorLimits>([
  { attachmentBytes: 0 },
  { attachmentBytes: 104_857_601 },
  { attachmentBytes: 1.5 },
])("startSimulator() rejects %j, because no instance can have such limits", async (limits) => {
  await expect(startSimulator({ limits })).rejects.toThrow(RangeError);
  await expect(startSimulator({ limits })).rejects.toThrow(/attachmentBytes.*1 to 104857600/);
});

describe("GetAttachment", () => {
  const chat = simulateChat();

  async function attach(): Promise<{ customer: Party; id: string }> {
    const customer = await chat.customer();
    const { body } = await startUpload(chat, customer, {});
    const { Url, HeadersToInclude } = part(body, "UploadMetadata");
    await fetch(String(Url), {
      method: "PUT",
      headers: HeadersToInclude as Record<string, string>,
      body: "x",
    });
    const id = String(body["AttachmentId"]);
    await chat.call("/participant/complete-attachment-upload", customer.token, { AttachmentIds: [id] });
    return { customer, id };
  }

  test.each([5, 60, 300])("returns a URL that's valid for UrlExpiryInSeconds (%d)", async (seconds) => {
    const { customer, id } = await attach();
    const request = { AttachmentId: id, UrlExpiryInSeconds: seconds };
    const { body } = await chat.call("/participant/attachment", customer.token, request);
    expect(body["UrlExpiry"]).toBe(new Date(chat.now + seconds * 1_000).toISOString());
    chat.now += seconds * 1_000 - 1;
    expect((await fetch(String(body["Url"]))).status).toBe(200);
    chat.now += 1;
    expect((await fetch(String(body["Url"]))).status).toBe(403);
  });

  test.each([4, 301, 0, 60.5, "60"])("rejects UrlExpiryInSeconds %j", async (UrlExpiryInSeconds) => {
    const { customer, id } = await attach();
    const request = { AttachmentId: id, UrlExpiryInSeconds };
    expect(await chat.call("/participant/attachment", customer.token, request)).toMatchObject(INVALID);
  });
});
