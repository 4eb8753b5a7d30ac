import { beforeEach, describe, expect, test } from "@jest/globals";
import { ServiceClient } from "../../../src/participant/service-client";
import { checkArguments } from "../../../src/session/arguments";
import { FakePlatform } from "../../support/fake-platform";
import {
  cutNetwork,
  errorResponse,
  FakeService,
  json,
  rejection,
  silence,
  type Responder,
} from "../../support/fake-service";

const START = "/participant/start-attachment-upload";
const STORE = "/upload";
const COMPLETE = "/participant/complete-attachment-upload";
const GET = "/participant/attachment";
const FILE = "/file";

let platform: FakePlatform;
let service: FakeService;
let client: ServiceClient;

beforeEach(() => {
  platform = new FakePlatform();
  service = new FakeService(platform);
  client = new ServiceClient(platform, { endpoint: "https://service.test", userAgent: "test" });
});

const createPicture = (): File => new File(["abc"], "picture.png", { type: "image/png" });

const denied: Responder = () =>
  new Response(
    '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>https://storage.test/upload?signature=1</Message></Error>',
    { status: 403, headers: { "content-type": "application/xml" } },
  );
const storageBusy: Responder = () => new Response("<Error><Code>SlowDown</Code></Error>", { status: 503 });

/**
 * Passes a Blob through `sendAttachment()`'s check, because the client's signature is upstream's, which accepts only a
 * File.
 */
const asAttachment = (blob: Blob): File => checkArguments("sendAttachment", { attachment: blob }).attachment;

const paths = (): string[] => service.calls.map(({ path }) => path);

/** Advances the clock past all retries and returns the transfer's outcome, resolved or rejected. */
async function outcomeOf(transfer: Promise<unknown>): Promise<unknown> {
  const settled = transfer.catch((error: unknown) => error);
  await platform.advance(300_000);
  return settled;
}

