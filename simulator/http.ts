/** Responses, errors and CORS rules that are as strict as the service's. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { URL } from "node:url";
import type { FailWith, GarbleWith, ServiceRefusal } from "./fault-types";
import { newId } from "./items";
import { isTooDeep, MAX_JSON_DEPTH } from "./json";

/** The service's error types, by status. */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "ValidationException",
  402: "ServiceQuotaExceededException",
  403: "AccessDeniedException",
  404: "ResourceNotFoundException",
  409: "ConflictException",
  429: "ThrottlingException",
};

export const errorTypeOf = (status: number): string => ERROR_TYPES[status] ?? "InternalServerException";

/**
 * Refuses a call. Any code can throw it, and `Server` turns it into the response. A refusal from the service has the
 * error type for its status. If the service documents no such status, use a refusal from the gateway.
 */
export class Refusal extends Error {
  readonly status: number;
  readonly from: "service" | "gateway";

  constructor(status: number, message: string, from: "service" | "gateway" = "service") {
    super(message);
    this.status = status;
    this.from = from;
  }
}

export interface Cors {
  readonly methods: string;
  readonly headers: string;
}

/**
 * The service's preflight response. It also allows signed requests' headers, because the original library sends these
 * headers.
 */
export const SERVICE_CORS: Cors = {
  methods: "GET,POST",
  headers: "authorization,content-type,x-amz-bearer,x-amz-content-sha256,x-amz-date,x-amz-user-agent",
};

/** Exposes only the error type header, so pages can read only status, body and error type. */
export function allowOrigin(response: ServerResponse): void {
  response.setHeader("access-control-allow-origin", "*");
  response.setHeader("access-control-expose-headers", "x-amzn-errortype");
}

export function answerPreflight(response: ServerResponse, { methods, headers }: Cors): void {
  allowOrigin(response);
  response.writeHead(204, {
    "access-control-allow-methods": methods,
    "access-control-allow-headers": headers,
    "access-control-max-age": "600",
  });
  response.end();
}

export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  allowOrigin(response);
  response.writeHead(status, { "content-type": "application/json", "x-amzn-requestid": newId() });
  response.end(JSON.stringify(body));
}

/** Starts the response, then breaks the connection in the middle of the body. */
export function answerCut(response: ServerResponse, body: unknown): void {
  const text = JSON.stringify(body);
  allowOrigin(response);
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.write(text.slice(0, Math.floor(text.length / 2)), () => response.destroy());
}

/** Sends something other than the service's response. */
export function answerGarbled(
  response: ServerResponse,
  answer: unknown,
  { body, status = 200, contentType = "application/json" }: GarbleWith,
): void {
  allowOrigin(response);
  response.writeHead(status, { "content-type": contentType, "x-amzn-requestid": newId() });
  response.end(typeof body === "string" ? body : body(JSON.stringify(answer)));
}

const PROXY_PAGE = "<!DOCTYPE html><html><body><h1>Access blocked</h1></body></html>";

interface RefusalParts {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const json = (body: unknown): RefusalParts => ({
  headers: { "content-type": "application/json", "x-amzn-requestid": newId() },
  body: JSON.stringify(body),
});

function serviceRefusal({ status, errorType, namedIn, message, body }: ServiceRefusal): RefusalParts {
  const name = errorType ?? errorTypeOf(status);
  const inBody = namedIn === "body";
  const base = json({ ...(inBody && { __type: name }), message: message ?? name });
  const headers = { ...base.headers, ...(!inBody && { "x-amzn-errortype": name }) };
  return body === undefined
    ? { ...base, headers }
    : { headers: { ...headers, "content-type": "text/html" }, body };
}

function partsOf(refusal: FailWith): RefusalParts {
  switch (refusal.from) {
    case "gateway":
      return json({ message: refusal.message ?? "Forbidden" });
    case "proxy":
      return { headers: { "content-type": "text/html" }, body: refusal.body ?? PROXY_PAGE };
    case "nobody":
      return { headers: {}, body: "" };
    default:
      return serviceRefusal(refusal);
  }
}

export function answerError(response: ServerResponse, refusal: FailWith): void {
  const { headers, body } = partsOf(refusal);
  const { status, retryAfterSeconds } = refusal;
  allowOrigin(response);
  response.writeHead(status, {
    ...headers,
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
  });
  response.end(body);
}

/** Attachment storage errors are XML. */
export function answerStorageError(response: ServerResponse, status: number, code: string): void {
  allowOrigin(response);
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>Refused</Message></Error>`,
  );
}

/** More than any call needs. */
const MAX_CALL_BYTES = 32 * 1024 * 1024;
/** The largest upload that an instance can allow. */
export const MAX_UPLOAD_BYTES = 104_857_600;

export async function readBody(request: IncomingMessage, maxBytes = MAX_CALL_BYTES): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    // Read and discard the rest. A client that is still sending would report an early response as a broken connection.
    if (size <= maxBytes) chunks.push(bytes);
  }
  if (size > maxBytes) throw new Refusal(413, `The body must be at most ${maxBytes} bytes.`, "gateway");
  return Buffer.concat(chunks);
}

export type Body = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export function parseBody(bytes: Buffer): Body {
  if (bytes.length === 0) return {};
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString());
  } catch {
    // Falls through to the error for JSON that isn't an object.
  }
  if (isTooDeep(body))
    throw new Refusal(400, `The body must not be nested deeper than ${MAX_JSON_DEPTH} levels.`);
  if (isObject(body)) return body;
  throw new Refusal(400, "The body must be a JSON object.");
}

/** Returns a request's URL; null if its target isn't a path, as in `OPTIONS *`. */
export function urlOf({ url = "/" }: IncomingMessage): URL | null {
  return url.startsWith("/") ? new URL(`http://localhost${url}`) : null;
}

export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
