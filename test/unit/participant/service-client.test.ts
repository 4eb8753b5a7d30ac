import {
  CancelParticipantAuthenticationCommand,
  CompleteAttachmentUploadCommand,
  ConnectParticipantClient,
  CreateParticipantConnectionCommand,
  DescribeViewCommand,
  DisconnectParticipantCommand,
  GetAttachmentCommand,
  GetAuthenticationUrlCommand,
  GetTranscriptCommand,
  SendEventCommand,
  SendMessageCommand,
  StartAttachmentUploadCommand,
} from "@aws-sdk/client-connectparticipant";
import * as sdkModule from "@aws-sdk/client-connectparticipant";
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { OperationName, Operations } from "../../../src/participant/operations";
import { ServiceClient } from "../../../src/participant/service-client";
import { NEWEST_PAGE } from "../../../src/participant/transcript-page";
import { FakePlatform } from "../../support/fake-platform";
import { errorResponse, json, rejection } from "../../support/fake-service";

const ENDPOINT = "https://participant.connect.eu-central-1.amazonaws.com";
/** Characters with a special meaning in paths, queries, JSON, and regular expressions, and some beyond ASCII. */
const SPECIAL_CHARACTERS = "a/b c?d=e&f%20$&$1'\"\\+#:;,@!*()~[]{}<>|^`é漢字🎉";
const TOKEN = "connection-token";
const CLIENT_TOKEN = "11111111-2222-4333-8444-555555555555";

let platform: FakePlatform;
let client: ServiceClient;

beforeEach(() => {
  platform = new FakePlatform();
  client = new ServiceClient(platform, { endpoint: ENDPOINT, userAgent: "AmazonConnect-ChatJS/test" });
});

/** A request without the parts in which the two clients differ intentionally. */
interface Comparable {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Record<string, unknown>;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const NOT_COMPARED =
  /^(authorization|x-amz-date|x-amz-content-sha256|x-amz-security-token|user-agent|x-amz-user-agent|host|content-length|amz-sdk-.*)$/;

function comparableHeaders(headers: Iterable<[string, string]>): Record<string, string> {
  const compared = [...headers]
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !NOT_COMPARED.test(name));
  return Object.fromEntries(compared);
}

/** Parses a JSON body. The SDK's client passes bytes. */
function parseBody(body: unknown): unknown {
  const text = ArrayBuffer.isView(body) ? new TextDecoder().decode(body) : (body ?? "");
  if (typeof text !== "string") throw new Error("The body is neither text nor bytes.");
  return text === "" ? null : (JSON.parse(text) as unknown);
}

interface SdkRequest {
  method: string;
  hostname: string;
  path: string;
  query: Record<string, unknown>;
  headers: Record<string, string>;
  body?: unknown;
}

/** Returns the request that the full SDK client would send. */
async function captureSdkRequest(
  send: (sdk: ConnectParticipantClient) => Promise<unknown>,
): Promise<Comparable> {
  let captured: SdkRequest | undefined;
  const sdk = new ConnectParticipantClient({
    region: "eu-central-1",
    // cspell:ignore AKIDEXAMPLE
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler: {
      handle: (request: SdkRequest) => {
        captured = request;
        return Promise.reject(new Error("captured"));
      },
    },
  });
  await rejection(send(sdk));
  if (!captured) throw new Error("The SDK's client sent nothing.");
  const { method, hostname, path, query, headers, body } = captured;
  return {
    method,
    host: hostname,
    path,
    query,
    headers: comparableHeaders(Object.entries(headers)),
    body: parseBody(body),
  };
}

/** Returns the request that the bundled client sends. */
async function captureBundledRequest(name: OperationName, send: () => Promise<unknown>): Promise<Comparable> {
  platform.onFetch = () => json(RESPONSES[name]);
  await send();
  expect(platform.requests).toHaveLength(1);
  const request = platform.requests[0];
  if (!request) throw new Error("The bundled client sent nothing.");
  // The raw path is compared, because a URL parser would normalize it.
  const [path = "", query = ""] = request.url.slice(ENDPOINT.length).split("?");
  return {
    method: request.init.method ?? "",
    host: new URL(request.url).hostname,
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: comparableHeaders(new Headers(request.init.headers)),
    body: parseBody(request.init.body),
  };
}

