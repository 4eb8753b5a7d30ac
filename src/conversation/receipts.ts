import type { WireItem } from "../api/items";
import type { SendEventResponse } from "../api/client";
import { illegalState, isNetworkFailure } from "../errors";
import { cappedRetryAfterMs, pauseAfterMs, withinTime } from "../waiting";
import type { Platform, Timer } from "../platform";
import type { Participant } from "../participant/participant";
import { RETRY } from "../participant/retry";
import { RecentIds } from "../util/recent-ids";
import { RECEIPT_CONTENT_TYPE, type ReceiptKind } from "./content-types";

/** How long a delivered receipt is held, in case a read receipt for the same message replaces it. */
export const DELIVERED_HOLD_MS = 300;

/**
 * The maximum delay before a receipt is resent after a network failure. The delay starts at `baseMs` and doubles with
 * each further failure, up to `capMs`.
 */
const RESEND = { baseMs: 30_000, capMs: 300_000 } as const;

export interface ReceiptSettings {
  readonly enabled: boolean;
  /** How long receipts are collected, in milliseconds. One request per kind is then sent, for the latest message. */
  readonly throttleMs: number;
}

/** A receipt that the application requested. */
export interface ReceiptRequest {
  readonly kind: ReceiptKind;
  readonly messageId: string;
  /** The receipt's content, which is sent unchanged. */
  readonly content: string | object;
  readonly disableThrottle: boolean;
  /** The idempotency token; a new UUID by default. */
  readonly clientToken?: string | undefined;
  /** Withdraws the receipt when aborted, unless the receipt has already been sent. */
  readonly signal?: AbortSignal | undefined;
}

/** The outcome of a receipt: sent, or no longer needed. A custom client may resolve without `data`. */
export type ReceiptOutcome =
  | { readonly status: "sent"; readonly data: SendEventResponse | undefined }
  | { readonly status: "alreadyFired" };

