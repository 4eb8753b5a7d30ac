/** The HTTP side: routes each request to the service, attachment storage, the page routes or the served files. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { addressOf } from "./address";
import { Delays } from "./delays";
import { participantRef } from "./fault-rules";
import type { CallFault, CutAt, DelayAt } from "./fault-types";
import type { Faults } from "./faults";
import type { Guard } from "./guard";
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
import type { SimulatorEvent } from "./observer";
import { internalProblem, type ReportProblem } from "./problems";
import { describe } from "./request-log";
import type { Call, Service } from "./service";
import { ROUTES } from "./service-operations";
import type { StaticFiles } from "./static-files";
import type { Storage } from "./storage";

/** A service call and the result. */
export interface RecordedRequest {
  readonly operation: string;
  /** When it arrived, in epoch milliseconds. */
  readonly at: number;
  /** The HTTP status; 0 if the connection was cut or there is no response yet. */
  status: number;
  /** When the service's own response was sent completely, in epoch milliseconds; null if it wasn't. */
  answeredAt: number | null;
  readonly participantId: string | null;
  readonly clientToken: string | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

/** Routes for pages without a backend. They replace a StartChatContact Lambda and Streams. */
export type PageRoutes = Readonly<Record<string, (body: Body, bearer: string) => unknown>>;

/** The part of the control API that the server needs. */
export interface ControlRoutes {
  handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>;
}

const VIEWS = "/participant/views/";
const CONTROL = "/_control/";
/** Page routes that control the simulator. */
const GUARDED = "/simulator/";

export interface ServerParts {
  readonly service: Service;
  readonly storage: Storage;
  readonly faults: Faults;
  readonly files: StaticFiles;
  readonly pageRoutes: PageRoutes;
  readonly now: () => number;
  readonly report: (event: SimulatorEvent) => void;
  readonly reportProblem: ReportProblem;
  readonly control: ControlRoutes | null;
  /** How many of the latest calls to keep. */
  readonly maxRequests: number;
  /** Decides whether a request may reach the routes that control the simulator. */
  readonly guard: Guard;
  /** The simulator's own URL, for a request without a valid Host header. */
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
      // The client disconnected while it was sending.
      if (error === request.errored) return;
      if (!(error instanceof Refusal)) {
        const { method, path } = describe(request);
        this.#parts.reportProblem(internalProblem(`${method} ${path}`, error));
      }
      if (response.headersSent || response.destroyed) return;
      if (error instanceof Refusal) {
        const { status, message, from } = error;
        answerError(response, { status, message, from });
      } else answerError(response, { status: 500, message: String(error) });
    }
  }

  close(): void {
    this.#delays.close();
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request);
    if (!url) throw new Refusal(400, "The request URL must be a path.");
    const path = url.pathname;
    if (path.startsWith(CONTROL) && this.#parts.control) {
      await this.#parts.control.handle(request, response, url);
      return;
    }
    if (this.#parts.storage.handles(path)) {
      await this.#parts.storage.handle(request, response, url);
      return;
    }
    if (path.startsWith(GUARDED) && !this.#parts.guard.admit(request, response)) return;
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
    if (this.requests.length > this.#parts.maxRequests) this.requests.shift();
    const callers = caller ? [participantRef(caller)] : [];
    const hit = faults.takeCall(call.operation, callers);
    const latency = faults.takeLatency(call.operation, callers);
    const faultId = hit?.id ?? latency.id;
    if (latency.ms > 0) await this.#delays.wait(latency.ms);
    let answer: unknown;
    try {
      answer = await this.#perform(response, call, record, hit?.fault);
    } catch (error) {
      record.status = error instanceof Refusal ? error.status : 500;
      answer = { message: error instanceof Error ? error.message : String(error) };
      throw error;
    } finally {
      this.#parts.report({
        ...({ kind: "call", operation: call.operation, caller: callers[0] ?? null } as const),
        ...{ at: record.at, durationMs: now() - record.at, status: record.status },
        ...{ request: call.viewToken === undefined ? call.body : { ViewToken: call.viewToken } },
        ...{ response: answer, ...(faultId !== undefined && { faultId }) },
        ...(request.headers.origin !== undefined && { origin: request.headers.origin }),
      });
    }
  }

  /** Performs a call with its fault applied, and answers it. Returns the body that was sent. */
  async #perform(
    response: ServerResponse,
    call: Call,
    record: RecordedRequest,
    fault: CallFault | undefined,
  ): Promise<unknown> {
    if (isDelay(fault, "before")) await this.#delays.wait(fault.delayMs);
    if (fault?.kind === "fail") {
      record.status = fault.refusal.status;
      answerError(response, fault.refusal);
      return undefined;
    }
    if (isCut(fault, "before")) {
      response.destroy();
      return undefined;
    }
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
      if (!response.destroyed) record.answeredAt = this.#parts.now();
      return answer;
    }
    return undefined;
  }

  /** Performs the call. A delay "after" holds back the response or the error. */
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

/** Returns DisplayName from StartChatContact's ParticipantDetails or from the body itself. */
export function displayNameOf(body: Body, fallback: string): string {
  const details = body["ParticipantDetails"];
  return textOr(isObject(details) ? details["DisplayName"] : body["DisplayName"], fallback);
}
