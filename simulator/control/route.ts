/** Binds each operation in the table to its handler. Reads and checks requests, calls handlers, and sends responses. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { headerOf, isObject, readBody, Refusal } from "../http";
import { isTooDeep, MAX_JSON_DEPTH } from "../json";
import { conforms, problemOf } from "./check";
import { ControlError } from "./errors";
import { parametersIn, type AnyOperation, type NamesIn, type Operation } from "./operations";
import type { AnySchema, Schema } from "./schema";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A checked request. */
export interface Call<Path extends string, Query, Body> extends Exchange {
  readonly parameters: Parameters<Path>;
  readonly query: Query;
  readonly body: Body;
}

export type Parameters<Path extends string> = { readonly [Name in NamesIn<Path>]: string };

/** A request that matches a route's path. */
export interface Matched extends Exchange {
  readonly url: URL;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Route<Bound> {
  readonly operation: Bound;
  /** Handles a request. Throws a ControlError, a WaitError or a Refusal. */
  readonly run: (matched: Matched) => Promise<void>;
}

/** Enough for a snapshot with a few large attachments. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** A route whose handler returns the response's JSON. */
export function route<Path extends string, Query, Body, Answer>(
  operation: Operation<Path, Query, Body, Answer>,
  handle: (call: Call<Path, Query, Body>) => Answer | Promise<Answer>,
): Route<Operation<Path, Query, Body, Answer>> {
  return rawRoute(operation, async (call) => {
    const answer = await handle(call);
    if (call.response.destroyed) return;
    call.response.writeHead(200, { "content-type": "application/json" });
    call.response.end(JSON.stringify(answer));
  });
}

/** A route whose handler writes the response itself. */
export function rawRoute<Path extends string, Query, Body, Answer>(
  operation: Operation<Path, Query, Body, Answer>,
  handle: (call: Call<Path, Query, Body>) => void | Promise<void>,
): Route<Operation<Path, Query, Body, Answer>> {
  return {
    operation,
    run: async ({ request, response, url, parameters }) => {
      if (!hasParameters(operation.path, parameters))
        throw new ControlError("Internal", "The path has no parameters.");
      const query = checked(operation.query, queryOf(url, operation.query), "The query");
      const body = checked(operation.body, await bodyOf(request, operation), "The body");
      await handle({ request, response, parameters, query, body });
    },
  };
}

function hasParameters<Path extends string>(
  path: Path,
  parameters: Readonly<Record<string, string>>,
): parameters is Parameters<Path> {
  return parametersIn(path).every((name) => Object.hasOwn(parameters, name));
}

function checked<Value>(schema: Schema<Value>, value: unknown, what: string): Value {
  if (conforms(schema, value)) return value;
  throw new ControlError("BadRequest", `${what} is wrong. ${problemOf(schema, value) ?? ""}`);
}

/** The query's parameters, with numbers parsed; undefined if the operation has no parameters. */
function queryOf(url: URL, { shape }: AnySchema): Readonly<Record<string, unknown>> | undefined {
  if (shape.kind !== "object") return undefined;
  return Object.fromEntries(
    [...url.searchParams].map(([name, text]) => {
      const isNumber = shape.fields[name]?.schema.shape.kind === "number";
      return [name, isNumber && text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text];
    }),
  );
}

async function bodyOf(request: IncomingMessage, { method, body: { shape } }: AnyOperation): Promise<unknown> {
  const bytes = await read(request);
  if (method === "GET" || method === "DELETE") return undefined;
  // A form on another site can't send this type without a preflight request.
  const type = headerOf(request, "content-type") ?? "";
  if (!/^application\/json\s*(?:;|$)/i.test(type)) {
    const got = type === "" ? "none" : `"${type}"`;
    throw new ControlError("BadRequest", `Send the header content-type: application/json; got ${got}.`);
  }
  if (bytes.length === 0) return shape.kind === "absent" ? undefined : {};
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString());
  } catch (error) {
    throw new ControlError("BadRequest", `The body isn't valid JSON: ${String(error)}`);
  }
  const deep = isObject(body) ? Object.entries(body).find(([, value]) => isTooDeep(value))?.[0] : undefined;
  if (deep !== undefined || isTooDeep(body)) {
    const what = deep === undefined ? "The body" : `\`${deep}\``;
    throw new ControlError("BadRequest", `${what} must not be nested deeper than ${MAX_JSON_DEPTH} levels.`);
  }
  const isEmpty = typeof body === "object" && body !== null && Object.keys(body).length === 0;
  return shape.kind === "absent" && isEmpty ? undefined : body;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  try {
    return await readBody(request, MAX_BODY_BYTES);
  } catch (error) {
    if (error instanceof Refusal) throw new ControlError("BadRequest", error.message);
    throw error;
  }
}
