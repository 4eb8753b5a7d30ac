import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import type { Conversation } from "../state/model";
import { participantOf } from "../state/personas";
import { EventLine } from "./event-line";
import { toLines } from "./lines";
import { MessageLine } from "./message-line";

/** More lines make the page slow. */
const LINES = 300;

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
  const [count, setCount] = useState(LINES);
  /** The distance from the end of the transcript to keep while earlier lines are added above. */
  const fromEnd = useRef<number | null>(null);
  const lines = useMemo(() => toLines((items ?? []).slice(-count)), [items, count]);
  const earlier = Math.max(0, (items?.length ?? 0) - count);
  const agent = participantOf("agent", contact.participants);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (fromEnd.current !== null) element.scrollTop = element.scrollHeight - fromEnd.current;
    else if (follows.current) element.scrollTop = element.scrollHeight;
    fromEnd.current = null;
  }, [lines, typing]);
  const showEarlier = (): void => {
    const element = scroller.current;
    if (element) fromEnd.current = element.scrollHeight - element.scrollTop;
    setCount(count + LINES);
    // The button may disappear, and the focus with it.
    element?.focus();
  };
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
      {earlier > 0 && (
        <p class="earlier">
          <button type="button" class="text-button" onClick={showEarlier}>
            Earlier messages ({earlier})
          </button>
        </p>
      )}
      <ol>
        {lines.map((line) =>
          line.side === "event" ? (
            <EventLine key={line.item.Id} item={line.item} />
          ) : (
            <MessageLine
              key={line.item.Id}
              {...line}
              contactId={contact.contactId}
              participants={contact.participants}
              hasEnded={contact.ended}
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
