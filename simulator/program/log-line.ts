import type { AnsweredRequest } from "../index";

/** One line of the request log: time, method, path, status, duration. */
export function logLine({ at, method, path, status, durationMs }: AnsweredRequest): string {
  const time = new Date(at).toISOString().slice(11, 23);
  return `${time} ${method} ${path} ${status === 0 ? "cut" : status} ${Math.round(durationMs)} ms`;
}
