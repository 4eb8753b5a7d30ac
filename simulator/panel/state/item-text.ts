/** Describes an item in a few words. */
import type { Item } from "../api/types";
import { readTemplate } from "../templates/read-template";

export const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";
export const INTERACTIVE_RESPONSE = "application/vnd.amazonaws.connect.message.interactive.response";

const EVENT = "application/vnd.amazonaws.connect.event.";

/** The end of an event's content type, such as `participant.joined`. */
export const eventName = (item: Item): string => item.ContentType.replace(EVENT, "");

export const EVENT_TEXTS: Readonly<Record<string, (who: string) => string>> = {
  "participant.joined": (who) => `${who} joined`,
  "participant.left": (who) => `${who} left`,
  "participant.invited": (who) => `${who} was invited`,
  "participant.idle": (who) => `${who} is idle`,
  "participant.returned": (who) => `${who} is back`,
  "participant.autodisconnection": (who) => `${who} was disconnected for being idle`,
  "participant.displayname.updated": (who) => `Display name changed to ${who}`,
  "transfer.succeeded": () => "Transferred",
  "transfer.failed": () => "Transfer failed",
  "chat.ended": () => "Chat ended",
  "chat.rehydrated": () => "Earlier chat continued",
  "authentication.initiated": () => "Sign-in requested",
  "authentication.succeeded": () => "Sign-in succeeded",
  "authentication.failed": () => "Sign-in failed",
  "authentication.timeout": () => "Sign-in timed out",
  "authentication.expired": () => "Sign-in expired",
  "authentication.canceled": () => "Sign-in canceled",
};

export function textOfEvent(item: Item): string {
  const name = eventName(item);
  const text = EVENT_TEXTS[name];
  return text ? text(item.DisplayName ?? "Somebody") : name;
}

export function textOfItem(item: Item): string {
  if (item.Type === "EVENT") return textOfEvent(item);
  if (item.Type === "ATTACHMENT") return item.Attachments?.[0]?.AttachmentName ?? "Attachment";
  if (item.ContentType === INTERACTIVE) {
    const template = readTemplate(item.Content ?? "");
    return template?.title ?? template?.type ?? "Interactive message";
  }
  if (item.ContentType === INTERACTIVE_RESPONSE) return textOfResponse(item.Content ?? "");
  return item.Content ?? "";
}

/** The text for a template response that isn't plain text. It names the chosen action. */
function textOfResponse(content: string): string {
  try {
    const response: unknown = JSON.parse(content);
    if (typeof response !== "object" || response === null || !("action" in response)) return content;
    return `Chose “${String(response.action).trim() || "(no action)"}”`;
  } catch {
    return content;
  }
}