const RESPONSES: Readonly<Record<OperationName, unknown>> = {
  CancelParticipantAuthentication: {},
  CompleteAttachmentUpload: {},
  CreateParticipantConnection: {},
  DescribeView: { View: { Name: "a view" } },
  DisconnectParticipant: {},
  GetAttachment: { Url: "https://storage.test/" },
  GetAuthenticationUrl: { AuthenticationUrl: "https://login.test/" },
  GetTranscript: { Transcript: [] },
  SendEvent: { Id: "1", AbsoluteTime: "2026-01-01T00:00:00.000Z" },
  SendMessage: { Id: "1", AbsoluteTime: "2026-01-01T00:00:00.000Z" },
  StartAttachmentUpload: { AttachmentId: "1", UploadMetadata: { Url: "https://storage.test/" } },
};

type Cases = { [Name in OperationName]: Operations[Name]["input"][] };

/** Inputs for each operation, which have fixed idempotency tokens and various combinations of optional members. */
const CASES: Cases = {
  CancelParticipantAuthentication: [{ SessionId: SPECIAL_CHARACTERS, ConnectionToken: TOKEN }],
  CompleteAttachmentUpload: [
    { AttachmentIds: ["1"], ClientToken: CLIENT_TOKEN, ConnectionToken: TOKEN },
    { AttachmentIds: ["1", SPECIAL_CHARACTERS], ClientToken: CLIENT_TOKEN, ConnectionToken: TOKEN },
  ],
  CreateParticipantConnection: [
    { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], ParticipantToken: TOKEN },
    { Type: ["CONNECTION_CREDENTIALS"], ParticipantToken: TOKEN },
    { Type: ["WEBSOCKET"], ConnectParticipant: true, ParticipantToken: TOKEN },
    { ConnectParticipant: true, ParticipantToken: TOKEN },
    { ConnectParticipant: false, ParticipantToken: TOKEN },
  ],
  DescribeView: [
    { ViewToken: "plain", ConnectionToken: TOKEN },
    { ViewToken: "/ ?%$", ConnectionToken: TOKEN },
    { ViewToken: SPECIAL_CHARACTERS, ConnectionToken: TOKEN },
  ],
  DisconnectParticipant: [{ ClientToken: CLIENT_TOKEN, ConnectionToken: TOKEN }],
  GetAttachment: [
    { AttachmentId: SPECIAL_CHARACTERS, ConnectionToken: TOKEN },
    { AttachmentId: "1", UrlExpiryInSeconds: 60, ConnectionToken: TOKEN },
  ],
  GetAuthenticationUrl: [
    { SessionId: SPECIAL_CHARACTERS, RedirectUri: "https://page.test/?a=b&c=d#e", ConnectionToken: TOKEN },
  ],
  GetTranscript: [
    { ConnectionToken: TOKEN },
    {
      MaxResults: 15,
      SortOrder: "ASCENDING",
      ScanDirection: "BACKWARD",
      StartPosition: {},
      ConnectionToken: TOKEN,
    },
    {
      MaxResults: 100,
      SortOrder: "DESCENDING",
      ScanDirection: "FORWARD",
      StartPosition: { AbsoluteTime: "2026-01-01T00:00:00.000Z" },
      NextToken: SPECIAL_CHARACTERS,
      ContactId: "contact",
      ConnectionToken: TOKEN,
    },
    { StartPosition: { Id: SPECIAL_CHARACTERS, MostRecent: 3 }, ConnectionToken: TOKEN },
  ],
  SendEvent: [
    {
      ContentType: "application/vnd.amazonaws.connect.event.typing",
      ClientToken: CLIENT_TOKEN,
      ConnectionToken: TOKEN,
    },
    {
      ContentType: "application/vnd.amazonaws.connect.event.message.read",
      Content: JSON.stringify({ messageId: SPECIAL_CHARACTERS }),
      ClientToken: CLIENT_TOKEN,
      ConnectionToken: TOKEN,
    },
  ],
  SendMessage: [
    { ContentType: "text/plain", Content: "hello", ClientToken: CLIENT_TOKEN, ConnectionToken: TOKEN },
    {
      ContentType: "text/markdown",
      Content: `${SPECIAL_CHARACTERS}\n\t\u2028 "quoted"`,
      ClientToken: CLIENT_TOKEN,
      ConnectionToken: TOKEN,
    },
  ],
  StartAttachmentUpload: [
    {
      ContentType: "image/png",
      AttachmentSizeInBytes: 1234,
      AttachmentName: `${SPECIAL_CHARACTERS}.png`,
      ClientToken: CLIENT_TOKEN,
      ConnectionToken: TOKEN,
    },
  ],
};

