import type { SendEventArgs } from "../api/arguments";
import type { CallOptions } from "../api/client";
import type { ReceiptKind } from "../conversation/content-types";
import { illegalArgument } from "../errors";
import { isObject, parseObject } from "../util/json";
import type { CheckedEvent } from "./arguments";
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
  // After the end no receipt is needed any more: nobody has to be told of that as a failure.
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
