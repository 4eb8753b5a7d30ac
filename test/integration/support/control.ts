import { request as httpRequest } from "node:http";
import { conforms, problemOf } from "../../../simulator/control/check";
import {
  OPERATIONS,
  type AnswerOf,
  type BodyOf,
  type OperationId,
  type PathParametersOf,
  type QueryOf,
} from "../../../simulator/control/operations";
import type { ControlEventName, ControlEvents } from "../../../simulator/index";

export interface ControlResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** Returns an error response's code and message. Other responses make the test fail. */
export function errorOf({ body }: ControlResponse): { code: string; message: string } {
  const { error } = body as { error: { code: string; message: string } };
  return error;
}

export interface Input<Id extends OperationId> {
  readonly parameters?: PathParametersOf<Id>;
  readonly query?: QueryOf<Id>;
  readonly body?: BodyOf<Id>;
}

/** A typed client for the control API. */
export class ControlClient {
  /** The operations that have succeeded. */
  readonly succeeded = new Set<OperationId>();
  readonly #url: () => string;

  constructor(url: () => string) {
    this.#url = url;
  }

  async fetch(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ControlResponse> {
    const response = await fetch(this.#url() + path, {
      method,
      headers: { ...(method !== "GET" && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type") === "application/json";
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  send<Id extends OperationId>(
    id: Id,
    { parameters, query, body }: Input<Id> = {},
  ): Promise<ControlResponse> {
    const { method, path } = OPERATIONS[id];
    const pathParameters: Readonly<Record<string, string>> = parameters ?? {};
    const filledPath = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(pathParameters[name] ?? ""),
    );
    const pairs = Object.entries<unknown>(query ?? {}).map(([name, value]) => [name, String(value)]);
    const search = new URLSearchParams(pairs).toString();
    return this.fetch(method, filledPath + (search && `?${search}`), body);
  }

  /** Calls an operation and returns its response, which must conform to the operation's schema. */
  async call<Id extends OperationId>(id: Id, input: Input<Id> = {}): Promise<AnswerOf<Id>> {
    const { status, body } = await this.send(id, input);
    if (status !== 200) throw new Error(`${id} failed with ${status}: ${JSON.stringify(body)}`);
    this.succeeded.add(id);
    const { answer } = OPERATIONS[id];
    if (conforms<AnswerOf<Id>>(answer as never, body)) return body;
    throw new Error(`The response of ${id} doesn't conform to its schema. ${problemOf(answer, body) ?? ""}`);
  }
}

export interface ReceivedEvent<Name extends ControlEventName = ControlEventName> {
  readonly id: number;
  readonly name: Name;
  readonly data: ControlEvents[Name];
}

/** Listens to the event stream, as EventSource does. */
export class EventReader {
  readonly events: ReceivedEvent[] = [];
  /** All text received so far. */
  text = "";
  readonly opened: Promise<void>;
  readonly closed: Promise<void>;
  readonly #close: () => void;

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    const request = httpRequest(url, { headers });
    this.#close = () => request.destroy();
    let isOver = (): void => undefined;
    this.closed = new Promise((resolve) => (isOver = resolve));
    this.opened = new Promise((resolve, reject) => {
      request.once("error", (error) => {
        reject(error);
        isOver();
      });
      request.once("response", (response) => {
        response.setEncoding("utf8");
        response.on("data", (text: string) => this.#read(text));
        response.on("error", () => undefined);
        response.once("close", isOver);
        resolve();
      });
    });
    request.end();
  }

  of<Name extends ControlEventName>(name: Name): ReceivedEvent<Name>[] {
    return this.events.filter((event): event is ReceivedEvent<Name> => event.name === name);
  }

  close(): void {
    this.#close();
  }

  #rest = "";

  #read(text: string): void {
    this.text += text;
    const blocks = (this.#rest + text).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const field = (name: string): string | undefined => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
      const name = field("event");
      if (name === undefined) continue;
      const data: unknown = JSON.parse(field("data") ?? "null");
      this.events.push({ id: Number(field("id")), name, data } as ReceivedEvent);
    }
  }
}
