import type { SendEventArgs } from "../api/arguments";
import type { CallOptions, SendEventResponse } from "../api/client";
import { RECEIPT_CONTENT_TYPE, type ReceiptKind } from "../conversation/content-types";
import { illegalArgument } from "../errors";
import { isObject, parseObject } from "../util/json";
import { callOptions, checkArguments, type CheckedEvent, type CheckedReceipt } from "./arguments";
import type { Chat } from "./chat";
import { metadataOf, receiptFailure, successResult, type EventResult } from "./results";

/** Submits a receipt from `sendEvent()`. Receipts are batched, and none is sent twice. */
export async function submitReceipt(
  chat: Chat,
  kind: ReceiptKind,
  { content, clientToken }: CheckedEvent,
  args: SendEventArgs,
  { signal }: CallOptions,
): Promise<EventResult> {
  const skippedResult = (): EventResult => {
    chat.logger.debug("A receipt needed no request", { kind });
    return { message: "Event already fired", metadata: metadataOf(args) };
  };
  // After the end of the chat, a receipt isn't needed, so the call doesn't fail.
  if (chat.hasEnded()) return skippedResult();
  chat.participant.assertAllowed("SendEvent");
  const { messageId, disableThrottle } = (isObject(content) ? content : parseObject(content)) ?? {};
  if (typeof messageId !== "string" || messageId === "") {
    throw receiptFailure(
      illegalArgument("content.messageId", "is missing. Pass the message's ID, as { messageId: item.Id }."),
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
    return outcome.status === "sent" ? successResult(outcome.data, args) : skippedResult();
  } catch (error) {
    throw receiptFailure(error, args);
  }
}

/** Sends a receipt from `sendMessageReceipt()` immediately, even if receipts are switched off. */
export async function sendReceiptNow(chat: Chat, args: unknown): Promise<SendEventResponse | undefined> {
  const { event: kind, messageId, clientToken } = checkReceiptArguments(args);
  const content = JSON.stringify({ messageId });
  const contentType = RECEIPT_CONTENT_TYPE[kind];
  const data = await chat.participant.sendEvent({ contentType, content, clientToken }, callOptions(args));
  chat.conversation.receipts.markSent(kind, messageId);
  return data;
}

/** Checks the arguments of `sendMessageReceipt()`. If an argument is invalid, the error also has the arguments. */
function checkReceiptArguments(args: unknown): CheckedReceipt {
  try {
    return checkArguments("sendMessageReceipt", args);
  } catch (error) {
    throw receiptFailure(error, args);
  }
}
