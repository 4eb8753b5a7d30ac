/** Attachments: announced, uploaded, completed, fetched; with what was signed enforced. */
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import type { Answer } from "./support/call-service";
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

const announce = (party: Party, body: object = {}): Promise<Answer> =>
  chat.call("/participant/start-attachment-upload", party.token, {
    AttachmentName: "a b.txt",
    AttachmentSizeInBytes: BYTES.length,
    ContentType: "text/plain",
    ...body,
  });

async function announced(party: Party, body: object = {}): Promise<Upload> {
  const answer = (await announce(party, body)).body;
  const { Url, HeadersToInclude } = part(answer, "UploadMetadata");
  return {
    id: String(answer["AttachmentId"]),
    url: String(Url),
    headers: HeadersToInclude as Upload["headers"],
  };
}

const put = ({ url, headers }: Upload, body: BodyInit = BYTES): Promise<Response> =>
  fetch(url, { method: "PUT", headers, body });

const complete = (party: Party, ...ids: string[]): Promise<Answer> =>
  chat.call("/participant/complete-attachment-upload", party.token, { AttachmentIds: ids });

const locate = (party: Party, id: string): Promise<Answer> =>
  chat.call("/participant/attachment", party.token, { AttachmentId: id });

/** Uploaded and completed by a party. */
async function attached(party: Party): Promise<Upload> {
  const upload = await announced(party);
  await put(upload);
  await complete(party, upload.id);
  return upload;
}

/** The storage's refusals are XML with a code. */
async function refusal(response: Response): Promise<[status: number, code: string | undefined]> {
  expect(response.headers.get("content-type")).toBe("application/xml");
  return [response.status, /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1]];
}

const attachments = (party: Party): unknown[] => chat.stored(party).flatMap((item) => item.Attachments ?? []);

