import { beforeEach, describe, expect, test } from "@jest/globals";
import { ServiceClient } from "../../../src/participant/service-client";
import { checked } from "../../../src/session/arguments";
import { FakePlatform } from "../../support/fake-platform";
import {
  cutNetwork,
  FakeService,
  json,
  refusal,
  rejection,
  silence,
  type Answer,
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

const picture = (): File => new File(["abc"], "picture.png", { type: "image/png" });

const denied: Answer = () =>
  new Response(
    '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>https://storage.test/upload?signature=1</Message></Error>',
    { status: 403, headers: { "content-type": "application/xml" } },
  );
const storageBusy: Answer = () => new Response("<Error><Code>SlowDown</Code></Error>", { status: 503 });

/** As `sendAttachment()` accepts it: a client's signature, upstream's, has a File. */
const withoutName = (blob: Blob): File => checked("sendAttachment", { attachment: blob }).attachment;

const paths = (): string[] => service.calls.map(({ path }) => path);

/** The outcome of a transfer, all pauses of its retries stepped over. */
async function outcomeOf(transfer: Promise<unknown>): Promise<unknown> {
  const settled = transfer.catch((error: unknown) => error);
  await platform.advance(300_000);
  return settled;
}

describe("an upload", () => {
  test("starts, puts the file, and completes, each with its own idempotency token", async () => {
    expect(await client.sendAttachment("token", picture())).toEqual({ data: {} });
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

  test("puts the file with exactly HeadersToInclude, without a token and without cookies", async () => {
    await client.sendAttachment("token", picture());
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
  ])("of %s, which no browser sends as a file, rejects before anything is sent", async (_what, value) => {
    const attachment = value as unknown as File;
    expect(await rejection(client.sendAttachment("token", attachment))).toMatchObject({
      code: "IllegalArgument",
      field: "attachment",
      message:
        "attachment must be a File, a Blob, or, in React Native, a picker's { uri, name, type, size }; got another object.",
    });
    expect(service.calls).toHaveLength(0);
  });

  test("of a picker's object hands that to React Native's fetch as it is", async () => {
    const picked = { uri: "file:///a.txt", name: "a.txt", type: "text/plain", size: 5 };
    await client.sendAttachment("token", picked as unknown as File);
    expect(service.to(STORE)[0]?.init.body).toBe(picked);
  });

  test("adds no content type of the file's own where HeadersToInclude has none", async () => {
    const UploadMetadata = {
      Url: "https://storage.test/upload",
      HeadersToInclude: { "x-amz-acl": "private" },
    };
    service.on(START, () => json({ AttachmentId: "1", UploadMetadata }));
    await client.sendAttachment("token", picture());
    const { url = "", init } = service.to(STORE)[0] ?? {};
    // What the fetch really sends: a body with a type would bring a header with it.
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
  ])("a file without a type, %s, is announced as %s", async (name, type) => {
    await client.sendAttachment("token", new File(["abc"], name));
    expect(service.to(START)[0]?.body).toMatchObject({ AttachmentName: name, ContentType: type });
  });

  test("a file's own type is announced, even if its extension has another", async () => {
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
  ])("a Blob of type %s, which has no name, is sent as %s", async (type, name) => {
    const blob = new Blob(["abc"], { type });
    await client.sendAttachment("token", withoutName(blob));
    expect(service.to(START)[0]?.body).toMatchObject({ AttachmentName: name, ContentType: blob.type });
    expect(service.to(STORE)[0]?.init.body).toMatchObject({ size: 3 });
  });

  test("a Blob without a name or a type is sent as attachment, of application/octet-stream", async () => {
    await client.sendAttachment("token", withoutName(new Blob(["abc"])));
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
  ])("what a picker of React Native returns, %j, is sent as it is", async (picked, name, type) => {
    const { attachment: file } = checked("sendAttachment", {
      attachment: { uri: "file:///a", size: 3, ...picked },
    });
    await client.sendAttachment("token", file);
    expect(service.to(START)[0]?.body).toMatchObject({
      AttachmentName: name,
      AttachmentSizeInBytes: 3,
      ContentType: type,
    });
    // React Native's fetch reads the file behind the address.
    expect(service.to(STORE)[0]?.init.body).toBe(file);
  });

  test("REL-18: an upload that the storage refuses rejects with stage, status and the storage's code, and isn't completed", async () => {
    service.on(STORE, denied);
    const error = await outcomeOf(client.sendAttachment("token", picture()));
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

  test("that the storage is too busy for is put again, and completed once", async () => {
    service.next(STORE, storageBusy, cutNetwork);
    expect(await outcomeOf(client.sendAttachment("token", picture()))).toEqual({ data: {} });
    expect(paths()).toEqual([START, STORE, STORE, STORE, COMPLETE]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("that the storage stays too busy for rejects after three times, and is not completed", async () => {
    service.on(STORE, storageBusy);
    expect(await outcomeOf(client.sendAttachment("token", picture()))).toMatchObject({
      code: "StorageError",
      statusCode: 503,
      storageCode: "SlowDown",
      stage: "UploadToStorage",
    });
    expect(paths()).toEqual([START, STORE, STORE, STORE]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("without a network to the storage rejects as a NetworkError of that stage", async () => {
    service.on(STORE, cutNetwork);
    expect(await outcomeOf(client.sendAttachment("token", picture()))).toMatchObject({
      code: "NetworkError",
      stage: "UploadToStorage",
    });
    expect(service.to(COMPLETE)).toEqual([]);
  });

  test("keeps the idempotency token of a step through the step's retries", async () => {
    service.next(START, () => refusal(500, "InternalServerException"));
    service.next(COMPLETE, () => refusal(429, "ThrottlingException"));
    expect(await outcomeOf(client.sendAttachment("token", picture()))).toEqual({ data: {} });
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
  ])("that the service refuses in %s names that stage", async (stage, path) => {
    service.on(path, () => refusal(400, "ValidationException"));
    expect(await outcomeOf(client.sendAttachment("token", picture()))).toMatchObject({
      code: "ServiceError",
      type: "ValidationException",
      stage,
    });
  });

  test("that gets no URL to go to rejects before the storage is asked", async () => {
    service.on(START, () => json({ AttachmentId: "1", UploadMetadata: {} }));
    expect(await outcomeOf(client.sendAttachment("token", picture()))).toMatchObject({
      code: "InvalidResponse",
      stage: "StartAttachmentUpload",
    });
    expect(paths()).toEqual([START]);
  });

  test("is aborted by its signal, on its way to the storage, and is not completed", async () => {
    const controller = new AbortController();
    service.on(STORE, silence);
    const upload = client.sendAttachment("token", picture(), null, { signal: controller.signal });
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
  test("asks for the URL, gets the file, and resolves it", async () => {
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

  test("REL-19: a download that the storage refuses rejects, and doesn't resolve with the XML as the file", async () => {
    service.on(FILE, denied);
    expect(await outcomeOf(client.downloadAttachment("token", "attachment-1"))).toMatchObject({
      code: "StorageError",
      stage: "DownloadFromStorage",
      statusCode: 403,
      storageCode: "AccessDenied",
    });
    expect(service.to(FILE)).toHaveLength(1);
  });

  test("that fails on its way is fetched again", async () => {
    const cut = new ReadableStream({ start: (controller) => controller.error(new TypeError("cut")) });
    service.next(FILE, storageBusy, () => new Response(cut, { status: 200 }));
    expect(await outcomeOf(client.downloadAttachment("token", "attachment-1"))).toBeInstanceOf(Blob);
    expect(paths()).toEqual([GET, FILE, FILE, FILE]);
  });

  test("that the service refuses names its stage, and the storage is not asked", async () => {
    service.on(GET, () => refusal(404, "ResourceNotFoundException"));
    expect(await outcomeOf(client.downloadAttachment("token", "attachment-1"))).toMatchObject({
      code: "ServiceError",
      stage: "GetAttachment",
      statusCode: 404,
    });
    expect(paths()).toEqual([GET]);
  });

  test("and getAttachmentURL ask for the life of the URL that the caller wants, else for none", async () => {
    await client.downloadAttachment("token", "1", { urlExpiryInSeconds: 5 });
    await client.getAttachmentURL("token", "2", { urlExpiryInSeconds: 300 });
    await client.getAttachmentURL("token", "3");
    expect(service.to(GET).map(({ body }) => body)).toEqual([
      { AttachmentId: "1", UrlExpiryInSeconds: 5 },
      { AttachmentId: "2", UrlExpiryInSeconds: 300 },
      { AttachmentId: "3" },
    ]);
  });

  test("getAttachmentURL resolves the URL alone", async () => {
    expect(await client.getAttachmentURL("token", "attachment-1")).toBe(
      "https://storage.test/file?signature=1",
    );
    expect(paths()).toEqual([GET]);
  });
});

describe("a file is looked at before anything is sent", () => {
  const ofSize = (size: number): unknown => ({ name: "file.txt", size, type: "text/plain" });
  const problemOf = (attachment: unknown): unknown => {
    try {
      return checked("sendAttachment", { attachment }).attachment;
    } catch (error) {
      return error;
    }
  };

  test("an empty one is refused", () => {
    expect(problemOf(ofSize(0))).toMatchObject({ code: "IllegalArgument", field: "attachment" });
  });

  test.each([1, 20 * 1024 * 1024 + 1, 104_857_601])("its size is left to the service: %d bytes", (size) => {
    expect(problemOf(ofSize(size))).toMatchObject({ size });
  });

  test.each([
    ["nothing", undefined, "undefined."],
    ["null", null, "null."],
    ["a path", "file.txt", "string."],
    ["a number", 5, "number."],
    ["a list of files", [new File(["a"], "a.txt")], "object."],
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
    [
      "a size that cannot be sent",
      ofSize(Number.NaN),
      "an object without one. Pass the picker's `fileSize` as `size`.",
    ],
  ])("%s is refused with what to pass instead", (_what, value, got) => {
    expect(problemOf(value)).toMatchObject({
      code: "IllegalArgument",
      field: "attachment",
      message: `attachment must be a File or Blob with a numeric \`size\`; got ${got}`,
    });
  });

  test.each([
    ["name", { name: 7, size: 1, type: "" }],
    ["type", { name: "a.txt", size: 1, type: { a: 1 } }],
  ])("a file whose %s isn't a string is rejected, and the error names the field", (field, value) => {
    expect(problemOf(value)).toMatchObject({ code: "IllegalArgument", field: `attachment.${field}` });
  });

  test("its type is left to the service", () => {
    const file = new File(["abc"], "film.mkv", { type: "video/x-matroska" });
    expect(problemOf(file)).toBe(file);
  });
});

describe("progress", () => {
  test("of an upload is told in bytes, up to the whole", async () => {
    const told: unknown[] = [];
    const file = new File(["0123456789"], "a.txt", { type: "text/plain" });
    await client.sendAttachment("token", file, null, { onProgress: (each) => told.push(each) });
    expect(told).toEqual([
      { loadedBytes: 5, totalBytes: 10 },
      { loadedBytes: 10, totalBytes: 10 },
    ]);
  });

  test("of a download is told piece by piece, with the size that the service told", async () => {
    const told: unknown[] = [];
    const blob = await client.downloadAttachment("token", "id", { onProgress: (each) => told.push(each) });
    expect(await blob.text()).toBe("the file");
    expect(told).toEqual([{ loadedBytes: 8, totalBytes: 3 }]);
  });

  test("of a download is told at its end where the answer has no stream", async () => {
    service.on(FILE, () => Object.defineProperty(new Response("the file"), "body", { value: null }));
    const told: unknown[] = [];
    await client.downloadAttachment("token", "id", { onProgress: (each) => told.push(each) });
    expect(told).toEqual([{ loadedBytes: 8, totalBytes: 3 }]);
  });
});
