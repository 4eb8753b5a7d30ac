import type { WireItem } from "../api/items";
import { isItem } from "../item";
import { objectOf, parseObject, type JsonObject } from "../util/json";

/** The protocol's topics. */
export const TOPIC = {
  chat: "aws/chat",
  subscribe: "aws/subscribe",
  heartbeat: "aws/heartbeat",
  ping: "aws/ping",
} as const;

/** Topics on which applications must not send. */
export const RESERVED_TOPICS: ReadonlySet<string> = new Set([TOPIC.subscribe, TOPIC.heartbeat, TOPIC.ping]);

/** A frame's parsed JSON. Passed to manager callbacks unchanged. */
export type RawFrame = JsonObject;

/** A frame from the server, classified by its purpose. */
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

/** A frame that a socket passes on. Malformed frames and responses to heartbeats aren't passed on. */
export type ReportedFrame = Exclude<Frame, { readonly kind: "heartbeat" | "ping" | "malformed" }>;

/** Parses and classifies a frame. Never throws. */
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
        return { kind: "malformed", problem: "no subscription status" };
      }
      const validTopics = Array.isArray(topics) ? topics.filter((each) => typeof each === "string") : [];
      return { kind: "subscription", raw, accepted: status === "success", topics: validTopics };
    }
    default:
      return { kind: "message", raw, topic };
  }
}

/** Returns a chat frame's item, or undefined if the item is malformed. */
export function parseChatItem(raw: RawFrame): WireItem | undefined {
  const item = parseObject(raw["content"]);
  return isItem(item) ? item : undefined;
}
