/** What the simulator's instance accepts: the service's limits by default, others on request. */
import { describe, expect, test } from "@jest/globals";
import { startSimulator, type SimulatorLimits } from "../../simulator/index";
import type { Answer } from "./support/call-service";
import { part, simulateChat, type Party, type SimulatedChat } from "./support/simulated-chat";

const MB = 1024 * 1024;
const INVALID = { status: 400, type: "ValidationException" };

const announce = (chat: SimulatedChat, party: Party, body: object): Promise<Answer> =>
  chat.call("/participant/start-attachment-upload", party.token, {
    AttachmentName: "a.txt",
    AttachmentSizeInBytes: 1,
    ContentType: "text/plain",
    ...body,
  });

const say = (chat: SimulatedChat, party: Party, ContentType: string, Content: string): Promise<Answer> =>
  chat.call("/participant/message", party.token, { ContentType, Content });

describe("by default", () => {
  const chat = simulateChat();

  test.each(["a.csv", "b.DOCX", "c.d.Png", "ä.heic", ".txt"])(
    "%s is a file that it accepts",
    async (name) => {
      expect((await announce(chat, await chat.customer(), { AttachmentName: name })).status).toBe(200);
    },
  );

  test.each(["a.exe", "a.csv.zip", "csv", "attachment", "a.", "a.png "])("%j is refused", async (name) => {
    expect(await announce(chat, await chat.customer(), { AttachmentName: name })).toMatchObject(INVALID);
  });

  test("files of up to 20 MB are accepted", async () => {
    const one = await chat.customer();
    expect((await announce(chat, one, { AttachmentSizeInBytes: 20 * MB })).status).toBe(200);
    expect(await announce(chat, one, { AttachmentSizeInBytes: 20 * MB + 1 })).toMatchObject(INVALID);
  });

  test("messages of up to 16,384 bytes of every type are accepted", async () => {
    const one = await chat.customer();
    for (const type of ["text/plain", "text/markdown", "application/json"]) {
      expect((await say(chat, one, type, "x".repeat(16_384))).status).toBe(200);
      expect(await say(chat, one, type, "x".repeat(16_385))).toMatchObject(INVALID);
    }
  });

  test("bytes count, not characters", async () => {
    const one = await chat.customer();
    expect((await say(chat, one, "text/plain", "ü".repeat(8_192))).status).toBe(200);
    expect(await say(chat, one, "text/plain", "ü".repeat(8_193))).toMatchObject(INVALID);
  });
});

describe("an instance with its own limits", () => {
  const chat = simulateChat({
    limits: {
      attachmentBytes: 104_857_600,
      attachmentExtensions: ["ZIP", ".mkv"],
      messageBytes: { "text/plain": 1_024, "application/json": 12_000 },
    },
  });

  test("accepts its extensions alone", async () => {
    const one = await chat.customer();
    for (const AttachmentName of ["a.zip", "b.MKV"]) {
      expect((await announce(chat, one, { AttachmentName })).status).toBe(200);
    }
    expect(await announce(chat, one, { AttachmentName: "a.txt" })).toMatchObject(INVALID);
  });

  test("measures messages by content type; a type that is not named has the service's limit", async () => {
    const one = await chat.customer();
    for (const [type, bytes] of [
      ["text/plain", 1_024],
      ["application/json", 12_000],
      ["text/markdown", 16_384],
    ] as const) {
      expect((await say(chat, one, type, "x".repeat(bytes))).status).toBe(200);
      expect(await say(chat, one, type, "x".repeat(bytes + 1))).toMatchObject(INVALID);
    }
  });

  test("stores a file of 100 MB", async () => {
    const one = await chat.customer();
    const bytes = new Uint8Array(104_857_600);
    const request = { AttachmentName: "a.zip", AttachmentSizeInBytes: bytes.length };
    const { body } = await announce(chat, one, request);
    const { Url, HeadersToInclude } = part(body, "UploadMetadata");
    const headers = HeadersToInclude as Record<string, string>;
    expect((await fetch(String(Url), { method: "PUT", headers, body: bytes })).status).toBe(200);
    const larger = { ...request, AttachmentSizeInBytes: bytes.length + 1 };
    expect(await announce(chat, one, larger)).toMatchObject(INVALID);
  }, 60_000);
});

describe("one number for messages", () => {
  const chat = simulateChat({ limits: { messageBytes: 3 } });

  test("limits every content type, but not what a script says", async () => {
    const one = await chat.customer();
    for (const type of ["text/plain", "application/json"]) {
      expect((await say(chat, one, type, "123")).status).toBe(200);
      expect(await say(chat, one, type, "1234")).toMatchObject(INVALID);
    }
    expect(chat.simulator.contact(one.contactId).say("1234").Content).toBe("1234");
  });
});

test.each<SimulatorLimits>([
  { attachmentBytes: 0 },
  { attachmentBytes: 104_857_601 },
  { attachmentBytes: 1.5 },
])("limits that no instance can have are refused at the start: %j", async (limits) => {
  await expect(startSimulator({ limits })).rejects.toThrow(RangeError);
  await expect(startSimulator({ limits })).rejects.toThrow(/attachmentBytes.*1 to 104857600/);
});

describe("GetAttachment", () => {
  const chat = simulateChat();

  async function attached(): Promise<{ one: Party; id: string }> {
    const one = await chat.customer();
    const { body } = await announce(chat, one, {});
    const { Url, HeadersToInclude } = part(body, "UploadMetadata");
    await fetch(String(Url), {
      method: "PUT",
      headers: HeadersToInclude as Record<string, string>,
      body: "x",
    });
    const id = String(body["AttachmentId"]);
    await chat.call("/participant/complete-attachment-upload", one.token, { AttachmentIds: [id] });
    return { one, id };
  }

  test.each([5, 60, 300])("signs an address for as long as UrlExpiryInSeconds says: %d", async (seconds) => {
    const { one, id } = await attached();
    const request = { AttachmentId: id, UrlExpiryInSeconds: seconds };
    const { body } = await chat.call("/participant/attachment", one.token, request);
    expect(body["UrlExpiry"]).toBe(new Date(chat.now + seconds * 1_000).toISOString());
    chat.now += seconds * 1_000 - 1;
    expect((await fetch(String(body["Url"]))).status).toBe(200);
    chat.now += 1;
    expect((await fetch(String(body["Url"]))).status).toBe(403);
  });

  test.each([4, 301, 0, 60.5, "60"])("refuses UrlExpiryInSeconds %j", async (UrlExpiryInSeconds) => {
    const { one, id } = await attached();
    const request = { AttachmentId: id, UrlExpiryInSeconds };
    expect(await chat.call("/participant/attachment", one.token, request)).toMatchObject(INVALID);
  });
});