test("a file goes up with the headers that were signed, and comes down as it was", async () => {
  const { one, other } = await chat.pair();
  const bytes = randomBytes(100_000);
  const request = { AttachmentSizeInBytes: bytes.length, ContentType: "image/png", AttachmentName: "ä.png" };
  const answer = await announce(one, request);
  expect(answer.body).toEqual({
    AttachmentId: expect.any(String) as unknown,
    UploadMetadata: {
      Url: expect.stringMatching(`^${chat.simulator.url}/`) as unknown,
      UrlExpiry: new Date(chat.now + 15 * MINUTE_MS).toISOString(),
      HeadersToInclude: expect.objectContaining({ "Content-Type": "image/png" }) as unknown,
    },
  });
  const upload = await announced(one, request);
  const uploaded = await put(upload, bytes);
  expect([uploaded.status, await uploaded.text()]).toEqual([200, ""]);
  // Not before it is completed, neither for others nor for who uploaded it.
  expect(attachments(one)).toEqual([]);
  expect(await locate(one, upload.id)).toMatchObject(INVALID);

  expect(await complete(one, upload.id)).toMatchObject({ status: 200, body: {} });
  expect(chat.stored(one).at(-1)).toMatchObject({
    Type: "ATTACHMENT",
    ContentType: "image/png",
    ParticipantId: one.participantId,
    Attachments: [
      { AttachmentId: upload.id, AttachmentName: "ä.png", ContentType: "image/png", Status: "APPROVED" },
    ],
  });
  for (const party of [one, other]) {
    const { body } = await locate(party, upload.id);
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

describe("an upload is refused", () => {
  test("without one of the headers, with another value, or with one that was not signed", async () => {
    const upload = await announced(await chat.customer());
    expect(Object.keys(upload.headers)).toHaveLength(3);
    for (const name of Object.keys(upload.headers)) {
      const others = Object.entries(upload.headers).filter(([each]) => each !== name);
      const fewer = { ...upload, headers: Object.fromEntries(others) };
      expect(await refusal(await put(fewer))).toEqual([403, "SignatureDoesNotMatch"]);
      const changed = { ...upload, headers: { ...upload.headers, [name]: "other" } };
      expect(await refusal(await put(changed))).toEqual([403, "SignatureDoesNotMatch"]);
    }
    for (const name of ["x-amz-user-agent", "x-amz-bearer"]) {
      const more = { ...upload, headers: { ...upload.headers, [name]: "x" } };
      expect(await refusal(await put(more))).toEqual([403, "AccessDenied"]);
    }
    expect((await put(upload)).status).toBe(200);
  });

  test("with another size than was announced, however large", async () => {
    const upload = await announced(await chat.customer());
    expect(await refusal(await put(upload, BYTES.slice(1)))).toEqual([400, "EntityTooSmall"]);
    expect(await refusal(await put(upload, `${BYTES}!`))).toEqual([400, "EntityTooLarge"]);
    const huge = Buffer.alloc(33 * 1024 * 1024);
    expect(await refusal(await put(upload, huge))).toEqual([400, "EntityTooLarge"]);
  }, 20_000);

  test("with a wrong signature, that of another file, or one for downloading", async () => {
    const one = await chat.customer();
    const upload = await announced(one);
    const signature = (url: string): string => new URL(url).search;
    const resigned = (search: string): Upload => ({ ...upload, url: upload.url.replace(/\?.*/, search) });
    const { id } = await attached(one);
    const download = String((await locate(one, id)).body["Url"]);
    const otherFile = (await announced(one)).url;
    for (const search of ["", "?X-Amz-Signature=x", signature(otherFile), signature(download)]) {
      expect(await refusal(await put(resigned(search)))).toEqual([403, "SignatureDoesNotMatch"]);
    }
    expect(await refusal(await fetch(upload.url))).toEqual([403, "SignatureDoesNotMatch"]);
    expect(await refusal(await fetch(upload.url, { method: "POST" }))).toEqual([405, "MethodNotAllowed"]);
  });

  test("once its URL has expired", async () => {
    const upload = await announced(await chat.customer());
    chat.now += 15 * MINUTE_MS - 1;
    expect((await put(upload)).status).toBe(200);
    chat.now += 1;
    expect(await refusal(await put(upload))).toEqual([403, "AccessDenied"]);
  });
});

describe("StartAttachmentUpload", () => {
  test("is answered alike under one ClientToken", async () => {
    const one = await chat.customer();
    const first = await announce(one, { ClientToken: "t" });
    expect(await announce(one, { ClientToken: "t" })).toEqual(first);
    expect((await announce(one, { ClientToken: "u" })).body["AttachmentId"]).not.toBe(
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
  ])("refuses %j", async (body) => {
    expect(await announce(await chat.customer(), body)).toMatchObject(INVALID);
  });
});

describe("CompleteAttachmentUpload", () => {
  test("refuses what was not uploaded, and then completes none of the call's", async () => {
    const one = await chat.customer();
    const uploaded = await announced(one);
    await put(uploaded);
    const missing = await announced(one);
    expect(await complete(one, uploaded.id, missing.id)).toMatchObject(CONFLICT);
    expect(attachments(one)).toEqual([]);
    await put(missing);
    expect((await complete(one, uploaded.id, missing.id)).status).toBe(200);
    expect(attachments(one)).toMatchObject([{ AttachmentId: uploaded.id }, { AttachmentId: missing.id }]);
  });

  test("tells an attachment once", async () => {
    const one = await chat.customer();
    const { id } = await attached(one);
    expect((await complete(one, id)).status).toBe(200);
    expect(attachments(one)).toHaveLength(1);
  });

  test("refuses an unknown attachment, and another participant's", async () => {
    const one = await chat.customer();
    const other = await chat.agent(one.contactId);
    const upload = await announced(one);
    await put(upload);
    expect(await complete(one, "none")).toMatchObject(INVALID);
    expect(await complete(other, upload.id)).toMatchObject(INVALID);
  });

  test.each([{}, { AttachmentIds: "a" }, { AttachmentIds: [7] }])("refuses %j", async (body) => {
    const { token } = await chat.customer();
    expect(await chat.call("/participant/complete-attachment-upload", token, body)).toMatchObject(INVALID);
  });
});

describe("GetAttachment", () => {
  test("finds nothing that is unknown or of another chat", async () => {
    const one = await chat.customer();
    const { id } = await attached(one);
    expect(await locate(one, "none")).toMatchObject(INVALID);
    expect(await locate(await chat.customer(), id)).toMatchObject(INVALID);
    expect(await chat.call("/participant/attachment", one.token, {})).toMatchObject(INVALID);
  });

  test("gives a URL that expires, and that fits one file and no upload", async () => {
    const one = await chat.customer();
    const { id, headers } = await attached(one);
    const url = String((await locate(one, id)).body["Url"]);
    const wrong = url.replace(/Signature=.*/, "Signature=x");
    expect(await refusal(await fetch(wrong))).toEqual([403, "SignatureDoesNotMatch"]);
    expect(await refusal(await put({ id, url, headers }))).toEqual([403, "SignatureDoesNotMatch"]);
    const withToken = await fetch(url, { headers: { "x-amz-bearer": one.token } });
    expect(await refusal(withToken)).toEqual([403, "AccessDenied"]);
    chat.now += 5 * MINUTE_MS - 1;
    expect((await fetch(url)).status).toBe(200);
    chat.now += 1;
    expect(await refusal(await fetch(url))).toEqual([403, "AccessDenied"]);
  });
});
