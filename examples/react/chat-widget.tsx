import {
  sessionStorageResume,
  useChat,
  type ChatMessage,
  type UseChatOptions,
} from "amazon-connect-chatjs/react";
import { useEffect, useId, useRef, useState, type SubmitEvent } from "react";

const STATUS = {
  idle: "Not started",
  starting: "Connecting…",
  connected: "Connected",
  reconnecting: "Connection lost, reconnecting…",
  failed: "Disconnected",
  ended: "The chat has ended",
};
const STATE = {
  sending: "Sending…",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  failed: "Not sent",
};
const LINES = new Map([
  ["participant.joined", "joined"],
  ["participant.left", "left"],
]);

/** Continues the chat after a reload of the page. */
const resume = sessionStorageResume();

/** A chat widget for the corner of a page, with the conversation and the button that opens it. */
export function ChatWidget({ startChatContact }: { startChatContact: UseChatOptions["start"] }) {
  const chat = useChat({ start: startChatContact, resume, session: { disableCSM: true } });
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const title = useId();
  const input = useRef<HTMLInputElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const launcher = useRef<HTMLButtonElement>(null);
  const canSend = chat.status === "connected" || chat.status === "reconnecting";
  const canStart = chat.status === "idle" || chat.status === "failed" || chat.status === "ended";
  const newestKey = chat.messages.at(-1)?.key;

  useEffect(() => {
    if (canSend && isOpen) input.current?.focus();
  }, [canSend, isOpen]);
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  }, [newestKey, isOpen]);

  const open = (): void => {
    setOpen(true);
    if (chat.status === "idle") void chat.start();
  };
  const close = (): void => {
    setOpen(false);
    launcher.current?.focus();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (text.trim() === "") return;
    void chat.send(text.trim());
    setText("");
  };

  return (
    <>
      <button
        ref={launcher}
        className="button launcher"
        type="button"
        aria-expanded={isOpen}
        onClick={isOpen ? close : open}
      >
        {isOpen ? "Hide chat" : "Chat with us"}
      </button>
      {isOpen && (
        <section
          className="chat widget"
          aria-labelledby={title}
          onKeyDown={({ key }) => key === "Escape" && close()}
        >
          <header className="chat-head">
            <div>
              <h2 id={title}>Chat with us</h2>
              <p className="chat-status" role="status" data-state={chat.status}>
                {STATUS[chat.status]}
              </p>
            </div>
            {canSend && (
              <button className="button quiet" type="button" onClick={() => void chat.end()}>
                End chat
              </button>
            )}
          </header>
          <div className="chat-log" ref={log} role="log" aria-label="Conversation" tabIndex={0}>
            {chat.hasMoreHistory && (
              <button
                className="again"
                type="button"
                disabled={chat.isLoadingHistory}
                onClick={() => void chat.loadMore()}
              >
                Earlier messages
              </button>
            )}
            <ol>
              {chat.messages.map((message) => (
                <Message
                  key={message.key}
                  message={message}
                  visibleRef={chat.visibleRef(message)}
                  onResend={chat.resend}
                />
              ))}
            </ol>
          </div>
          <p className="chat-typing" aria-live="polite">
            {chat.typing[0] && `${chat.typing[0].displayName ?? "Agent"} is typing…`}
          </p>
          {chat.error && (
            <p className="error" role="alert">
              {chat.error.message}
            </p>
          )}
          {canStart ? (
            <div className="chat-form">
              <button className="button start" type="button" onClick={() => void chat.start()}>
                {chat.status === "failed" ? "Try again" : "Start a new chat"}
              </button>
            </div>
          ) : (
            <form className="chat-form" onSubmit={submit} autoComplete="off">
              <input
                ref={input}
                aria-label="Your message"
                placeholder="Write a message"
                enterKeyHint="send"
                value={text}
                disabled={!canSend}
                onChange={({ target }) => {
                  setText(target.value);
                  if (target.value !== "") chat.setTyping();
                }}
              />
              <button className="button" type="submit" disabled={!canSend}>
                Send
              </button>
            </form>
          )}
        </section>
      )}
    </>
  );
}

interface MessageProps {
  readonly message: ChatMessage;
  readonly visibleRef: ((element: Element | null) => void) | undefined;
  readonly onResend: (id: string) => Promise<void>;
}

function Message({ message, visibleRef, onResend }: MessageProps) {
  const name = message.displayName ?? message.role ?? "Someone";
  if (message.kind === "event") {
    const line = LINES.get(message.event);
    return line ? <li className="chat-line">{`${name} ${line}`}</li> : null;
  }
  const { state } = message;
  return (
    <li
      ref={visibleRef}
      className={`message${message.isOwn ? " own" : ""}${state === "failed" ? " failed" : ""}`}
    >
      <p dir="auto">{message.kind === "attachment" ? message.name : message.content}</p>
      <small>
        {state ? STATE[state] : name}{" "}
        {state === "failed" && (
          <button className="again" type="button" onClick={() => void onResend(message.id)}>
            Try again
          </button>
        )}
      </small>
    </li>
  );
}
