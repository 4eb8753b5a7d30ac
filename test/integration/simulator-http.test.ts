import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startSimulator, type Simulator } from "../../simulator";
import { callService, type Answer } from "./support/call-service";

let simulator: Simulator;
let folder: string;
let now = 0;

beforeEach(async () => {
  now = Date.parse("2026-01-01T00:00:00.000Z");
  folder = mkdtempSync(path.join(tmpdir(), "served-"));
  mkdirSync(path.join(folder, "public"));
  writeFileSync(path.join(folder, "public/index.html"), "<p>hello</p>");
  writeFileSync(path.join(folder, "secret.txt"), "secret");
  simulator = await startSimulator({ now: () => now, serveFiles: { "/": path.join(folder, "public") } });
});

afterEach(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});

const call = (route: string, bearer: string, body?: unknown): Promise<Answer> =>
  callService(simulator.url + route, bearer, body);

async function connected(): Promise<{ contactId: string; token: string }> {
  const { ContactId, ParticipantToken } = simulator.startChat();
  const { body } = await call("/participant/connection", ParticipantToken, {
    Type: ["CONNECTION_CREDENTIALS"],
  });
  const { ConnectionToken } = body["ConnectionCredentials"] as { ConnectionToken: string };
  return { contactId: ContactId, token: ConnectionToken };
}

describe("the storage", () => {
  const BYTES = "twelve bytes";

  interface Upload {
    token: string;
    contactId: string;
    id: string;
    url: string;
    headers: Record<string, string>;
  }

  async function announced(): Promise<Upload> {
    const { token, contactId } = await connected();
    const { body } = await call("/participant/start-attachment-upload", token, {
      AttachmentName: "a.txt",
      AttachmentSizeInBytes: BYTES.length,
      ContentType: "text/plain",
      ClientToken: "t",
    });
    const { Url, HeadersToInclude } = body["UploadMetadata"] as {
      Url: string;
      HeadersToInclude: Record<string, string>;
    };
    return { token, contactId, id: String(body["AttachmentId"]), url: Url, headers: HeadersToInclude };
  }

  const put = (url: string, headers: Record<string, string>, body = BYTES): Promise<Response> =>
    fetch(url, { method: "PUT", headers, body });

  test("takes a file with the headers that were signed, and gives it back", async () => {
    const { token, contactId, id, url, headers } = await announced();
    expect((await put(url, headers)).status).toBe(200);
    const complete = { AttachmentIds: [id], ClientToken: "c" };
    expect((await call("/participant/complete-attachment-upload", token, complete)).status).toBe(200);
    expect(simulator.contact(contactId).transcript.at(-1)).toMatchObject({
      Type: "ATTACHMENT",
      Attachments: [{ AttachmentId: id, AttachmentName: "a.txt", Status: "APPROVED" }],
    });
    const { body } = await call("/participant/attachment", token, { AttachmentId: id });
    expect(body["AttachmentSizeInBytes"]).toBe(BYTES.length);
    const download = await fetch(String(body["Url"]));
    expect(await download.text()).toBe(BYTES);
    now += 3_600_000;
    expect((await fetch(String(body["Url"]))).status).toBe(403);
  });

  test("refuses, in XML, a missing header, another size, a wrong signature, and a URL that is old", async () => {
    const { url, headers } = await announced();
    const fewer = Object.fromEntries(Object.entries(headers).filter(([name]) => name !== "x-amz-acl"));
    const missing = await put(url, fewer);
    expect(missing.status).toBe(403);
    expect(await missing.text()).toContain("<Code>SignatureDoesNotMatch</Code>");
    expect((await put(url, headers, "more than was announced")).status).toBe(400);
    expect((await put(url.replace(/Signature=.*/, "Signature=x"), headers)).status).toBe(403);
    now += 3_600_000;
    expect((await put(url, headers)).status).toBe(403);
  });

  test("completes nothing that was not uploaded", async () => {
    const { token, id } = await announced();
    const complete = { AttachmentIds: [id], ClientToken: "c" };
    expect(await call("/participant/complete-attachment-upload", token, complete)).toMatchObject({
      status: 409,
      type: "ConflictException",
    });
  });

  test("fails when it is told to", async () => {
    const { url, headers } = await announced();
    simulator.faults.failNextStorage("put", { status: 503, code: "SlowDown" });
    const refused = await put(url, headers);
    expect(refused.status).toBe(503);
    expect(await refused.text()).toContain("<Code>SlowDown</Code>");
    expect((await put(url, headers)).status).toBe(200);
  });
});

