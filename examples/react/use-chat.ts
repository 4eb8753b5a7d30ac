import {
  ChatSession,
  type ChatTranscriptItem,
  type ConnectionState,
  type CustomerChatSession,
} from "amazon-connect-chatjs";
import { useCallback, useEffect, useRef, useState } from "react";

export type ChatItem = ChatTranscriptItem;
/** Your backend's response, which is StartChatContact's response. */
export interface StartedChat {
  ContactId: string;
  ParticipantId: string;
  ParticipantToken: string;
}

const EVENT = "application/vnd.amazonaws.connect.event.";
/** How long to show the typing indicator. While somebody types, a typing event arrives at most every 10 s. */
const TYPING_SHOWN_MS = 11_000;

/** A customer's chat. The hook disposes of the session when the component unmounts. */
export function useChat(startChatContact: () => Promise<StartedChat>) {
  const [status, setStatus] = useState<ConnectionState>("idle");
  const [items, setItems] = useState<ChatItem[]>([]);
  const [typing, setTyping] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const session = useRef<CustomerChatSession | null>(null);

  const showError = (cause: unknown): void =>
    setError(cause instanceof Error ? cause.message : String(cause));
  /** Ignores a call's rejection. The transcript shows a failed message as FAILED. */
  const ignoreRejection = (promise?: Promise<unknown>): void => void promise?.catch(() => undefined);

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
      const newSession = ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
      session.current = newSession;
      const isIncoming = (item: { ParticipantId?: string | undefined }): boolean =>
        item.ParticipantId !== chatDetails.ParticipantId;
      newSession.onConnectionStateChanged(({ data }) => setStatus(data.newState));
      newSession.onTranscriptUpdated(({ data }) => setItems(data.transcript));
      newSession.onTyping(({ data }) => isIncoming(data) && setTyping(data.DisplayName ?? "Agent"));
      newSession.onMessage(({ data }) => isIncoming(data) && setTyping(null));
      await newSession.connect();
    } catch (cause) {
      setStatus("broken");
      showError(cause);
    }
  };

  return {
    status,
    items,
    /** The name of the participant who is typing, or null. */
    typing,
    error,
    connect,
    send: (message: string) =>
      ignoreRejection(session.current?.sendMessage({ contentType: "text/plain", message })),
    resend: (id: string) => ignoreRejection(session.current?.resendMessage(id)),
    /** Call this function on every keystroke. The library sends at most one typing event every 10 s. */
    notifyTyping: () => ignoreRejection(session.current?.sendEvent({ contentType: `${EVENT}typing` })),
    markRead: (messageId: string) =>
      ignoreRejection(
        session.current?.sendEvent({ contentType: `${EVENT}message.read`, content: { messageId } }),
      ),
    end: () => void session.current?.disconnectParticipant().catch(showError),
  };
}
