import type { WireItem } from "../api/items";
import { isItem } from "../item";
import { objectOf, parseObject, type JsonObject } from "../util/json";

/** The topics of the protocol. */
export const TOPIC = {
  chat: "aws/chat",
  subscribe: "aws/subscribe",
  heartbeat: "aws/heartbeat",
  ping: "aws/ping",
} as const;

/** Topics that only the manager itself may send on. */
export const RESERVED_TOPICS: ReadonlySet<string> = new Set([TOPIC.subscribe, TOPIC.heartbeat, TOPIC.ping]);

/** A frame as it came, parsed: what callbacks of the manager are given. */
export type RawFrame = JsonObject;

/** A frame from the server, by what it means. */
export type Frame =
  | { readonly kind: "heartbeat"; readonly raw: RawFrame }
  | { readonly kind: "ping"; readonly raw: RawFrame; readonly healthy: boolean }
  | {
      readonly kind: "subscription";
      readonly raw: RawFrame;
      readonly accepted: boolean;
      readonly topics: readonly string[];
    }
  | { readonly kind: "message"; readonly raw: RawFrame; readonly topic: string }
  | { readonly kind: "topicFailure"; readonly raw: RawFrame }
  | { readonly kind: "malformed"; readonly problem: string };

/** What a socket reports: neither an answer to its own beats, nor damaged. */
export type ReportedFrame = Exclude<Frame, { readonly kind: "heartbeat" | "ping" | "malformed" }>;

/** Reads a frame; whatever it is, this never throws. */
export function parseFrame(data: unknown): Frame {
  const raw = parseObject(data);
  if (!raw) return { kind: "malformed", problem: "not a JSON object" };
  const topic = raw["topic"];
  if (typeof topic !== "string") {
    return typeof raw["message"] === "string"
      ? { kind: "topicFailure", raw }
      : { kind: "malformed", problem: "no topic" };
  }
  switch (topic) {
    case TOPIC.heartbeat:
      return { kind: "heartbeat", raw };
    case TOPIC.ping:
      return { kind: "ping", raw, healthy: raw["statusCode"] === 200 && raw["statusContent"] === "OK" };
    case TOPIC.subscribe: {
      const { status, topics } = objectOf(raw["content"]);
      if (status !== "success" && status !== "failure") {
        return { kind: "malformed", problem: "a subscription without a status" };
      }
      const named = Array.isArray(topics) ? topics.filter((each) => typeof each === "string") : [];
      return { kind: "subscription", raw, accepted: status === "success", topics: named };
    }
    default:
      return { kind: "message", raw, topic };
  }
}

/** The item in a frame of the chat's topic; undefined when it is damaged. */
export function parseChatItem(raw: RawFrame): WireItem | undefined {
  const item = parseObject(raw["content"]);
  return isItem(item) ? item : undefined;
}
