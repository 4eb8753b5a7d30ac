/**
 * For each package entry, a program that compiles and a program with a single error, TS2322. The error proves that the
 * compiler found the entry's types, because a program whose imports are `any` compiles. The programs need only ES5.
 */
export const ENTRY_PROGRAMS: Readonly<Record<string, { readonly good: string; readonly wrong: string }>> = {
  library: {
    good: `
import "amazon-connect-chatjs";
import { ChatClient, ChatSession, LogLevel, isChatError, type CallOptions } from "amazon-connect-chatjs";

connect.ChatSession.setGlobalConfig({ region: "us-east-1", loggerConfig: { level: LogLevel.INFO } });
const chatDetails = { contactId: "c", participantId: "p", participantToken: "t" };
const session: connect.CustomerChatSession = ChatSession.create({ type: "CUSTOMER", chatDetails });
session.onMessage(({ data }) => data.Content);
export const id: Promise<string | undefined> = session
  .sendMessage({ message: "Hello", contentType: "text/plain" })
  .then(
    ({ data }) => data.Id,
    (error: unknown) => (isChatError(error) ? error.code : undefined),
  );
export const causeOf = (error: unknown): unknown => (isChatError(error) ? error.cause : undefined);
export const size: Promise<number> = session
  .downloadAttachment({ attachmentId: "a" })
  .then((blob) => blob.size);
export const isAborted = ({ signal }: CallOptions): boolean => signal !== undefined && signal.aborted;
export const connected = (options: CallOptions): Promise<boolean> =>
  session.connect({ signal: options.signal }).then(({ connectSuccess }) => connectSuccess);
export abstract class Client extends ChatClient {}
`,
    wrong: `
import { ChatSession } from "amazon-connect-chatjs";
ChatSession.setGlobalConfig({ region: 5 });
`,
  },
  simulator: {
    good: `
import { Faults, startSimulator, type Simulator } from "amazon-connect-chatjs/simulator";
export class MyFaults extends Faults {}
export const contactId: Promise<string> = startSimulator({ port: 0 }).then((simulator: Simulator) => {
  simulator.faults.failNext("SendMessage", { status: 500 });
  return simulator.startChat({ displayName: "Alex" }).ContactId;
});
`,
    wrong: `
import { startSimulator } from "amazon-connect-chatjs/simulator";
export const simulator = startSimulator({ port: "3000" });
`,
  },
  inspector: {
    good: `
import { inspect, inspector } from "amazon-connect-chatjs/inspector";
import { ChatSession } from "amazon-connect-chatjs";
inspector.start({ maxEntries: 100 });
const chatDetails = { contactId: "c", participantId: "p", participantToken: "t" };
export const stop: () => void = inspect(ChatSession.create({ type: "CUSTOMER", chatDetails }));
`,
    wrong: `
import { inspector } from "amazon-connect-chatjs/inspector";
inspector.start({ maxEntries: "100" });
`,
  },
  interactive: {
    good: `
import { answerTo, parseInteractive, toPlainText, type ListElement } from "amazon-connect-chatjs/interactive";
import type { ChatEventData } from "amazon-connect-chatjs";
export const titleOf = ({ title }: ListElement): string => title;
export function answer(data: ChatEventData): string {
  const message = parseInteractive(data);
  if (message === null) return "";
  switch (message.kind) {
    case "TimePicker": {
      const slot = message.timeslots[0];
      return slot === undefined ? "" : answerTo(message, slot).message;
    }
    case "Carousel":
      return message.cards.map((card) => toPlainText(card)).join();
    default:
      return toPlainText(message);
  }
}
`,
    wrong: `
import { quickReply } from "amazon-connect-chatjs/interactive";
quickReply({ title: 5, elements: ["Yes", "No"] });
`,
  },
  react: {
    good: `
import { useChat, useChatSelector, type Chat, type ChatStore } from "amazon-connect-chatjs/react";
const chatDetails = { contactId: "c", participantId: "p", participantToken: "t" };
export const useSupport = (): Chat => useChat({ start: () => Promise.resolve(chatDetails) });
export const useCount = (store: ChatStore): number => useChatSelector(store, ({ messages }) => messages.length);
export const idOf = ({ session }: Chat): string | undefined => session?.getChatDetails().contactId;
`,
    wrong: `
import { sessionStorageResume } from "amazon-connect-chatjs/react";
export const key: number = sessionStorageResume();
`,
  },
};
