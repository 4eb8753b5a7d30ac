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
export const DELIVERED_WAIT_MS = 300;

/**
 * A receipt that failed because of the network is resent within `firstMs`. The limit doubles with each further failure.
 */
const RESENT = { firstMs: 30_000, capMs: 300_000 } as const;

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

interface Waiting {
  readonly request: ReceiptRequest;
  readonly resolve: (outcome: ReceiptOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** A receipt that failed because of the network. */
interface Unsent {
  readonly request: ReceiptRequest;
  readonly error: unknown;
  /** How many times the library has resent it. */
  readonly resent: number;
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
  readonly #holding = new Map<string, { readonly timer: Timer; readonly waiting: Waiting[] }>();
  /** The newest failed receipt of each kind, until it or a newer one is sent. */
  readonly #unsent = new Map<ReceiptKind, Unsent>();
  /** The number of the newest request of each kind that succeeded, or failed because of the network. */
  readonly #newest = new Map<ReceiptKind, number>();
  #requests = 0;
  /** How many of the application's receipts are pending. */
  #pending = 0;
  #hasLeft = false;
  #gathered: Waiting[] = [];
  #window: Timer | null = null;
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
      const waiting: Waiting = { request, resolve, reject };
      if (request.kind === "delivered") this.#hold(waiting);
      // A read receipt also covers the delivered receipts of its message.
      else this.#enqueue([waiting, ...this.#takeHeld(request.messageId)]);
    });
    const result = request.signal ? withinTime(() => outcome, [request.signal]) : outcome;
    this.#pending += 1;
    const done = (): void => void (this.#pending -= 1);
    result.then(done, done);
    return result;
  }

  /** Records a receipt that was sent in another way, or that a transcript shows: it isn't sent again. */
  markSent(kind: ReceiptKind, messageId: string): void {
    this.#sent[kind].add(messageId);
  }

  /**
   * Learns from a transcript's item which receipts this participant has sent, from this page or another, on any device.
   */
  learn({ MessageMetadata }: WireItem, participantId: string): void {
    const { MessageId = "", Receipts } = MessageMetadata ?? {};
    for (const receipt of Receipts ?? []) {
      if (receipt.RecipientParticipantId !== participantId) continue;
      if (receipt.ReadTimestamp) this.markSent("read", MessageId);
      if (receipt.DeliveredTimestamp) this.markSent("delivered", MessageId);
    }
  }

  /** Resends failed receipts now that the link is back, unless the service asked for a longer pause. */
  linkIsBack(): void {
    for (const unsent of [...this.#unsent.values()]) {
      if (this.#platform.monotonicMs() >= unsent.notBeforeMs) this.#resend({ ...unsent, resent: 0 });
    }
  }

  /** Records that this participant has left the chat: failed receipts aren't resent any more. */
  leave(): void {
    this.#hasLeft = true;
    for (const kind of this.#unsent.keys()) this.#forget(kind);
  }

  #forget(kind: ReceiptKind): void {
    this.#unsent.get(kind)?.timer.cancel();
    this.#unsent.delete(kind);
  }

  /** Keeps a failed receipt to resend it. It replaces an older one, and is dropped if a newer one was sent. */
  #keep(unsent: Omit<Unsent, "timer" | "notBeforeMs">, order: number): void {
    const { kind } = unsent.request;
    if (this.#hasLeft || order < (this.#newest.get(kind) ?? 0)) return;
    this.#newest.set(kind, order);
    this.#forget(kind);
    const notBeforeMs = this.#platform.monotonicMs() + cappedRetryAfterMs(unsent.error, this.#platform);
    this.#unsent.set(kind, { ...unsent, notBeforeMs, timer: this.#resendLater(unsent) });
  }

  #resendLater({ request, error, resent }: Omit<Unsent, "timer" | "notBeforeMs">): Timer {
    const delayMs = pauseAfterMs(error, this.#platform, resent, RESENT.firstMs, RESENT.capMs);
    return this.#platform.startTimer(() => {
      const unsent = this.#unsent.get(request.kind);
      if (unsent) this.#resend(unsent);
    }, delayMs);
  }

