import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ParticipantSummary } from "../api/types";
import { usePanel } from "../panel-context";
import { Icon } from "../ui/icon";
import { memo } from "../ui/memo";
import { clockTime } from "../ui/times";
import { ItemDetails } from "./item-details";
import type { Line } from "./lines";
import { MessageBody } from "./message-body";
import { isReadBy, receiptText } from "./receipt-text";
import { useSeen } from "./use-seen";

const STATUS_TEXTS = {
  PROCESSING: "Being processed",
  FAILED: "Processing failed: only the sender sees it",
  REJECTED: "Rejected: only the sender sees it",
} as const;

/** A message or an attachment, shown as a bubble with its sender and state. */
export const MessageLine = memo(
  ({
    item,
    side,
    startsGroup,
    contactId,
    participants,
    hasEnded,
    agent,
    readsAutomatically,
  }: Line & {
    contactId: string;
    participants: readonly ParticipantSummary[];
    hasEnded: boolean;
    agent: ParticipantSummary | undefined;
    readsAutomatically: boolean;
  }): JSX.Element => {
    const panel = usePanel();
    const [isOpen, setOpen] = useState(false);
    const needsReceipt =
      side === "customer" && agent?.isPlayed === true && !hasEnded && !isReadBy(item, agent.participantId);
    const markRead = (automatic: boolean): void =>
      void panel.run(() => panel.markRead(contactId, item.Id, { automatic }));
    const seen = useSeen<HTMLLIElement>(needsReceipt && readsAutomatically, () => markRead(true));
    const processing = item.MessageMetadata?.MessageProcessingStatus;
    const isStreaming = item.MessageMetadata?.MessageCompleted === false;
    const status = processing ? STATUS_TEXTS[processing] : receiptText(item, participants);
    return (
      <li class="message" data-side={side} data-role={item.ParticipantRole} ref={seen}>
        {startsGroup && (
          <p class="sender">
            <b>{item.DisplayName ?? "Somebody"}</b>{" "}
            <time dateTime={item.AbsoluteTime}>{clockTime(item.AbsoluteTime)}</time>
          </p>
        )}
        <div class="bubble-row">
          <div class="bubble" data-streaming={isStreaming} data-processing={processing}>
            <MessageBody item={item} contactId={contactId} />
          </div>
          <button
            type="button"
            class="icon-button small bubble-more"
            aria-label="Details"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name="more" />
          </button>
        </div>
        {(status !== "" || (needsReceipt && !readsAutomatically)) && (
          <p class="state" data-processing={processing}>
            {status}
            {needsReceipt && !readsAutomatically && (
              <button type="button" class="text-button" onClick={() => markRead(false)}>
                Mark as read
              </button>
            )}
          </p>
        )}
        {isOpen && <ItemDetails item={item} contactId={contactId} hasEnded={hasEnded} />}
      </li>
    );
  },
);
