import { useEffect, useId, useRef, useState, type SubmitEvent } from "react";
import { useChat, type ChatItem, type StartedChat } from "./use-chat";

const STATUS = {
  idle: "Not started",
  connecting: "Connecting…",
  connected: "Connected",
  reconnecting: "Connection lost, reconnecting…",
  broken: "Disconnected",
  ended: "The chat has ended",
};
const DELIVERY = {
  SENDING: "Sending…",
  SENT: "Sent",
  DELIVERED: "Delivered",
  READ: "Read",
  FAILED: "Not sent",
  UNKNOWN: "",
};
const LINES = new Map([
  ["participant.joined", "joined"],
  ["participant.left", "left"],
]);

/** A chat widget for the corner of a page, with the conversation and the button that opens it. */
export function ChatWidget({ startChatContact }: { startChatContact: () => Promise<StartedChat> }) {
  const chat = useChat(startChatContact);
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const title = useId();
  const input = useRef<HTMLInputElement>(null);
  const log = useRef<HTMLDivElement>(null);
  const launcher = useRef<HTMLButtonElement>(null);
  const canSend = chat.status === "connected" || chat.status === "reconnecting";
  const canStart = chat.status === "idle" || chat.status === "broken" || chat.status === "ended";

  useEffect(() => {
    if (canSend && isOpen) input.current?.focus();
  }, [canSend, isOpen]);
  useEffect(() => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
    const newest = chat.items.findLast(
      ({ Type, ParticipantRole }) => Type === "MESSAGE" && ParticipantRole !== "CUSTOMER",
    );
    // Repeated calls do no harm, because the library sends each receipt only once.
    if (isOpen && newest?.Id) chat.markRead(newest.Id);
  }, [chat.items, isOpen]);

  const open = (): void => {
    setOpen(true);
    if (chat.status === "idle") void chat.connect();
  };
  const close = (): void => {
    setOpen(false);
    launcher.current?.focus();
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (text.trim() === "") return;
    chat.send(text.trim());
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
              <button className="button quiet" type="button" onClick={chat.end}>
                End chat
              </button>
            )}
          </header>
          <div className="chat-log" ref={log} role="log" aria-label="Conversation" tabIndex={0}>
            <ol>
              {chat.items.map((item) => (
                <Item key={item.Id} item={item} onResend={chat.resend} />
              ))}
            </ol>
          </div>
          <p className="chat-typing" aria-live="polite">
            {chat.typing !== null && `${chat.typing} is typing…`}
          </p>
          {chat.error !== null && (
            <p className="error" role="alert">
              {chat.error}
            </p>
          )}
          {canStart ? (
            <div className="chat-form">
              <button className="button start" type="button" onClick={() => void chat.connect()}>
                {chat.status === "ended" ? "Start a new chat" : "Try again"}
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
                  if (target.value !== "") chat.notifyTyping();
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

function Item({ item, onResend }: { item: ChatItem; onResend: (id: string) => void }) {
  const { Id, Type, ContentType = "", Content, DisplayName, ParticipantRole, MessageMetadata } = item;
  if (Type === "EVENT") {
    const line = LINES.get(ContentType.split(".event.")[1] ?? "");
    return line ? (
      <li className="chat-line">{`${DisplayName ?? ParticipantRole ?? "Someone"} ${line}`}</li>
    ) : null;
  }
  if (Type !== "MESSAGE") return null;
  const outgoing = ParticipantRole === "CUSTOMER";
  const status = MessageMetadata?.Status ?? "SENT";
  const failed = outgoing && status === "FAILED";
  return (
    <li className={`message${outgoing ? " own" : ""}${failed ? " failed" : ""}`}>
      <p dir="auto">{Content}</p>
      <small>
        {outgoing ? DELIVERY[status] : (DisplayName ?? "Agent")}{" "}
        {failed && (
          <button className="again" type="button" onClick={() => onResend(Id)}>
            Try again
          </button>
        )}
      </small>
    </li>
  );
}