  /** Resends a receipt, for which no promise waits. A pending receipt from the application may make it unnecessary. */
  #resend(unsent: Unsent): void {
    const { request, resent } = unsent;
    unsent.timer.cancel();
    if (this.#pending > 0 || !this.#settings().enabled) {
      this.#unsent.set(request.kind, { ...unsent, timer: this.#resendLater(unsent) });
      return;
    }
    this.#unsent.delete(request.kind);
    const ignore = (): void => undefined;
    this.#send([{ request, resolve: ignore, reject: ignore }], resent + 1);
  }

  /** Stops sending because the chat has ended or was disposed of. Waiting receipts resolve as not needed. */
  end(): void {
    this.#isEnded = true;
    this.leave();
    this.#window?.cancel();
    this.#window = null;
    const held = [...this.#holding.keys()].flatMap((messageId) => this.#takeHeld(messageId));
    settleUnsent([...this.#gathered, ...held]);
    this.#gathered = [];
  }

  /** A read receipt implies the delivered one. */
  #isSent({ kind, messageId }: ReceiptRequest): boolean {
    return this.#sent.read.has(messageId) || (kind === "delivered" && this.#sent.delivered.has(messageId));
  }

  #hold(waiting: Waiting): void {
    const { messageId } = waiting.request;
    const held = this.#holding.get(messageId);
    if (held) {
      held.waiting.push(waiting);
      return;
    }
    const timer = this.#platform.startTimer(
      () => this.#enqueue(this.#takeHeld(messageId)),
      DELIVERED_WAIT_MS,
    );
    this.#holding.set(messageId, { timer, waiting: [waiting] });
  }

  /** Removes and returns the waiting delivered receipts of a message. */
  #takeHeld(messageId: string): Waiting[] {
    const held = this.#holding.get(messageId);
    held?.timer.cancel();
    this.#holding.delete(messageId);
    return held?.waiting ?? [];
  }

  #enqueue(waiting: Waiting[]): void {
    if (waiting.some(({ request }) => request.disableThrottle)) {
      this.#send(waiting);
      return;
    }
    this.#gathered.push(...waiting);
    this.#window ??= this.#platform.startTimer(() => this.#flush(), this.#settings().throttleMs);
  }

  #flush(): void {
    this.#window = null;
    const gathered = this.#gathered;
    this.#gathered = [];
    const read = gathered.filter(isReadReceipt).map(({ request }) => request.messageId);
    const isRead = ({ request }: Waiting): boolean => read.includes(request.messageId);
    this.#send(gathered.filter(isRead));
    this.#send(gathered.filter((each) => !isRead(each)));
  }

  /**
   * Sends one request, for the latest of these receipts, preferring a read one. All of them settle as the request does.
   */
  #send(candidates: readonly Waiting[], resent = 0): void {
    const waiting = candidates.filter(({ request }) => !request.signal?.aborted);
    const latest = waiting.filter(isReadReceipt).at(-1) ?? waiting.at(-1);
    if (!latest) return;
    if (this.#isSent(latest.request)) {
      settleUnsent(waiting);
      return;
    }
    const { kind, content, clientToken = this.#platform.uuid() } = latest.request;
    // From here on, the receipt can't be withdrawn, not even when it is resent.
    const request: ReceiptRequest = { ...latest.request, clientToken, signal: undefined };
    const order = (this.#requests += 1);
    const sent = this.#sent[kind];
    for (const each of waiting) sent.add(each.request.messageId);
    const event = { contentType: RECEIPT_CONTENT_TYPE[kind], content, clientToken };
    // No promise waits for a resent receipt, so it gets one attempt: the next timer makes another.
    this.#participant.sendEvent(event, resent > 0 ? { policy: RETRY.once } : {}).then(
      (data) => {
        // It covers those that failed before it.
        if (order > (this.#newest.get(kind) ?? 0)) {
          this.#newest.set(kind, order);
          this.#forget(kind);
        }
        waiting.forEach(({ resolve }) => resolve({ status: "sent", data }));
      },
      (error: unknown) => {
        if (isNetworkFailure(error)) this.#keep({ request, error, resent }, order);
        // It wasn't sent after all, so the application may try again.
        for (const each of waiting) sent.delete(each.request.messageId);
        waiting.forEach(({ reject }) => reject(error));
      },
    );
  }
}

const isReadReceipt = ({ request }: { readonly request: ReceiptRequest }): boolean => request.kind === "read";

const settleUnsent = (waiting: readonly Waiting[]): void =>
  waiting.forEach(({ resolve }) => resolve({ status: "alreadyFired" }));