type SdkSend<Name extends OperationName> = (
  sdk: ConnectParticipantClient,
  input: Operations[Name]["input"],
) => Promise<unknown>;

const SDK: { readonly [Name in OperationName]: SdkSend<Name> } = {
  CancelParticipantAuthentication: (sdk, input) =>
    sdk.send(new CancelParticipantAuthenticationCommand(input)),
  CompleteAttachmentUpload: (sdk, input) => sdk.send(new CompleteAttachmentUploadCommand(input)),
  CreateParticipantConnection: (sdk, input) => sdk.send(new CreateParticipantConnectionCommand(input)),
  DescribeView: (sdk, input) => sdk.send(new DescribeViewCommand(input)),
  DisconnectParticipant: (sdk, input) => sdk.send(new DisconnectParticipantCommand(input)),
  GetAttachment: (sdk, input) => sdk.send(new GetAttachmentCommand(input)),
  GetAuthenticationUrl: (sdk, input) => sdk.send(new GetAuthenticationUrlCommand(input)),
  GetTranscript: (sdk, input) => sdk.send(new GetTranscriptCommand(input)),
  SendEvent: (sdk, input) => sdk.send(new SendEventCommand(input)),
  SendMessage: (sdk, input) => sdk.send(new SendMessageCommand(input)),
  StartAttachmentUpload: (sdk, input) => sdk.send(new StartAttachmentUploadCommand(input)),
};

// The rule sees one use, but without the parameter, an operation's cases wouldn't match its call.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
function comparisons<Name extends OperationName>(
  name: Name,
): [title: string, compare: () => Promise<[bundled: Comparable, sdk: Comparable]>][] {
  return CASES[name].map((input, index) => [
    `${name}, case ${index + 1}`,
    async () => [
      await captureBundledRequest(name, () => client.send(name, input)),
      await captureSdkRequest((sdk) => SDK[name](sdk, input)),
    ],
  ]);
}

describe("each operation's request equals the full SDK client's", () => {
  test.each([
    ...comparisons("CancelParticipantAuthentication"),
    ...comparisons("CompleteAttachmentUpload"),
    ...comparisons("CreateParticipantConnection"),
    ...comparisons("DescribeView"),
    ...comparisons("DisconnectParticipant"),
    ...comparisons("GetAttachment"),
    ...comparisons("GetAuthenticationUrl"),
    ...comparisons("GetTranscript"),
    ...comparisons("SendEvent"),
    ...comparisons("SendMessage"),
    ...comparisons("StartAttachmentUpload"),
  ])("%s", async (_, compare) => {
    const [bundled, sdk] = await compare();
    expect(bundled).toEqual(sdk);
    expect(bundled.headers).toHaveProperty("x-amz-bearer", TOKEN);
  });

  test("the cases cover every operation of the SDK", () => {
    const commands = Object.keys(sdkModule).filter(
      (name) => name.endsWith("Command") && !name.startsWith("$"),
    );
    expect(
      Object.keys(CASES)
        .map((name) => `${name}Command`)
        .sort(),
    ).toEqual(commands.sort());
  });
});

