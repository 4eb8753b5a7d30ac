import type { ChatEventMap, ChatEventName, ChatTranscriptItem } from "../../../src/index";

interface Subscribable {
  on<Name extends ChatEventName>(name: Name, handler: (event: ChatEventMap[Name]) => unknown): () => void;
}

/** Resolves with a session's next event of this name. */
export function nextEvent<Name extends ChatEventName>(
  session: Subscribable,
  name: Name,
  matches: (event: ChatEventMap[Name]) => boolean = () => true,
): Promise<ChatEventMap[Name]> {
  return new Promise((resolve) => {
    const off = session.on(name, (event) => {
      if (!matches(event)) return;
      off();
      resolve(event);
    });
  });
}

/** Resolves with the next message with this text. */
export const nextMessage = async (session: Subscribable, text: string): Promise<ChatTranscriptItem> =>
  (await nextEvent(session, "message", ({ data }) => data.Content === text)).data;

/** Resolves when `condition` is true. Checks the condition in every turn of the event loop. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
