import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import type { Conversation } from "../state/model";
import { participantOf } from "../state/personas";
import { EventLine } from "./event-line";
import { toLines } from "./lines";
import { MessageLine } from "./message-line";

/** The transcript scrolls to new items if it is closer to its end than this. */
const NEAR_END_PX = 120;

export const Transcript = ({
  contact,
  conversation: { items, typing },
  readsAutomatically,
}: {
  contact: ContactSummary;
  conversation: Conversation;
  readsAutomatically: boolean;
}): JSX.Element => {
  const scroller = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const lines = useMemo(() => toLines(items ?? []), [items]);
  const agent = participantOf("agent", contact.participants);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  }, [lines, typing]);
  const onScroll = (): void => {
    const element = scroller.current;
    if (!element) return;
    follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
  };
  return (
    <div
      class="transcript"
      ref={scroller}
      onScroll={onScroll}
      tabIndex={0}
      role="region"
      aria-label="Transcript"
    >
      {items?.length === 0 && (
        <p class="note center">There are no messages yet. You can greet the customer.</p>
      )}
      <ol>
        {lines.map((line) =>
          line.side === "event" ? (
            <EventLine key={line.item.Id} item={line.item} />
          ) : (
            <MessageLine
              key={line.item.Id}
              line={line}
              contact={contact}
              agent={agent}
              readsAutomatically={readsAutomatically}
            />
          ),
        )}
      </ol>
      <p class="typing" hidden={!typing}>
        {typing ? `${typing.name} is typing` : ""}
        <span class="typing-dots" aria-hidden="true" />
      </p>
    </div>
  );
};
