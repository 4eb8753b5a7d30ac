import type { WireItem } from "../api/items";
import type { SendEventResponse } from "../api/client";
import { illegalState, isNetworkFailure } from "../errors";
import { cappedRetryAfterMs, pauseAfterMs, withinTime } from "../waiting";
import type { Platform, Timer } from "../platform";
import type { Participant } from "../participant/participant";
import { RETRY } from "../participant/retry";
import { RecentIds } from "../util/recent-ids";
import { RECEIPT_CONTENT_TYPE, type ReceiptKind } from "./content-types";

/** How long a delivered receipt waits in case a read receipt for the same message follows and replaces it. */
export const DELIVERED_HOLD_MS = 300;

/**
 * A receipt that failed because of the network is resent within `firstMs`. The limit doubles with each further failure.
 */
const RESEND = { baseMs: 30_000, capMs: 300_000 } as const;

export interface ReceiptSettings {
  readonly enabled: boolean;
  /** How long receipts are gathered, in milliseconds. Then one request per kind is sent, for the latest message. */
  readonly throttleMs: number;
}

/** A receipt that the application requested. */
export interface ReceiptRequest {
  readonly kind: ReceiptKind;
  readonly messageId: string;
  /** Sent unchanged. */
  readonly content: string | object;
  readonly disableThrottle: boolean;
  /** The idempotency token; a new UUID by default. */
  readonly clientToken?: string | undefined;
  /** Aborting it withdraws the receipt, until the receipt is sent. */
  readonly signal?: AbortSignal | undefined;
}

/** The outcome of a receipt: sent (a custom client may answer without data), or not needed any more. */
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
  /** How many times the library has resent it. */
  readonly resends: number;
  /** The receipt isn't resent before this time, even if the link is back. On the monotonic clock. */
  readonly notBeforeMs: number;
  /** Runs until the receipt is resent. */
  timer: Timer;
}

type ReceiptPlatform = Pick<Platform, "startTimer" | "uuid" | "monotonicMs" | "random">;

/**
 * Batches receipts: a read receipt replaces the delivered one, one request stands for a whole window, and none is sent
 * twice. Every promise settles with the outcome of the request that covers its receipt.
 */
export class ReceiptSender {
  readonly #platform: ReceiptPlatform;
  readonly #participant: Pick<Participant, "sendEvent">;
  readonly #settings: () => ReceiptSettings;
  readonly #sent = { read: new RecentIds(), delivered: new RecentIds() };
  /** Delivered receipts that are waiting, by message. */
  readonly #held = new Map<string, { readonly timer: Timer; readonly waiting: WaitingReceipt[] }>();
  /** The newest failed receipt of each kind, until it or a newer one is sent. */
  readonly #failed = new Map<ReceiptKind, FailedReceipt>();
  /** The number of the newest request of each kind that succeeded, or failed because of the network. */
  readonly #newestRequest = new Map<ReceiptKind, number>();
  #requestCount = 0;
  /** How many of the application's receipts are pending. */
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

