/** The bots for the option `bot`. */
import type { Item } from "./items";
import type { ContactScript } from "./script";

/** A function that plays a bot or an agent in each new chat, by adding handlers to the contact. */
export type BotScript = (contact: ContactScript) => unknown;

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