describe("the public client's methods", () => {
  const requestOf = async (call: () => Promise<unknown>, response: unknown = {}): Promise<unknown> => {
    platform.onFetch = () => json(response);
    await call();
    const request = platform.requests.at(-1);
    if (!request) throw new Error("Nothing was sent.");
    const headers = new Headers(request.init.headers);
    return {
      to: `${request.init.method ?? ""} ${request.url.slice(ENDPOINT.length)}`,
      bearer: headers.get("x-amz-bearer"),
      body: parseBody(request.init.body),
    };
  };
  const sent = { Id: "1", AbsoluteTime: "2026-01-01T00:00:00.000Z" };

  test("createParticipantConnection omits null arguments", async () => {
    expect(await requestOf(() => client.createParticipantConnection("p", ["WEBSOCKET"], null))).toEqual({
      to: "POST /participant/connection",
      bearer: "p",
      body: { Type: ["WEBSOCKET"] },
    });
    expect(await requestOf(() => client.createParticipantConnection("p", null, true))).toEqual({
      to: "POST /participant/connection",
      bearer: "p",
      body: { ConnectParticipant: true },
    });
  });

  test("a null token omits the bearer header", async () => {
    expect(await requestOf(() => client.createParticipantConnection(null, null, true))).toMatchObject({
      bearer: null,
    });
    expect(await requestOf(() => client.disconnectParticipant(null))).toMatchObject({ bearer: null });
  });

  test("sendMessage takes the content before the content type, but sendEvent takes the content type first", async () => {
    expect(
      await requestOf(() => client.sendMessage(TOKEN, "hello", "text/plain", CLIENT_TOKEN), sent),
    ).toEqual({
      to: "POST /participant/message",
      bearer: TOKEN,
      body: { Content: "hello", ContentType: "text/plain", ClientToken: CLIENT_TOKEN },
    });
    expect(await requestOf(() => client.sendEvent(TOKEN, "text/plain", "hello", CLIENT_TOKEN), sent)).toEqual(
      {
        to: "POST /participant/event",
        bearer: TOKEN,
        body: { Content: "hello", ContentType: "text/plain", ClientToken: CLIENT_TOKEN },
      },
    );
  });

  test("sendEvent omits Content if the content is null", async () => {
    expect(await requestOf(() => client.sendEvent(TOKEN, "text/plain", null, CLIENT_TOKEN), sent)).toEqual({
      to: "POST /participant/event",
      bearer: TOKEN,
      body: { ContentType: "text/plain", ClientToken: CLIENT_TOKEN },
    });
  });

  test("a missing idempotency token is replaced with a new UUID for each call", async () => {
    const first = await requestOf(() => client.sendMessage(TOKEN, "hello", "text/plain"), sent);
    const second = await requestOf(() => client.sendMessage(TOKEN, "hello", "text/plain"), sent);
    expect(first).toMatchObject({ body: { ClientToken: "00000000-0000-4000-8000-000000000001" } });
    expect(second).toMatchObject({ body: { ClientToken: "00000000-0000-4000-8000-000000000002" } });
    const event = await requestOf(() => client.sendEvent(TOKEN, "text/plain", "hello"), sent);
    expect(event).toMatchObject({ body: { ClientToken: "00000000-0000-4000-8000-000000000003" } });
    const disconnect = await requestOf(() => client.disconnectParticipant(TOKEN));
    expect(disconnect).toMatchObject({ body: { ClientToken: "00000000-0000-4000-8000-000000000004" } });
  });

  test("describeView takes the view token first and puts it into the path", async () => {
    expect(await requestOf(() => client.describeView("a/b", TOKEN), { View: {} })).toEqual({
      to: "GET /participant/views/a%2Fb",
      bearer: TOKEN,
      body: null,
    });
  });

  test("the authentication methods send session ID and redirect URI", async () => {
    expect(await requestOf(() => client.getAuthenticationUrl(TOKEN, "https://page.test", "s"))).toEqual({
      to: "POST /participant/authentication-url",
      bearer: TOKEN,
      body: { RedirectUri: "https://page.test", SessionId: "s" },
    });
    expect(await requestOf(() => client.cancelParticipantAuthentication(TOKEN, "s"))).toEqual({
      to: "POST /participant/cancel-authentication",
      bearer: TOKEN,
      body: { SessionId: "s" },
    });
  });

  test("every call sends the user agent, no cookies, and only headers that the service's CORS response allows", async () => {
    await requestOf(() => client.sendMessage(TOKEN, "hello", "text/plain"), sent);
    const { init } = platform.requests[0] ?? {};
    expect(init?.credentials).toBe("omit");
    const headers = Object.fromEntries(new Headers(init?.headers));
    expect(headers).toEqual({
      "content-type": "application/json",
      "x-amz-bearer": TOKEN,
      "x-amz-user-agent": "AmazonConnect-ChatJS/test",
    });
  });
});