describe("what a page may do across origins", () => {
  const preflight = (url: string): Promise<Response> =>
    fetch(url, {
      method: "OPTIONS",
      headers: { origin: "https://page.test", "access-control-request-method": "POST" },
    });

  test("is what the service lists, and no more", async () => {
    const { status, headers } = await preflight(`${simulator.url}/participant/message`);
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe("*");
    expect(headers.get("access-control-allow-methods")).toBe("GET,POST");
    expect(headers.get("access-control-allow-headers")).toBe("content-type,x-amz-bearer,x-amz-user-agent");
  });

  test("is to read the status, the body and the type of an error", async () => {
    const response = await fetch(`${simulator.url}/participant/message`, { method: "POST", body: "{}" });
    expect(response.status).toBe(403);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("access-control-expose-headers")).toBe("x-amzn-errortype");
  });
});

describe("the other operations", () => {
  test("a view that was set is described; another is not found", async () => {
    const { token } = await connected();
    simulator.setView("a/token", { Id: "view" });
    const path = `/participant/views/${encodeURIComponent("a/token")}`;
    expect((await call(path, token)).body).toEqual({ View: { Id: "view" } });
    expect(await call("/participant/views/none", token)).toMatchObject({
      status: 404,
      type: "ResourceNotFoundException",
    });
  });

  test("authentication gives a URL, and is cancelled with an event", async () => {
    const { token, contactId } = await connected();
    const { body } = await call("/participant/authentication-url", token, {
      SessionId: "s",
      RedirectUri: "https://page.test/back",
    });
    expect(body["AuthenticationUrl"]).toContain(encodeURIComponent("https://page.test/back"));
    await call("/participant/cancel-authentication", token, { SessionId: "s" });
    expect(simulator.contact(contactId).transcript.at(-1)?.ContentType).toMatch(/authentication\.cancelled$/);
  });

  test.each([
    ["/participant/connection", {}],
    ["/participant/connection", { Type: ["NONSENSE"] }],
  ])("a connection of no kind is not valid: %s %j", async (route, body) => {
    const { ParticipantToken } = simulator.startChat();
    expect(await call(route, ParticipantToken, body)).toMatchObject({
      status: 400,
      type: "ValidationException",
    });
  });

  test.each([
    ["/participant/message", { ContentType: "text/plain" }],
    ["/participant/message", { ContentType: "text/plain", Content: "x".repeat(16_385) }],
    ["/participant/event", { ContentType: "text/plain" }],
    [
      "/participant/start-attachment-upload",
      { AttachmentName: "a", ContentType: "a/b", AttachmentSizeInBytes: 0 },
    ],
    ["/participant/attachment", {}],
  ])("what lacks a field or breaks a limit is not valid: %s", async (route, body) => {
    const { token } = await connected();
    expect(await call(route, token, body)).toMatchObject({ status: 400, type: "ValidationException" });
  });

  test("what a backend does is done for pages: a chat, an agent, its connection token", async () => {
    const chat = await call("/start-chat", "", { ParticipantDetails: { DisplayName: "Alex" } });
    expect(Object.keys(chat.body)).toEqual(["ContactId", "ParticipantId", "ParticipantToken"]);
    const agent = await call("/join-agent", "", { ContactId: chat.body["ContactId"], DisplayName: "Sam" });
    expect(agent.body).toMatchObject({ contactId: chat.body["ContactId"], displayName: "Sam" });
    const token = await call("/agent/connection-token", String(agent.body["participantToken"]), {});
    expect(token.body["chatTokenTransport"]).toEqual({
      participantToken: expect.any(String) as unknown,
      expiry: expect.any(String) as unknown,
    });
    expect((await call("/agent/connection-token", "wrong", {})).status).toBe(403);
  });
});

describe("files of a page", () => {
  test("are served by name, and a folder by its index", async () => {
    const page = await fetch(simulator.url);
    expect(await page.text()).toBe("<p>hello</p>");
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    const head = await fetch(`${simulator.url}/index.html`, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
  });

  test.each(["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/%", "/%00"])(
    "outside of the folder are not: %s",
    async (route) => {
      const response = await fetch(simulator.url + route);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain("secret");
    },
  );
});
