import type { SendEventResponse } from "@aws-sdk/client-connectparticipant";
import { RECEIPT_CONTENT_TYPE, RECEIPT_KINDS, type ReceiptKind } from "../../src/conversation/content-types";
import type { Participant } from "../../src/participant/participant";
import type { RetryPolicy } from "../../src/participant/retry";

/** A receipt passed to `sendEvent`. */
export interface SentReceipt {
  readonly kind: ReceiptKind;
  readonly messageId: string;
  readonly clientToken: string | undefined;
  readonly policy: RetryPolicy | undefined;
}

/** A participant whose `sendEvent` accepts only receipts. `send` resolves with a receipt's Id. */
export const receiptParticipant = (
  send: (receipt: SentReceipt) => Promise<string>,
): Pick<Participant, "sendEvent"> => ({
  async sendEvent({ contentType, content, clientToken }, { policy } = {}): Promise<SendEventResponse> {
    const kind = RECEIPT_KINDS.find((each) => RECEIPT_CONTENT_TYPE[each] === contentType);
    if (!kind || typeof content !== "string") throw new Error(`${contentType} isn't a receipt`);
    const { messageId } = JSON.parse(content) as { messageId: string };
    return { Id: await send({ kind, messageId, clientToken, policy }) };
  },
});