  /** Submits a receipt. Rejects if receipts are switched off, or as the request that covers this receipt does. */
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
      // A read receipt also covers the delivered receipts of its message.
      else this.#enqueue([waiting, ...this.#takeHeld(request.messageId)]);
    });
    const result = request.signal ? withinTime(() => outcome, [request.signal]) : outcome;
    this.#pendingCount += 1;
    const countSettled = (): void => void (this.#pendingCount -= 1);
    result.then(countSettled, countSettled);
    return result;
  }

  /** Records a receipt that was sent in another way, or that a transcript shows: it isn't sent again. */
  markSent(kind: ReceiptKind, messageId: string): void {
    this.#sent[kind].add(messageId);
  }

  /**
   * Learns from a transcript's item which receipts this participant has sent, from this page or another, on any device.
   */
  learnSent({ MessageMetadata }: WireItem, participantId: string): void {
    const { MessageId = "", Receipts } = MessageMetadata ?? {};
    for (const receipt of Receipts ?? []) {
      if (receipt.RecipientParticipantId !== participantId) continue;
      if (receipt.ReadTimestamp) this.markSent("read", MessageId);
      if (receipt.DeliveredTimestamp) this.markSent("delivered", MessageId);
    }
  }

  /** Resends failed receipts now that the link is back, unless the service asked for a longer pause. */
  onLinkUp(): void {
    for (const failed of [...this.#failed.values()]) {
      if (this.#platform.monotonicMs() >= failed.notBeforeMs) this.#resend({ ...failed, resends: 0 });
    }
  }

  /** Records that this participant has left the chat: failed receipts aren't resent any more. */
  leave(): void {
    this.#hasLeft = true;
    for (const kind of this.#failed.keys()) this.#dropFailed(kind);
  }

  #dropFailed(kind: ReceiptKind): void {
    this.#failed.get(kind)?.timer.cancel();
    this.#failed.delete(kind);
  }

  /** Keeps a failed receipt to resend it. It replaces an older one, and is dropped if a newer one was sent. */
  #keepFailed(failed: Omit<FailedReceipt, "timer" | "notBeforeMs">, order: number): void {
    const { kind } = failed.request;
    if (this.#hasLeft || order < (this.#newestRequest.get(kind) ?? 0)) return;
    this.#newestRequest.set(kind, order);
    this.#dropFailed(kind);
    const notBeforeMs = this.#platform.monotonicMs() + cappedRetryAfterMs(failed.error, this.#platform);
    this.#failed.set(kind, { ...failed, notBeforeMs, timer: this.#resendLater(failed) });
  }

  #resendLater({ request, error, resends }: Omit<FailedReceipt, "timer" | "notBeforeMs">): Timer {
    const delayMs = pauseAfterMs(error, this.#platform, resends, RESEND.baseMs, RESEND.capMs);
    return this.#platform.startTimer(() => {
      const failed = this.#failed.get(request.kind);
      if (failed) this.#resend(failed);
    }, delayMs);
  }

  /** Resends a receipt, for which no promise waits. A pending receipt from the application may make it unnecessary. */
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

  /** Stops sending because the chat has ended or was disposed of. Waiting receipts resolve as not needed. */
  end(): void {
    this.#isEnded = true;
    this.leave();
    this.#windowTimer?.cancel();
    this.#windowTimer = null;
    const held = [...this.#held.keys()].flatMap((messageId) => this.#takeHeld(messageId));
    resolveAsNotNeeded([...this.#batch, ...held]);
    this.#batch = [];
  }

  /** A read receipt implies the delivered one. */
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

  /** Removes and returns the waiting delivered receipts of a message. */
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

  /**
   * Sends one request, for the latest of these receipts, preferring a read one. All of them settle as the request does.
   */
  #send(candidates: readonly WaitingReceipt[], resends = 0): void {
    const waiting = candidates.filter(({ request }) => !request.signal?.aborted);
    const latest = waiting.filter(isReadReceipt).at(-1) ?? waiting.at(-1);
    if (!latest) return;
    if (this.#isSent(latest.request)) {
      resolveAsNotNeeded(waiting);
      return;
    }
    const { kind, content, clientToken = this.#platform.uuid() } = latest.request;
    // From here on, the receipt can't be withdrawn, not even when it is resent.
    const request: ReceiptRequest = { ...latest.request, clientToken, signal: undefined };
    const order = (this.#requestCount += 1);
    const sent = this.#sent[kind];
    for (const each of waiting) sent.add(each.request.messageId);
    const event = { contentType: RECEIPT_CONTENT_TYPE[kind], content, clientToken };
    // No promise waits for a resent receipt, so it gets one attempt: the next timer makes another.
    this.#participant.sendEvent(event, resends > 0 ? { policy: RETRY.once } : {}).then(
      (data) => {
        // It covers those that failed before it.
        if (order > (this.#newestRequest.get(kind) ?? 0)) {
          this.#newestRequest.set(kind, order);
          this.#dropFailed(kind);
        }
        waiting.forEach(({ resolve }) => resolve({ status: "sent", data }));
      },
      (error: unknown) => {
        if (isNetworkFailure(error)) this.#keepFailed({ request, error, resends }, order);
        // It wasn't sent after all, so the application may try again.
        for (const each of waiting) sent.delete(each.request.messageId);
        waiting.forEach(({ reject }) => reject(error));
      },
    );
  }
}

const isReadReceipt = ({ request }: { readonly request: ReceiptRequest }): boolean => request.kind === "read";

const resolveAsNotNeeded = (waiting: readonly WaitingReceipt[]): void =>
  waiting.forEach(({ resolve }) => resolve({ status: "alreadyFired" }));