interface WaitingReceipt {
  readonly request: ReceiptRequest;
  readonly resolve: (outcome: ReceiptOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** A receipt that failed because of the network. */
interface FailedReceipt {
  readonly request: ReceiptRequest;
  readonly error: unknown;
  /** How many times the library has resent the receipt. */
  readonly resends: number;
  /** The receipt isn't resent before this time (monotonic clock), even if the link comes up. */
  readonly notBeforeMs: number;
  /** The timer that resends the receipt. */
  timer: Timer;
}

type ReceiptPlatform = Pick<Platform, "startTimer" | "uuid" | "monotonicMs" | "random">;

/**
 * Batches receipts. A read receipt replaces the delivered receipt, a single request covers all receipts of one kind in
 * a window, and no receipt is sent twice. Each receipt's promise settles with the request that covers it.
 */
export class ReceiptSender {
  readonly #platform: ReceiptPlatform;
  readonly #participant: Pick<Participant, "sendEvent">;
  readonly #settings: () => ReceiptSettings;
  readonly #sent = { read: new RecentIds(), delivered: new RecentIds() };
  /** Held delivered receipts, by message ID. */
  readonly #held = new Map<string, { readonly timer: Timer; readonly waiting: WaitingReceipt[] }>();
  /** The newest failed receipt of each kind. Removed when it or a newer receipt is sent. */
  readonly #failed = new Map<ReceiptKind, FailedReceipt>();
  /** For each kind, the sequence number of the newest request that succeeded or failed because of the network. */
  readonly #newestRequest = new Map<ReceiptKind, number>();
  #requestCount = 0;
  #linkUpCount = 0;
  /** How many receipts from the application haven't settled. */
  #pendingCount = 0;
  #hasLeft = false;
  #batch: WaitingReceipt[] = [];
  #windowTimer: Timer | null = null;
  #isEnded = false;

  constructor(
    platform: ReceiptPlatform,
    participant: Pick<Participant, "sendEvent">,
    settings: () => ReceiptSettings,
  ) {
    this.#platform = platform;
    this.#participant = participant;
    this.#settings = settings;
  }

  /** Submits a receipt. Rejects if receipts are switched off, or if the request that covers the receipt fails. */
  submit(request: ReceiptRequest): Promise<ReceiptOutcome> {
    if (!this.#settings().enabled) {
      return Promise.reject(
        illegalState(
          "Message receipts are switched off. Set features.messageReceipts.shouldSendMessageReceipts to true.",
        ),
      );
    }
    if (this.#isEnded || this.#isSent(request)) return Promise.resolve({ status: "alreadyFired" });
    const outcome = new Promise<ReceiptOutcome>((resolve, reject) => {
      const waiting: WaitingReceipt = { request, resolve, reject };
      if (request.kind === "delivered") this.#hold(waiting);
      // A read receipt also covers its message's delivered receipts.
      else this.#enqueue([waiting, ...this.#takeHeld(request.messageId)]);
    });
    const result = request.signal ? withinTime(() => outcome, [request.signal]) : outcome;
    this.#pendingCount += 1;
    const countSettled = (): void => void (this.#pendingCount -= 1);
    result.then(countSettled, countSettled);
    return result;
  }

  /** Records a receipt that was sent elsewhere, so that it isn't sent again. */
  markSent(kind: ReceiptKind, messageId: string): void {
    this.#sent[kind].add(messageId);
  }

  /** Records the receipts in an item's metadata that this participant has sent, on any page or device. */
  learnSent({ MessageMetadata }: WireItem, participantId: string): void {
    const { MessageId = "", Receipts } = MessageMetadata ?? {};
    for (const receipt of Receipts ?? []) {
      if (receipt.RecipientParticipantId !== participantId) continue;
      if (receipt.ReadTimestamp) this.markSent("read", MessageId);
      if (receipt.DeliveredTimestamp) this.markSent("delivered", MessageId);
    }
  }

  /** Resends failed receipts, unless the service has requested a longer pause. */
  onLinkUp(): void {
    this.#linkUpCount += 1;
    for (const failed of [...this.#failed.values()]) {
      if (this.#platform.monotonicMs() >= failed.notBeforeMs) this.#resend({ ...failed, resends: 0 });
    }
  }

  /** Handles this participant's departure from the chat. Failed receipts are no longer resent. */
  leave(): void {
    this.#hasLeft = true;
    for (const kind of this.#failed.keys()) this.#dropFailed(kind);
  }

  #dropFailed(kind: ReceiptKind): void {
    this.#failed.get(kind)?.timer.cancel();
    this.#failed.delete(kind);
  }

  /**
   * Keeps a failed receipt so that it can be resent, unless a newer receipt of its kind was sent or failed. If the link
   * came up during the request, the failure says nothing about the new link, so the receipt is resent without a delay.
   */
  #keepFailed(failed: Omit<FailedReceipt, "timer" | "notBeforeMs">, order: number, isLinkNew: boolean): void {
    const { kind } = failed.request;
    if (this.#hasLeft || order < (this.#newestRequest.get(kind) ?? 0)) return;
    this.#newestRequest.set(kind, order);
    this.#dropFailed(kind);
    const retryAfterMs = cappedRetryAfterMs(failed.error, this.#platform);
    const notBeforeMs = this.#platform.monotonicMs() + retryAfterMs;
    const timer = isLinkNew ? this.#resendAfter(retryAfterMs, kind) : this.#resendLater(failed);
    this.#failed.set(kind, { ...failed, resends: isLinkNew ? 0 : failed.resends, notBeforeMs, timer });
  }

  #resendLater({ request, error, resends }: Omit<FailedReceipt, "timer" | "notBeforeMs">): Timer {
    const delayMs = pauseAfterMs(error, this.#platform, resends, RESEND.baseMs, RESEND.capMs);
    return this.#resendAfter(delayMs, request.kind);
  }

  #resendAfter(delayMs: number, kind: ReceiptKind): Timer {
    return this.#platform.startTimer(() => {
      const failed = this.#failed.get(kind);
      if (failed) this.#resend(failed);
    }, delayMs);
  }

  /** Resends a failed receipt. Waits if the application's receipts are pending, because they may replace it. */
  #resend(failed: FailedReceipt): void {
    const { request, resends } = failed;
    failed.timer.cancel();
    if (this.#pendingCount > 0 || !this.#settings().enabled) {
      this.#failed.set(request.kind, { ...failed, timer: this.#resendLater(failed) });
      return;
    }
    this.#failed.delete(request.kind);
    const ignore = (): void => undefined;
    this.#send([{ request, resolve: ignore, reject: ignore }], resends + 1);
  }

  /** Stops sending, because the chat has ended or was disposed of. Waiting receipts resolve as no longer needed. */
  end(): void {
    this.#isEnded = true;
    this.leave();
    this.#windowTimer?.cancel();
    this.#windowTimer = null;
    const held = [...this.#held.keys()].flatMap((messageId) => this.#takeHeld(messageId));
    resolveAsNotNeeded([...this.#batch, ...held]);
    this.#batch = [];
  }

  /** Whether a receipt was sent. A read receipt implies the delivered receipt. */
  #isSent({ kind, messageId }: ReceiptRequest): boolean {
    return this.#sent.read.has(messageId) || (kind === "delivered" && this.#sent.delivered.has(messageId));
  }

  #hold(waiting: WaitingReceipt): void {
    const { messageId } = waiting.request;
    const held = this.#held.get(messageId);
    if (held) {
      held.waiting.push(waiting);
      return;
    }
    const timer = this.#platform.startTimer(
      () => this.#enqueue(this.#takeHeld(messageId)),
      DELIVERED_HOLD_MS,
    );
    this.#held.set(messageId, { timer, waiting: [waiting] });
  }

  /** Removes and returns a message's held delivered receipts. */
  #takeHeld(messageId: string): WaitingReceipt[] {
    const held = this.#held.get(messageId);
    held?.timer.cancel();
    this.#held.delete(messageId);
    return held?.waiting ?? [];
  }

  #enqueue(waiting: WaitingReceipt[]): void {
    if (waiting.some(({ request }) => request.disableThrottle)) {
      this.#send(waiting);
      return;
    }
    this.#batch.push(...waiting);
    this.#windowTimer ??= this.#platform.startTimer(() => this.#flush(), this.#settings().throttleMs);
  }

  #flush(): void {
    this.#windowTimer = null;
    const batch = this.#batch;
    this.#batch = [];
    const read = batch.filter(isReadReceipt).map(({ request }) => request.messageId);
    const isRead = ({ request }: WaitingReceipt): boolean => read.includes(request.messageId);
    this.#send(batch.filter(isRead));
    this.#send(batch.filter((each) => !isRead(each)));
  }

