/** The request log's entry for each request, without tokens. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { urlOf } from "./http";

/** An answered request. */
export interface AnsweredRequest {
  /** When it arrived, in epoch milliseconds. */
  readonly at: number;
  readonly method: string;
  /** Without its query and without view tokens. */
  readonly path: string;
  /** The HTTP status; 101 for a socket; 0 if the connection was cut. */
  readonly status: number;
  readonly durationMs: number;
}

export type RequestLog = (answered: AnsweredRequest) => void;

/** Calls `log` when the request is answered or its connection is cut. */
export function logAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  log: RequestLog,
  now: () => number,
): void {
  const at = now();
  response.once("close", () => {
    const status = response.writableFinished ? response.statusCode : 0;
    log({ ...describe(request), at, status, durationMs: now() - at });
  });
}

export function describe(request: IncomingMessage): Pick<AnsweredRequest, "method" | "path"> {
  const path = urlOf(request)?.pathname ?? "*";
  return { method: request.method ?? "GET", path: path.replace(/\/views\/.+/, "/views/…") };
}