describe("a service error", () => {
  const failureOf = (response: Response): Promise<unknown> => {
    platform.onFetch = () => response;
    return rejection(client.sendMessage(TOKEN, "hello", "text/plain"));
  };

  test.each([
    [400, "ValidationException", false],
    [402, "ServiceQuotaExceededException", false],
    [403, "AccessDeniedException", false],
    [404, "ResourceNotFoundException", false],
    [409, "ConflictException", false],
    [429, "ThrottlingException", true],
    [500, "InternalServerException", true],
  ])(
    "with status %i has the type %s from its header or, without one, from the status; retryable: %s",
    async (status, type, retryable) => {
      const expected = { code: "ServiceError", type, statusCode: status, retryable };
      expect(await failureOf(errorResponse(status, type))).toMatchObject({ ...expected, message: "refused" });
      const unnamed = await failureOf(new Response("", { status }));
      expect(unnamed).toMatchObject(expected);
      // Without a message from the service, the library's message says what to do.
      expect(unnamed).toHaveProperty(
        "message",
        expect.stringMatching(new RegExp(`^\\w+ was refused with status ${status}\\. [A-Z].+\\.$`)),
      );
    },
  );

  test("has the header's type up to the colon", async () => {
    const response = errorResponse(403, "AccessDeniedException:http://internal.amazon.com/coral/");
    expect(await failureOf(response)).toMatchObject({ type: "AccessDeniedException", statusCode: 403 });
  });

  test("has the header's type rather than the body's", async () => {
    const response = json({ __type: "ConflictException" }, 400, {
      "x-amzn-errortype": "ValidationException",
    });
    expect(await failureOf(response)).toMatchObject({ type: "ValidationException" });
  });

  test.each([
    ["ConflictException", "ConflictException"],
    ["com.amazonaws.connectparticipant#ConflictException", "ConflictException"],
  ])("has the type from the body's __type if there is no header: %s", async (named, type) => {
    expect(await failureOf(json({ __type: named }, 409))).toMatchObject({ type, statusCode: 409 });
  });

  test.each(["message", "Message"])("has the service's message from the body's field %s", async (key) => {
    expect(await failureOf(json({ [key]: "the reason" }, 400))).toMatchObject({ message: "the reason" });
  });

  test("is a retryable ServiceError if a proxy responds with an HTML page and 502", async () => {
    const page = "<html><body>Bad Gateway</body></html>";
    const error = await failureOf(
      new Response(page, { status: 502, headers: { "content-type": "text/html" } }),
    );
    expect(error).toMatchObject({
      code: "ServiceError",
      type: "InternalServerException",
      statusCode: 502,
      retryable: true,
    });
    expect(error).toHaveProperty("message", expect.not.stringContaining("<html>"));
  });

  test("is the status's usual error if the body is truncated", async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new TypeError("cut")) });
    expect(await failureOf(new Response(body, { status: 403 }))).toMatchObject({
      code: "ServiceError",
      statusCode: 403,
      type: "AccessDeniedException",
    });
  });

  test("isn't retryable if its status is unknown and below 500", async () => {
    expect(await failureOf(new Response("", { status: 418 }))).toMatchObject({
      code: "ServiceError",
      type: "UnknownError",
      retryable: false,
    });
  });

  test("has retryAfterMs from a Retry-After in seconds or as a date", async () => {
    const failureWith = (value: string): Promise<unknown> =>
      failureOf(errorResponse(429, "ThrottlingException", { "retry-after": value }));
    expect(await failureWith("7")).toMatchObject({ retryAfterMs: 7000 });
    expect(await failureWith(new Date(platform.time + 12_000).toUTCString())).toMatchObject({
      retryAfterMs: 12_000,
    });
    expect(await failureWith("soon")).not.toHaveProperty("retryAfterMs");
    expect(await failureWith(new Date(platform.time - 12_000).toUTCString())).not.toHaveProperty(
      "retryAfterMs",
    );
    expect(await failureOf(errorResponse(429, "ThrottlingException"))).not.toHaveProperty("retryAfterMs");
  });
});

