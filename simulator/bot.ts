/** The bots for the option `bot`. */
import type { Item } from "./items";
import type { ContactScript } from "./script";

/**
 * Plays a bot or an agent: adds its handlers to the contact. Called with each new chat, and with each chat that is
 * restored from a snapshot, where `isRestored` is true: such a chat has had its greeting.
 */
export type BotScript = (contact: ContactScript, chat: { readonly isRestored: boolean }) => unknown;

/** Answers each of the customer's messages and files. Returns the function that stops the bot. */
export function echoBot(contact: ContactScript): () => void {
  return contact.onMessage((item) => {
    if (item.ParticipantRole !== "CUSTOMER" || contact.ended) return;
    contact.say(echoOf(item), { role: "SYSTEM", displayName: "Bot" });
  });
}

function echoOf({ Content = "", Attachments: files }: Readonly<Item>): string {
  return files
    ? `You sent: ${files.map(({ AttachmentName }) => AttachmentName).join(", ")}`
    : `You said: ${Content}`;
}
