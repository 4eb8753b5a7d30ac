/** The HTTP side: routes each request to the service, attachment storage, the page routes or the served files. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { addressOf } from "./address";
import { Delays } from "./delays";
import { participantRef } from "./fault-rules";
import type { CallFault, CutAt, DelayAt, Faults } from "./faults";
import {
  answerCut,
  answerError,
  answerGarbled,
  answerJson,
  answerPreflight,
  headerOf,
  isObject,
  parseBody,
  readBody,
  Refusal,
  SERVICE_CORS,
  urlOf,
  type Body,
} from "./http";
import { ROUTES, type Call, type Service } from "./service";
import type { StaticFiles } from "./static-files";
import type { Storage } from "./storage";

/** A service call and its answer. */
export interface RecordedRequest {
  readonly operation: string;
  /** When it arrived, in epoch milliseconds. */
  readonly at: number;
  /** The HTTP status; 0 if the connection was cut or the call hasn't been answered yet. */
  status: number;
  /** When the service's own answer was sent in full, in epoch milliseconds; null otherwise. */
  answeredAt: number | null;
  readonly participantId: string | null;
  readonly clientToken: string | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

/** Routes for pages without a backend: they stand in for a StartChatContact Lambda and for Streams. */
export type PageRoutes = Readonly<Record<string, (body: Body, bearer: string) => unknown>>;

const VIEWS = "/participant/views/";

export interface ServerParts {
  readonly service: Service;
  readonly storage: Storage;
  readonly faults: Faults;
  readonly files: StaticFiles;
  readonly pageRoutes: PageRoutes;
  readonly now: () => number;
  /** How long each call, upload and download waits before the service acts. */
  readonly latencyMs: number;
  /** The simulator's own URL, for a request that doesn't say which address it came to. */
  readonly url: () => string;
}

export class Server {
  readonly #parts: ServerParts;
  readonly #delays = new Delays();
  requests: RecordedRequest[] = [];

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      if (response.headersSent || response.destroyed) return;
      if (error instanceof Refusal) {
        const { status, message, from } = error;
        answerError(response, { status, message, from });
      } else answerError(response, { status: 500, message: String(error) });
    }
  }

  close(): void {
    this.#delays.close();
    this.#parts.storage.close();
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request);
    if (!url) throw new Refusal(400, "The request URL must be a path.");
    const path = url.pathname;
    if (this.#parts.storage.handles(path)) {
      await this.#latency();
      await this.#parts.storage.handle(request, response, url);
      return;
    }
    const pageRoute = this.#parts.pageRoutes[path];
    const isCall = path.startsWith("/participant/");
    if (request.method === "OPTIONS" && (isCall || pageRoute)) {
      answerPreflight(response, SERVICE_CORS);
      return;
    }
    if (request.method === "POST" && pageRoute) {
      const body = parseBody(await readBody(request));
      answerJson(response, pageRoute(body, headerOf(request, "x-amz-bearer") ?? ""));
      return;
    }
    const call = isCall ? await readCall(request, path, addressOf(request, this.#parts.url())) : null;
    if (call) {
      await this.#call(request, response, call);
      return;
    }
    if (await this.#parts.files.handle(request, response, path)) return;
    throw new Refusal(404, "Not found.", "gateway");
  }

  async #latency(): Promise<void> {
    if (this.#parts.latencyMs > 0) await this.#delays.wait(this.#parts.latencyMs);
  }

  async #call(request: IncomingMessage, response: ServerResponse, call: Call): Promise<void> {
    const { service, faults, now } = this.#parts;
    const clientToken = call.body["ClientToken"];
    const caller = service.participantOf(call);
    const record: RecordedRequest = {
      operation: call.operation,
      at: now(),
      status: 0,
      answeredAt: null,
      participantId: caller?.participantId ?? null,
      clientToken: typeof clientToken === "string" ? clientToken : null,
      headers: { ...request.headers },
      body: call.body,
    };
    this.requests.push(record);
    const fault = faults.takeCall(call.operation, caller ? [participantRef(caller)] : []);
    await this.#latency();
    if (isDelay(fault, "before")) await this.#delays.wait(fault.delayMs);
    if (fault?.kind === "fail") {
      record.status = fault.refusal.status;
      answerError(response, fault.refusal);
      return;
    }
    if (isCut(fault, "before")) {
      response.destroy();
      return;
    }
    try {
      const answer = await this.#answer(call, fault);
      if (isCut(fault, "after")) {
        response.destroy();
      } else if (isCut(fault, "midAnswer")) {
        answerCut(response, answer);
      } else if (fault?.kind === "garble") {
        record.status = fault.status ?? 200;
        answerGarbled(response, answer, fault);
      } else {
        record.status = 200;
        answerJson(response, answer);
        if (!response.destroyed) record.answeredAt = now();
      }
    } catch (error) {
      record.status = error instanceof Refusal ? error.status : 500;
      throw error;
    }
  }

  /** Performs the call. A delay "after" holds back the answer, or the error. */
  async #answer(call: Call, fault: CallFault | undefined): Promise<unknown> {
    try {
      return this.#parts.service.perform(call);
    } finally {
      if (isDelay(fault, "after")) await this.#delays.wait(fault.delayMs);
    }
  }
}

const isCut = (fault: CallFault | undefined, when: CutAt): boolean =>
  fault?.kind === "cut" && fault.when === when;

const isDelay = (
  fault: CallFault | undefined,
  when: DelayAt,
): fault is Extract<CallFault, { kind: "delay" }> => fault?.kind === "delay" && fault.when === when;

async function readCall(request: IncomingMessage, path: string, address: string): Promise<Call | null> {
  const bearer = headerOf(request, "x-amz-bearer") ?? "";
  if (request.method === "GET" && path.startsWith(VIEWS)) {
    const viewToken = decoded(path.slice(VIEWS.length));
    return { operation: "DescribeView", bearer, body: {}, address, viewToken };
  }
  const operation = ROUTES[path];
  if (request.method !== "POST" || operation === undefined) return null;
  return { operation, bearer, body: parseBody(await readBody(request)), address };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal(400, "ViewToken is not valid URL encoding.");
  }
}

export function textOr(value: unknown, fallback: string): string {
  return typeof value === "string" && value !== "" ? value : fallback;
}

/** DisplayName, from StartChatContact's ParticipantDetails or from the body itself. */
export function displayNameOf(body: Body, fallback: string): string {
  const details = body["ParticipantDetails"];
  return textOr(isObject(details) ? details["DisplayName"] : body["DisplayName"], fallback);
}
