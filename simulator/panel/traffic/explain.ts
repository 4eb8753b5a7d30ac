/** Explains traffic in words. */
import type { TrafficEntry } from "../api/types";
import { shortName } from "./filter";

/** What the usual close codes mean. The library itself closes sockets with 1000 and 4000. */
const CLOSE_CODES: Readonly<Record<number, string>> = {
  1000: "Closed normally: the chat is over, or the library has a newer socket.",
  1001: "The page was closed or loaded again.",
  1005: "Closed without a code.",
  1006: "The connection broke without a close frame.",
  1011: "The server failed.",
  1012: "The server restarts.",
  4000: "The library gave the socket up, because heartbeats or subscriptions failed, and opens another.",
};

const SOCKET_TITLES: Readonly<Record<string, string>> = {
  opened: "socket opened",
  subscribed: "socket subscribed",
  closed: "socket closed",
};

/** Returns a field of an entry's request. */
function field({ request }: TrafficEntry, name: string): unknown {
  return typeof request === "object" && request !== null ? Reflect.get(request, name) : undefined;
}

/** An entry's name in the list. */
export function titleOf(entry: TrafficEntry): string {
  if (entry.kind !== "socket") return shortName(entry.name);
  if (entry.name === "refused")
    return field(entry, "of") === "subscription" ? "subscription refused" : "socket refused";
  return SOCKET_TITLES[entry.name] ?? entry.name;
}

/** An entry's result in the list. */
export function resultOf(entry: TrafficEntry): string {
  const outcome = outcomeOf(entry);
  if (outcome !== undefined) return outcome;
  if (entry.status === undefined) return "";
  return entry.status === 0 && entry.kind !== "socket" ? "cut" : String(entry.status);
}

/** Whether a frame was lost or changed before the page received it. */
function outcomeOf(entry: TrafficEntry): "lost" | "changed" | undefined {
  const outcome = entry.kind === "frame" ? field(entry, "outcome") : undefined;
  return outcome === "lost" || outcome === "changed" ? outcome : undefined;
}

/** Explains an entry that may surprise; undefined for others. */
export function explanationOf(entry: TrafficEntry): string | undefined {
  const outcome = outcomeOf(entry);
  if (outcome === "lost") return "The page never received this frame.";
  if (outcome === "changed") return "The page received a changed frame, which is shown below.";
  if (entry.kind === "socket" && entry.name === "closed" && entry.status !== undefined)
    return CLOSE_CODES[entry.status];
  return undefined;
}

/** Red: failed or refused. Amber: changed by a fault, or lost. */
export type Tone = "bad" | "warn" | "plain";

export function toneOf(entry: TrafficEntry): Tone {
  const { status, kind, name, fault } = entry;
  if (kind === "socket" && name === "refused") return "bad";
  if (kind !== "socket" && status !== undefined && (status === 0 || status >= 400)) return "bad";
  return fault === undefined && outcomeOf(entry) === undefined ? "plain" : "warn";
}