  /** Sends one request, for the latest read receipt or else the latest receipt. The request settles all receipts. */
  #send(candidates: readonly WaitingReceipt[], resends = 0): void {
    const waiting = candidates.filter(({ request }) => !request.signal?.aborted);
    const latest = waiting.filter(isReadReceipt).at(-1) ?? waiting.at(-1);
    if (!latest) return;
    if (this.#isSent(latest.request)) {
      resolveAsNotNeeded(waiting);
      return;
    }
    const { kind, content, clientToken = this.#platform.uuid() } = latest.request;
    // A sent receipt can't be withdrawn, so its signal doesn't apply to resends either.
    const request: ReceiptRequest = { ...latest.request, clientToken, signal: undefined };
    const order = (this.#requestCount += 1);
    const linkUpCount = this.#linkUpCount;
    const sent = this.#sent[kind];
    // Other requests may already have covered some of these messages. A failure of this request must not undo that.
    const newMessageIds = waiting
      .map((each) => each.request.messageId)
      .filter((messageId) => !sent.has(messageId));
    for (const messageId of newMessageIds) sent.add(messageId);
    const event = { contentType: RECEIPT_CONTENT_TYPE[kind], content, clientToken };
    // A resend makes a single attempt, because no promise waits for the result and a timer schedules the next resend.
    this.#participant.sendEvent(event, resends > 0 ? { policy: RETRY.once } : {}).then(
      (data) => {
        // The request also covers receipts that failed earlier.
        if (order > (this.#newestRequest.get(kind) ?? 0)) {
          this.#newestRequest.set(kind, order);
          this.#dropFailed(kind);
        }
        waiting.forEach(({ resolve }) => resolve({ status: "sent", data }));
      },
      (error: unknown) => {
        const isLinkNew = this.#linkUpCount > linkUpCount;
        if (isNetworkFailure(error)) this.#keepFailed({ request, error, resends }, order, isLinkNew);
        // The receipts weren't sent, so the application may submit them again.
        for (const messageId of newMessageIds) sent.delete(messageId);
        waiting.forEach(({ reject }) => reject(error));
      },
    );
  }
}

const isReadReceipt = ({ request }: { readonly request: ReceiptRequest }): boolean => request.kind === "read";

const resolveAsNotNeeded = (waiting: readonly WaitingReceipt[]): void =>
  waiting.forEach(({ resolve }) => resolve({ status: "alreadyFired" }));
