/** The HTTP side: routes a request to the service, the storage, the helpers of pages, or the files of a page. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Delays } from "./delays";
import { asSomebody } from "./fault-rules";
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

/** A call of the service, as it was asked and answered. */
export interface RecordedRequest {
  readonly operation: string;
  /** Epoch milliseconds of its arrival. */
  readonly at: number;
  /** 0 where the connection was cut instead of an answer, or has none yet. */
  status: number;
  /** Epoch milliseconds of the answer, if it went out as the service gave it, whole. */
  answeredAt: number | null;
  readonly participantId: string | null;
  readonly clientToken: string | null;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Body;
}

/** Routes for pages that have no backend of their own: what a StartChatContact Lambda or Streams would do. */
export type PageRoutes = Readonly<Record<string, (body: Body, bearer: string) => unknown>>;

const VIEWS = "/participant/views/";

export interface ServerParts {
  readonly service: Service;
  readonly storage: Storage;
  readonly faults: Faults;
  readonly files: StaticFiles;
  readonly pageRoutes: PageRoutes;
  readonly now: () => number;
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
    if (!url) throw new Refusal(400, "The address is not valid.");
    const path = url.pathname;
    if (this.#parts.storage.handles(path)) {
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
    const call = isCall ? await readCall(request, path) : null;
    if (call) {
      await this.#call(request, response, call);
      return;
    }
    if (await this.#parts.files.handle(request, response, path)) return;
    throw new Refusal(404, "There is nothing here.", "gateway");
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
    const fault = faults.takeCall(call.operation, caller ? [asSomebody(caller)] : []);
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

  /** What the service answers or throws, at once or after a delay. */
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

async function readCall(request: IncomingMessage, path: string): Promise<Call | null> {
  const bearer = headerOf(request, "x-amz-bearer") ?? "";
  if (request.method === "GET" && path.startsWith(VIEWS)) {
    const viewToken = decoded(path.slice(VIEWS.length));
    return { operation: "DescribeView", bearer, body: {}, viewToken };
  }
  const operation = ROUTES[path];
  if (request.method !== "POST" || operation === undefined) return null;
  return { operation, bearer, body: parseBody(await readBody(request)) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal(400, "ViewToken is not valid.");
  }
}

export function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

/** The DisplayName in StartChatContact's ParticipantDetails. */
export function displayNameOf(body: Body, otherwise: string): string {
  const details = body["ParticipantDetails"];
  return textOr(isObject(details) ? details["DisplayName"] : body["DisplayName"], otherwise);
}
