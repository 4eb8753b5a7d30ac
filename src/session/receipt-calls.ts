import type { SendEventArgs } from "../api/arguments";
import type { CallOptions, SendEventResponse } from "../api/client";
import { RECEIPT_CONTENT_TYPE, type ReceiptKind } from "../conversation/content-types";
import { illegalArgument } from "../errors";
import { isObject, parseObject } from "../util/json";
import { callOptions, checked, type CheckedEvent, type CheckedReceipt } from "./arguments";
import type { Chat } from "./chat";
import { metadataOf, receiptFailure, success, type EventResult } from "./results";

/** A receipt by `sendEvent`: sent sparingly, or not at all where it says nothing new. */
export async function gatherReceipt(
  chat: Chat,
  kind: ReceiptKind,
  { content, clientToken }: CheckedEvent,
  args: SendEventArgs,
  { signal }: CallOptions,
): Promise<EventResult> {
  const notNeeded = (): EventResult => {
    chat.logger.debug("A receipt needed no request", { kind });
    return { message: "Event already fired", metadata: metadataOf(args) };
  };
  // An ended chat needs no more receipts: that isn't a failure.
  if (chat.hasEnded()) return notNeeded();
  chat.participant.check("SendEvent");
  const { messageId, disableThrottle } = (isObject(content) ? content : parseObject(content)) ?? {};
  if (typeof messageId !== "string" || messageId === "") {
    throw receiptFailure(
      illegalArgument(
        "content.messageId",
        "is missing: a receipt names its message, as { messageId: item.Id }.",
      ),
      args,
    );
  }
  try {
    const outcome = await chat.conversation.receipts.submit({
      kind,
      messageId,
      content: content ?? "",
      disableThrottle: disableThrottle === true,
      clientToken,
      ...(signal && { signal }),
    });
    return outcome.status === "sent" ? success(outcome.data, args) : notNeeded();
  } catch (error) {
    throw receiptFailure(error, args);
  }
}

/** A receipt by `sendMessageReceipt`: past the switch of receipts and their window. */
export async function sendReceiptNow(chat: Chat, args: unknown): Promise<SendEventResponse | undefined> {
  const { event: kind, messageId, clientToken } = checkedReceipt(args);
  const content = JSON.stringify({ messageId });
  const contentType = RECEIPT_CONTENT_TYPE[kind];
  const data = await chat.participant.sendEvent({ contentType, content, clientToken }, callOptions(args));
  chat.conversation.receipts.markSent(kind, messageId);
  return data;
}

/** Its rejection also has the arguments, those that were refused here included. */
function checkedReceipt(args: unknown): CheckedReceipt {
  try {
    return checked("sendMessageReceipt", args);
  } catch (error) {
    throw receiptFailure(error, args);
  }
}
