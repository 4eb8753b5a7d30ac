/** The summaries of contacts for the control API. */
import type { Contact } from "../contact";
import type { Engine } from "../engine";
import { copyOf, EVENT, type Item } from "../items";
import { roleOf } from "../waiting";
import type { ContactDetails, ContactSummary, LastItem } from "./types";

const MAX_TEXT = 200;
const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";

export function summaryOf(contact: Contact, engine: Engine): ContactSummary {
  const { contactId, initialContactId, startedAt, ended, participants, transcript } = contact;
  const last = lastNews(transcript.items);
  return {
    ...{ contactId, initialContactId, startedAt, ended },
    displayName: participants.find(({ role }) => role === "CUSTOMER")?.displayName ?? "",
    participants: participants.map(({ participantId, role, displayName, joined, left, isPlayed }) => ({
      ...{ participantId, role, displayName, joined, left, isPlayed },
      connected: engine.sockets.isConnected(participantId),
    })),
    items: transcript.items.length,
    lastItem: last ? lastItemOf(contact, last) : null,
  };
}

export function detailsOf(contact: Contact, engine: Engine): ContactDetails {
  return {
    ...summaryOf(contact, engine),
    attributes: { ...contact.attributes },
    behaviors: engine.behaviorsOf(contact.contactId).values,
    authenticationSessionId: contact.authenticationSessionId,
    transcript: copyOf([...contact.transcript.items]),
  };
}

/** The last item that isn't a receipt. Receipts belong to their messages. */
function lastNews(items: readonly Item[]): Item | undefined {
  let last = items.length - 1;
  while (items[last]?.Type === "MESSAGEMETADATA") last -= 1;
  return items[last];
}

const lastItemOf = (contact: Contact, item: Item): LastItem => ({
  at: item.AbsoluteTime,
  role: roleOf(contact, item) ?? null,
  text: textOf(item).slice(0, MAX_TEXT),
});

function textOf({ Type, Content = "", ContentType, Attachments = [] }: Item): string {
  if (Type === "ATTACHMENT") return Attachments.map(({ AttachmentName }) => AttachmentName).join(", ");
  if (Type !== "MESSAGE") return ContentType.replace(EVENT, "");
  return ContentType === INTERACTIVE ? titleOf(Content) : Content;
}

/** Returns an interactive message's title, or its JSON if there is no title. */
function titleOf(content: string): string {
  try {
    const template = JSON.parse(content) as { data?: { content?: { title?: unknown } } } | null;
    const title = template?.data?.content?.title;
    return typeof title === "string" ? title : content;
  } catch {
    return content;
  }
}
