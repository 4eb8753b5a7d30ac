import {
  ChatSession,
  type ChatTranscriptItem,
  type ConnectionState,
  type CustomerChatSession,
} from "amazon-connect-chatjs";
import { useCallback, useEffect, useRef, useState } from "react";

export type ChatItem = ChatTranscriptItem;
/** What your backend hands out: the answer of StartChatContact. */
export interface StartedChat {
  ContactId: string;
  ParticipantId: string;
  ParticipantToken: string;
}

const EVENT = "application/vnd.amazonaws.connect.event.";
/** The service's typing events come at most every 10 s while somebody writes. */
const TYPING_SHOWN_MS = 11_000;

/** A customer's chat. It is given back when the component goes. */
export function useChat(startChatContact: () => Promise<StartedChat>) {
  const [status, setStatus] = useState<ConnectionState>("idle");
  const [items, setItems] = useState<ChatItem[]>([]);
  const [typing, setTyping] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const session = useRef<CustomerChatSession | null>(null);

  const tell = (cause: unknown): void => setError(cause instanceof Error ? cause.message : String(cause));
  /** What fails of a message shows in the transcript, as FAILED: nobody waits for the promise. */
  const quietly = (promise?: Promise<unknown>): void => void promise?.catch(() => undefined);

  const leave = useCallback(() => {
    session.current?.dispose();
    session.current = null;
  }, []);
  useEffect(() => leave, [leave]);
  useEffect(() => {
    if (typing === null) return;
    const timer = setTimeout(() => setTyping(null), TYPING_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [typing, items]);

  const connect = async (): Promise<void> => {
    leave();
    setError(null);
    setItems([]);
    setStatus("connecting");
    try {
      const chatDetails = await startChatContact();
      const started = ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
      session.current = started;
      const isOther = (item: { ParticipantId?: string | undefined }): boolean =>
        item.ParticipantId !== chatDetails.ParticipantId;
      started.onConnectionStateChanged(({ data }) => setStatus(data.newState));
      started.onTranscriptUpdated(({ data }) => setItems(data.transcript));
      started.onTyping(({ data }) => isOther(data) && setTyping(data.DisplayName ?? "Agent"));
      started.onMessage(({ data }) => isOther(data) && setTyping(null));
      await started.connect();
    } catch (cause) {
      setStatus("broken");
      tell(cause);
    }
  };

  return {
    status,
    items,
    /** Who types, for as long as that is likely. */
    typing,
    error,
    connect,
    send: (message: string) => quietly(session.current?.sendMessage({ contentType: "text/plain", message })),
    resend: (id: string) => quietly(session.current?.resendMessage(id)),
    /** Call it for each key: the library tells the service at most every 10 s. */
    notifyTyping: () => quietly(session.current?.sendEvent({ contentType: `${EVENT}typing` })),
    markRead: (messageId: string) =>
      quietly(session.current?.sendEvent({ contentType: `${EVENT}message.read`, content: { messageId } })),
    end: () => void session.current?.disconnectParticipant().catch(tell),
  };
}
