/** The control API: asks the guard whether a request is allowed, finds its operation, and answers with JSON. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Engine } from "../engine";
import type { Guard } from "../guard";
import { internalProblem, type ReportProblem } from "../problems";
import type { ControlRoutes } from "../server";
import { Context } from "./context";
import { ControlError, controlErrorOf, STATUS_OF } from "./errors";
import { EventLog } from "./event-log";
import { EventStreams } from "./event-streams";
import { contactRoutes } from "./handlers/contacts";
import { faultRoutes } from "./handlers/faults";
import { messageRoutes } from "./handlers/messages";
import { stateRoutes } from "./handlers/state";
import type { AnyOperation, OperationId, Operations } from "./operations";
import { Reporter } from "./reporter";
import type { Route } from "./route";
import { StreamPlayer } from "./stream-player";
import { TrafficLog } from "./traffic-log";

/** Each operation of the table has its handler. */
type Routes = { readonly [Id in OperationId]: Route<Operations[Id]> };

export interface ControlParts {
  readonly engine: Engine;
  readonly guard: Guard;
  /** The simulator's own URL, for a request without a valid Host header. */
  readonly url: () => string;
  readonly restart: (downMs: number) => Promise<void>;
  readonly clearRequests: () => void;
}

export class ControlApi implements ControlRoutes {
  readonly #guard: Guard;
  readonly #reportProblem: ReportProblem;
  readonly #routes: readonly Route<AnyOperation>[];
  readonly #streams: EventStreams;
  readonly #player = new StreamPlayer();
  readonly #unobserve: () => void;

  constructor({ engine, guard, ...parts }: ControlParts) {
    this.#guard = guard;
    this.#reportProblem = engine.reportProblem;
    const traffic = new TrafficLog(
      (participantId) => engine.contacts.participant(participantId)?.role ?? null,
    );
    // The real time, even if a test controls the simulator's clock, because IDs must be higher than an earlier run's.
    const events = new EventLog(Date.now());
    this.#streams = new EventStreams(events);
    this.#unobserve = engine.observers.add(new Reporter(engine, traffic, events));
    const context = new Context({ ...parts, engine, traffic, streams: this.#streams, player: this.#player });
    const routes: Routes = {
      ...stateRoutes(context),
      ...contactRoutes(context),
      ...messageRoutes(context),
      ...faultRoutes(context),
    };
    this.#routes = Object.values(routes);
  }

  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    if (!this.#guard.admit(request, response)) return;
    response.setHeader("cache-control", "no-store");
    response.setHeader("x-content-type-options", "nosniff");
    try {
      const { route, parameters } = this.#find(request.method ?? "GET", url.pathname, response);
      await route.run({ request, response, url, parameters });
    } catch (error) {
      // The client disconnected while it was sending.
      if (error === request.errored) return;
      const { code, message } = controlErrorOf(error);
      if (code === "Internal")
        this.#reportProblem(internalProblem(`${request.method ?? ""} ${url.pathname}`, error));
      if (response.headersSent || response.destroyed) return;
      response.writeHead(STATUS_OF[code], { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { code, message } }));
    }
  }

  /** Ends event streams and background work. */
  close(): void {
    this.#unobserve();
    this.#streams.close();
    this.#player.close();
  }

  #find(
    method: string,
    path: string,
    response: ServerResponse,
  ): { route: Route<AnyOperation>; parameters: Readonly<Record<string, string>> } {
    const matches = this.#routes.flatMap((route) => {
      const parameters = parametersOf(route.operation.path, path);
      return parameters ? [{ route, parameters }] : [];
    });
    const match = matches.find(({ route }) => route.operation.method === method);
    if (match) return match;
    if (matches.length === 0) {
      throw new ControlError("NotFound", `There is no ${path}. GET /_control/openapi.json lists all routes.`);
    }
    const methods = matches.map(({ route }) => route.operation.method).join(", ");
    response.setHeader("allow", methods);
    throw new ControlError("MethodNotAllowed", `${path} takes ${methods}; got ${method}.`);
  }
}

/** The parameters of a path that matches a template, or null. */
function parametersOf(template: string, path: string): Readonly<Record<string, string>> | null {
  const expected = template.split("/");
  const pathParts = path.split("/");
  if (expected.length !== pathParts.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const text = pathParts[index] ?? "";
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (part !== text) return null;
    } else if (text === "") return null;
    else parameters[name] = decoded(text);
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ControlError("BadRequest", `The path has a part that isn't valid URL encoding: ${text}`);
  }
}