describe("REL-13: a response that the service never sends is rejected", () => {
  test.each([
    ["an HTML page", "<html>Log in to the hotel's network</html>", true],
    ["an array", "[]", true],
    ["truncated JSON", '{"Id": "1", "AbsoluteTi', true],
    ["a number", "12", true],
    ["null", "null", true],
    ["an object without the fields", "{}", false],
    ["fields of the wrong type", '{"Id": 1, "AbsoluteTime": null}', false],
    ["an empty body", "", false],
  ])("%s", async (_, text, retryable) => {
    platform.onFetch = () => new Response(text, { status: 200 });
    expect(await rejection(client.sendMessage(TOKEN, "hello", "text/plain"))).toMatchObject({
      code: "InvalidResponse",
      message:
        "SendMessage received a response that didn't come from the service. Check the endpoint, and any proxy in between.",
      statusCode: 200,
      retryable,
    });
  });

  test.each([
    ["no Transcript", {}],
    ["a Transcript that isn't an array", { Transcript: {} }],
    ["a Transcript of strings", { Transcript: ["hello"] }],
  ])("GetTranscript with %s", async (_, response) => {
    platform.onFetch = () => json(response);
    expect(await rejection(client.getTranscript(TOKEN, NEWEST_PAGE))).toMatchObject({
      code: "InvalidResponse",
    });
  });

  test.each([
    ["GetAttachment", () => client.getAttachmentURL(TOKEN, "1"), { Url: 5 }],
    ["DescribeView", () => client.describeView("view", TOKEN), { View: "no" }],
  ])("%s with a field of the wrong type", async (_, call, response) => {
    platform.onFetch = () => json(response);
    expect(await rejection(call())).toMatchObject({ code: "InvalidResponse" });
  });

  test.each(["", "  \n", "{}"])("unless the operation has no output and the response is %j", async (text) => {
    platform.onFetch = () => new Response(text, { status: 200 });
    expect(await client.disconnectParticipant(TOKEN)).toEqual({ data: {} });
  });

  test("unless it has additional fields, which are kept", async () => {
    const item = { Id: "1", Type: "MESSAGE", MessageMetadata: { MessageCompleted: false, ChunkNumber: 2 } };
    const response = { InitialContactId: "c", Transcript: [{ ...item, SomethingNew: [1] }], NextToken: "n" };
    platform.onFetch = () => json(response);
    expect(await client.getTranscript(TOKEN, NEWEST_PAGE)).toEqual({ data: response });
  });
});

describe("an unanswered call", () => {
  test("rejects with a retryable NetworkError that has fetch's error as its cause", async () => {
    const cause = new TypeError("Failed to fetch");
    platform.onFetch = () => Promise.reject(cause);
    const error = await rejection(client.disconnectParticipant(TOKEN));
    expect(error).toMatchObject({ code: "NetworkError", retryable: true });
    expect(error).toHaveProperty("statusCode", undefined);
    expect(error).toHaveProperty("cause", cause);
  });

  test("rejects with a NetworkError if the response's body breaks off", async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new TypeError("cut")) });
    platform.onFetch = () => new Response(body, { status: 200 });
    expect(await rejection(client.disconnectParticipant(TOKEN))).toMatchObject({
      code: "NetworkError",
      retryable: true,
    });
  });

  test("rejects with Aborted if the caller's signal, which is passed to fetch, is aborted", async () => {
    const controller = new AbortController();
    platform.onFetch = (_, init) => {
      expect(init.signal).toBe(controller.signal);
      controller.abort();
      return Promise.reject(new DOMException("aborted", "AbortError"));
    };
    const error = await rejection(client.disconnectParticipant(TOKEN, { signal: controller.signal }));
    expect(error).toMatchObject({ code: "Aborted", retryable: false });
  });
});