describe("an upload", () => {
  test("is started, sent to storage, and completed; start and completion have different idempotency tokens", async () => {
    expect(await client.sendAttachment("token", createPicture())).toEqual({ data: {} });
    expect(paths()).toEqual([START, STORE, COMPLETE]);
    expect(service.to(START)[0]).toMatchObject({
      bearer: "token",
      body: {
        AttachmentName: "picture.png",
        AttachmentSizeInBytes: 3,
        ContentType: "image/png",
        ClientToken: "00000000-0000-4000-8000-000000000001",
      },
    });
    expect(service.to(COMPLETE)[0]).toMatchObject({
      bearer: "token",
      body: { AttachmentIds: ["attachment-1"], ClientToken: "00000000-0000-4000-8000-000000000002" },
    });
  });

  test("sends the file to storage with exactly HeadersToInclude, without a token or cookies", async () => {
    await client.sendAttachment("token", createPicture());
    const put = service.to(STORE)[0];
    expect(put?.method).toBe("PUT");
    expect(put?.url).toBe("https://storage.test/upload?signature=1");
    expect(put?.init.credentials).toBe("omit");
    expect(put?.init.headers).toEqual({ "content-type": "image/png", "x-amz-acl": "private" });
    expect(put?.init.body).toBeInstanceOf(Blob);
    expect(put?.init.body).toMatchObject({ size: 3 });
  });

  test.each([
    ["a plain object", { size: 5, name: "a.txt", type: "text/plain" }],
    ["a Map, which has a size as well", new Map([[1, 2]])],
  ])("rejects %s before anything is sent, because browsers can't send it as a file", async (_, value) => {
    const attachment = value as unknown as File;
    expect(await rejection(client.sendAttachment("token", attachment))).toMatchObject({
      code: "IllegalArgument",
      field: "attachment",
      message:
        "attachment must be a File, a Blob, or, in React Native, a picker's { uri, name, type, size }; got a different kind of object.",
    });
    expect(service.calls).toHaveLength(0);
  });

  test("passes a picker's object to React Native's fetch unchanged", async () => {
    const picked = { uri: "file:///a.txt", name: "a.txt", type: "text/plain", size: 5 };
    await client.sendAttachment("token", picked as unknown as File);
    expect(service.to(STORE)[0]?.init.body).toBe(picked);
  });

  test("doesn't add the file's content type if HeadersToInclude has none", async () => {
    const UploadMetadata = {
      Url: "https://storage.test/upload",
      HeadersToInclude: { "x-amz-acl": "private" },
    };
    service.on(START, () => json({ AttachmentId: "1", UploadMetadata }));
    await client.sendAttachment("token", createPicture());
    const { url = "", init } = service.to(STORE)[0] ?? {};
    // A Request has the headers that fetch() sends. A body with a type would add a Content-Type.
    const request = new Request(url, init);
    expect(Object.fromEntries(request.headers)).toEqual({ "x-amz-acl": "private" });
    expect(await request.text()).toBe("abc");
  });

  test.each([
    ["notes.TXT", "text/plain"],
    ["photo.heic", "image/heic"],
    ["table.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
    ["data.csv", "text/csv"],
    ["mail.msg", "application/octet-stream"],
    ["archive.tar.gz", "application/octet-stream"],
    ["a.constructor", "application/octet-stream"],
    ["README", "application/octet-stream"],
  ])("announces a file without a type, %s, as %s", async (name, type) => {
    await client.sendAttachment("token", new File(["abc"], name));
    expect(service.to(START)[0]?.body).toMatchObject({ AttachmentName: name, ContentType: type });
  });

  test("announces the file's own type, even if its extension suggests another type", async () => {
    await client.sendAttachment(
      "token",
      new File(["abc"], "data.csv", { type: "text/tab-separated-values" }),
    );
    expect(service.to(START)[0]?.body).toMatchObject({ ContentType: "text/tab-separated-values" });
  });

  test.each([
    ["text/csv", "attachment.csv"],
    ["image/jpeg", "attachment.jpg"],
    ["image/jpeg; charset=binary", "attachment.jpg"],
    ["IMAGE/PNG", "attachment.png"],
    ["video/x-matroska", "attachment"],
    ["application/octet-stream", "attachment"],
  ])("announces a nameless Blob with the type %s as %s", async (type, name) => {
    const blob = new Blob(["abc"], { type });
    await client.sendAttachment("token", asAttachment(blob));
    expect(service.to(START)[0]?.body).toMatchObject({ AttachmentName: name, ContentType: blob.type });
    expect(service.to(STORE)[0]?.init.body).toMatchObject({ size: 3 });
  });

  test("announces a Blob without a type as attachment, with application/octet-stream", async () => {
    await client.sendAttachment("token", asAttachment(new Blob(["abc"])));
    expect(service.to(START)[0]?.body).toMatchObject({
      AttachmentName: "attachment",
      ContentType: "application/octet-stream",
    });
  });

  test.each([
    [{ name: "a.pdf", type: "application/pdf" }, "a.pdf", "application/pdf"],
    [{ name: "a.pdf", type: null }, "a.pdf", "application/pdf"],
    [{ name: null, type: "image/jpeg" }, "attachment.jpg", "image/jpeg"],
    [{}, "attachment", "application/octet-stream"],
  ])("sends a React Native picker's result, %j, unchanged", async (picked, name, type) => {
    const { attachment: file } = checkArguments("sendAttachment", {
      attachment: { uri: "file:///a", size: 3, ...picked },
    });
    await client.sendAttachment("token", file);
    expect(service.to(START)[0]?.body).toMatchObject({
      AttachmentName: name,
      AttachmentSizeInBytes: 3,
      ContentType: type,
    });
    // React Native's fetch reads the file at `uri`.
    expect(service.to(STORE)[0]?.init.body).toBe(file);
  });

  test("REL-18: an upload that storage rejects fails with its stage, the status, and storage's code, and isn't completed", async () => {
    service.on(STORE, denied);
    const error = await outcomeOf(client.sendAttachment("token", createPicture()));
    expect(error).toMatchObject({
      code: "StorageError",
      type: "AccessDenied",
      stage: "UploadToStorage",
      statusCode: 403,
      storageCode: "AccessDenied",
      retryable: false,
    });
    expect(error).toHaveProperty("message", expect.not.stringContaining("signature"));
    expect(paths()).toEqual([START, STORE]);
  });

  test("is retried when storage is busy or unreachable, and completed once", async () => {
    service.next(STORE, storageBusy, cutNetwork);
    expect(await outcomeOf(client.sendAttachment("token", createPicture()))).toEqual({ data: {} });
    expect(paths()).toEqual([START, STORE, STORE, STORE, COMPLETE]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("rejects after storage was busy three times, and isn't completed", async () => {
    service.on(STORE, storageBusy);
    expect(await outcomeOf(client.sendAttachment("token", createPicture()))).toMatchObject({
      code: "StorageError",
      statusCode: 503,
      storageCode: "SlowDown",
      stage: "UploadToStorage",
    });
    expect(paths()).toEqual([START, STORE, STORE, STORE]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("rejects with a NetworkError and its stage if storage can't be reached", async () => {
    service.on(STORE, cutNetwork);
    expect(await outcomeOf(client.sendAttachment("token", createPicture()))).toMatchObject({
      code: "NetworkError",
      stage: "UploadToStorage",
    });
    expect(service.to(COMPLETE)).toEqual([]);
  });

  test("reuses a step's idempotency token for its retries", async () => {
    service.next(START, () => errorResponse(500, "InternalServerException"));
    service.next(COMPLETE, () => errorResponse(429, "ThrottlingException"));
    expect(await outcomeOf(client.sendAttachment("token", createPicture()))).toEqual({ data: {} });
    const tokens = (path: string): unknown[] => service.to(path).map(({ body }) => body["ClientToken"]);
    expect(new Set(tokens(START)).size).toBe(1);
    expect(new Set(tokens(COMPLETE)).size).toBe(1);
    expect(tokens(START)).toHaveLength(2);
    expect(tokens(COMPLETE)).toHaveLength(2);
    expect(tokens(START)[0]).not.toBe(tokens(COMPLETE)[0]);
  });

  test.each([
    ["StartAttachmentUpload", START],
    ["CompleteAttachmentUpload", COMPLETE],
  ])("rejects with the stage %s if the service rejects that request", async (stage, path) => {
    service.on(path, () => errorResponse(400, "ValidationException"));
    expect(await outcomeOf(client.sendAttachment("token", createPicture()))).toMatchObject({
      code: "ServiceError",
      type: "ValidationException",
      stage,
    });
  });

  test("rejects without a request to storage if the service returns no URL", async () => {
    service.on(START, () => json({ AttachmentId: "1", UploadMetadata: {} }));
    expect(await outcomeOf(client.sendAttachment("token", createPicture()))).toMatchObject({
      code: "InvalidResponse",
      stage: "StartAttachmentUpload",
    });
    expect(paths()).toEqual([START]);
  });

  test("isn't completed if its signal aborts it while it is being sent to storage", async () => {
    const controller = new AbortController();
    service.on(STORE, silence);
    const upload = client.sendAttachment("token", createPicture(), null, { signal: controller.signal });
    const settled = upload.catch((error: unknown) => error);
    await platform.advance(60_000);
    expect(paths()).toEqual([START, STORE]);
    controller.abort();
    expect(await settled).toMatchObject({ code: "Aborted", stage: "UploadToStorage" });
    expect(service.to(STORE)[0]?.init.signal?.aborted).toBe(true);
    await platform.advance(60_000);
    expect(paths()).toEqual([START, STORE]);
  });
});

describe("a download", () => {
  test("gets the URL, fetches the file, and resolves with it", async () => {
    const blob = await client.downloadAttachment("token", "attachment-1");
    expect(await blob.text()).toBe("the file");
    expect(paths()).toEqual([GET, FILE]);
    expect(service.to(GET)[0]).toMatchObject({ bearer: "token", body: { AttachmentId: "attachment-1" } });
    const fetched = service.to(FILE)[0];
    expect(fetched?.method).toBe("GET");
    expect(fetched?.url).toBe("https://storage.test/file?signature=1");
    expect(fetched?.init.headers).toBeUndefined();
    expect(fetched?.init.credentials).toBe("omit");
  });

  test("REL-19: a download that storage rejects fails instead of resolving with the error's XML as the file", async () => {
    service.on(FILE, denied);
    expect(await outcomeOf(client.downloadAttachment("token", "attachment-1"))).toMatchObject({
      code: "StorageError",
      stage: "DownloadFromStorage",
      statusCode: 403,
      storageCode: "AccessDenied",
    });
    expect(service.to(FILE)).toHaveLength(1);
  });

  test("is retried if it fails or breaks off", async () => {
    const cut = new ReadableStream({ start: (controller) => controller.error(new TypeError("cut")) });
    service.next(FILE, storageBusy, () => new Response(cut, { status: 200 }));
    expect(await outcomeOf(client.downloadAttachment("token", "attachment-1"))).toBeInstanceOf(Blob);
    expect(paths()).toEqual([GET, FILE, FILE, FILE]);
  });

  test("rejects with its stage, without a request to storage, if the service rejects it", async () => {
    service.on(GET, () => errorResponse(404, "ResourceNotFoundException"));
    expect(await outcomeOf(client.downloadAttachment("token", "attachment-1"))).toMatchObject({
      code: "ServiceError",
      stage: "GetAttachment",
      statusCode: 404,
    });
    expect(paths()).toEqual([GET]);
  });

  test("passes the caller's urlExpiryInSeconds, if any, to the service, and so does getAttachmentURL()", async () => {
    await client.downloadAttachment("token", "1", { urlExpiryInSeconds: 5 });
    await client.getAttachmentURL("token", "2", { urlExpiryInSeconds: 300 });
    await client.getAttachmentURL("token", "3");
    expect(service.to(GET).map(({ body }) => body)).toEqual([
      { AttachmentId: "1", UrlExpiryInSeconds: 5 },
      { AttachmentId: "2", UrlExpiryInSeconds: 300 },
      { AttachmentId: "3" },
    ]);
  });

  test("isn't started by getAttachmentURL(), which resolves with the URL", async () => {
    expect(await client.getAttachmentURL("token", "attachment-1")).toBe(
      "https://storage.test/file?signature=1",
    );
    expect(paths()).toEqual([GET]);
  });
});

describe("checked() on an attachment", () => {
  const ofSize = (size: number): unknown => ({ name: "file.txt", size, type: "text/plain" });
  const problemOf = (attachment: unknown): unknown => {
    try {
      return checkArguments("sendAttachment", { attachment }).attachment;
    } catch (error) {
      return error;
    }
  };

  test("rejects an empty file", () => {
    expect(problemOf(ofSize(0))).toMatchObject({ code: "IllegalArgument", field: "attachment" });
  });

  test.each([1, 20 * 1024 * 1024 + 1, 104_857_601])(
    "doesn't limit the size, which is the service's decision: %d bytes",
    (size) => {
      expect(problemOf(ofSize(size))).toMatchObject({ size });
    },
  );

  test.each([
    ["undefined", undefined, "undefined."],
    ["null", null, "null."],
    ["a path", "file.txt", "a string."],
    ["a number", 5, "a number."],
    ["a list of files", [new File(["a"], "a.txt")], "an array."],
    [
      "a picker's object without a size",
      { uri: "file:///a.txt", name: "a.txt", type: "text/plain" },
      "an object without one. Pass the picker's `fileSize` as `size`.",
    ],
    [
      "a picker's object whose size is null",
      { uri: "file:///a.txt", size: null },
      "an object without one. Pass the picker's `fileSize` as `size`.",
    ],
    ["a size of NaN", ofSize(Number.NaN), "an object without one. Pass the picker's `fileSize` as `size`."],
  ])("rejects %s and says what to pass instead", (_, value, got) => {
    expect(problemOf(value)).toMatchObject({
      code: "IllegalArgument",
      field: "attachment",
      message: `attachment must be a File or Blob with a numeric \`size\`; got ${got}`,
    });
  });

  test.each([
    ["name", { name: 7, size: 1, type: "" }],
    ["type", { name: "a.txt", size: 1, type: { a: 1 } }],
  ])("rejects a file whose %s isn't a string, and names the field", (field, value) => {
    expect(problemOf(value)).toMatchObject({ code: "IllegalArgument", field: `attachment.${field}` });
  });

  test("doesn't limit the type, which is the service's decision", () => {
    const file = new File(["abc"], "film.mkv", { type: "video/x-matroska" });
    expect(problemOf(file)).toBe(file);
  });
});

describe("onProgress", () => {
  test("is called during an upload with the bytes sent and the file's size", async () => {
    const calls: unknown[] = [];
    const file = new File(["0123456789"], "a.txt", { type: "text/plain" });
    await client.sendAttachment("token", file, null, { onProgress: (progress) => calls.push(progress) });
    expect(calls).toEqual([
      { loadedBytes: 5, totalBytes: 10 },
      { loadedBytes: 10, totalBytes: 10 },
    ]);
  });

  test("is called for each chunk of a download, with the size from the service's response", async () => {
    const calls: unknown[] = [];
    const blob = await client.downloadAttachment("token", "id", {
      onProgress: (progress) => calls.push(progress),
    });
    expect(await blob.text()).toBe("the file");
    expect(calls).toEqual([{ loadedBytes: 8, totalBytes: 3 }]);
  });

  test("is called once at the end of a download if the response has no stream", async () => {
    service.on(FILE, () => Object.defineProperty(new Response("the file"), "body", { value: null }));
    const calls: unknown[] = [];
    await client.downloadAttachment("token", "id", { onProgress: (progress) => calls.push(progress) });
    expect(calls).toEqual([{ loadedBytes: 8, totalBytes: 3 }]);
  });
});
