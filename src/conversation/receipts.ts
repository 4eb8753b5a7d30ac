import type { WireItem } from "../api/items";
import type { SendEventResponse } from "../api/client";
import { illegalState, isOfNetwork } from "../errors";
import { askedForMs, pauseAfterMs, withinTime } from "../waiting";
import type { Platform, Timer } from "../platform";
import type { Participant } from "../participant/participant";
import { RETRY } from "../participant/retry";
import { RecentIds } from "../util/recent-ids";
import { RECEIPT_CONTENT_TYPE, type ReceiptKind } from "./content-types";

/** A delivered receipt waits this long in case a read one for the same message follows, which says it all. */
export const DELIVERED_WAIT_MS = 300;

/** A receipt that failed because of the network is resent within `firstMs`; within twice as long after each further failure. */
const RESENT = { firstMs: 30_000, capMs: 300_000 } as const;

export interface ReceiptSettings {
  readonly enabled: boolean;
  /** The window in which receipts are gathered: when it is over, one request a kind goes out, for the latest message. */
  readonly throttleMs: number;
}

/** A receipt as the application asked for it. */
export interface ReceiptRequest {
  readonly kind: ReceiptKind;
  readonly messageId: string;
  /** Sent unchanged. */
  readonly content: string | object;
  readonly disableThrottle: boolean;
  /** The idempotency token; a new UUID where the application gave none. */
  readonly clientToken?: string | undefined;
  /** Until it has gone out, it can be taken back. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of a receipt: sent (a custom client may answer without data), or not needed any more. */
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
  /** On the monotonic clock: it isn't resent earlier, even if the link is back. */
  readonly notBeforeMs: number;
  /** Runs until it is resent. */
  timer: Timer;
}

type ReceiptPlatform = Pick<Platform, "startTimer" | "uuid" | "monotonicMs" | "random">;

/**
 * Sends receipts sparingly: read supersedes delivered, a window gathers them, and what was sent once is not sent again.
 * Every promise settles: with the outcome of the request that spoke for it.
 */
export class ReceiptSender {
  readonly #platform: ReceiptPlatform;
  readonly #participant: Pick<Participant, "sendEvent">;
  readonly #settings: () => ReceiptSettings;
  readonly #sent = { read: new RecentIds(), delivered: new RecentIds() };
  /** Delivered receipts in their wait, by message. */
  readonly #holding = new Map<string, { readonly timer: Timer; readonly waiting: Waiting[] }>();
  /** The newest of each kind that failed, until it or a newer one is sent. */
  readonly #unsent = new Map<ReceiptKind, Unsent>();
  /** The requests are numbered; of each kind, the newest that was sent or failed because of the network. */
  readonly #newest = new Map<ReceiptKind, number>();
  #requests = 0;
  /** How many of the application's receipts are pending. */
  #pending = 0;
  #isLeft = false;
  #gathered: Waiting[] = [];
  #window: Timer | null = null;
  #over = false;

  constructor(
    platform: ReceiptPlatform,
    participant: Pick<Participant, "sendEvent">,
    settings: () => ReceiptSettings,
  ) {
    this.#platform = platform;
    this.#participant = participant;
    this.#settings = settings;
  }

  /** Rejects where receipts are switched off, and as the request that speaks for this receipt does. */
  submit(request: ReceiptRequest): Promise<ReceiptOutcome> {
    if (!this.#settings().enabled) {
      return Promise.reject(
        illegalState(
          "Message receipts are switched off: set features.messageReceipts.shouldSendMessageReceipts to true.",
        ),
      );
    }
    if (this.#over || this.#isSent(request)) return Promise.resolve({ status: "alreadyFired" });
    const outcome = new Promise<ReceiptOutcome>((resolve, reject) => {
      const waiting: Waiting = { request, resolve, reject };
      if (request.kind === "delivered") this.#hold(waiting);
      // A read receipt takes the delivered ones of its message along.
      else this.#pass([waiting, ...this.#takeHeld(request.messageId)]);
    });
    const result = request.signal ? withinTime(() => outcome, [request.signal]) : outcome;
    this.#pending += 1;
    const done = (): void => void (this.#pending -= 1);
    result.then(done, done);
    return result;
  }

  /** A receipt that went out by another way, or that a transcript shows: it is not sent again. */
  markSent(kind: ReceiptKind, messageId: string): void {
    this.#sent[kind].add(messageId);
  }

  /** An item of a transcript shows which receipts this participant has sent, from this page or another, on any device. */
  learn({ MessageMetadata }: WireItem, participantId: string): void {
    const { MessageId = "", Receipts } = MessageMetadata ?? {};
    for (const receipt of Receipts ?? []) {
      if (receipt.RecipientParticipantId !== participantId) continue;
      if (receipt.ReadTimestamp) this.markSent("read", MessageId);
      if (receipt.DeliveredTimestamp) this.markSent("delivered", MessageId);
    }
  }

  /** The link is back: receipts that failed are resent at once, unless the service asked to be left alone for longer. */
  linkIsBack(): void {
    for (const unsent of [...this.#unsent.values()]) {
      if (this.#platform.monotonicMs() >= unsent.notBeforeMs) this.#resend({ ...unsent, resent: 0 });
    }
  }

  /** This side has left the chat: receipts that failed are not resent any more. */
  leave(): void {
    this.#isLeft = true;
    for (const kind of this.#unsent.keys()) this.#forget(kind);
  }

  #forget(kind: ReceiptKind): void {
    this.#unsent.get(kind)?.timer.cancel();
    this.#unsent.delete(kind);
  }

  /** Keeps a receipt that failed, to resend it: in place of an older one, and unless a newer one was sent. */
  #keep(unsent: Omit<Unsent, "timer" | "notBeforeMs">, order: number): void {
    const { kind } = unsent.request;
    if (this.#isLeft || order < (this.#newest.get(kind) ?? 0)) return;
    this.#newest.set(kind, order);
    this.#forget(kind);
    const notBeforeMs = this.#platform.monotonicMs() + askedForMs(unsent.error, this.#platform);
    this.#unsent.set(kind, { ...unsent, notBeforeMs, timer: this.#resendLater(unsent) });
  }

  #resendLater({ request, error, resent }: Omit<Unsent, "timer" | "notBeforeMs">): Timer {
    const delayMs = pauseAfterMs(error, this.#platform, resent, RESENT.firstMs, RESENT.capMs);
    return this.#platform.startTimer(() => {
      const unsent = this.#unsent.get(request.kind);
      if (unsent) this.#resend(unsent);
    }, delayMs);
  }

  /** Sends a receipt again; no promise waits for it. A pending one of the application's may make it unnecessary. */
  #resend(unsent: Unsent): void {
    const { request, resent } = unsent;
    unsent.timer.cancel();
    if (this.#pending > 0 || !this.#settings().enabled) {
      this.#unsent.set(request.kind, { ...unsent, timer: this.#resendLater(unsent) });
      return;
    }
    this.#unsent.delete(request.kind);
    const ignore = (): void => undefined;
    this.#fire([{ request, resolve: ignore, reject: ignore }], resent + 1);
  }

  /** The chat has ended, or is forgotten: nothing is sent any more, and what waits is told that it is not needed. */
  end(): void {
    this.#over = true;
    this.leave();
    this.#window?.cancel();
    this.#window = null;
    const held = [...this.#holding.keys()].flatMap((messageId) => this.#takeHeld(messageId));
    settleUnsent([...this.#gathered, ...held]);
    this.#gathered = [];
  }

  /** Who has read a message has got it. */
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
    const timer = this.#platform.startTimer(() => this.#pass(this.#takeHeld(messageId)), DELIVERED_WAIT_MS);
    this.#holding.set(messageId, { timer, waiting: [waiting] });
  }

  /** The delivered receipts of a message that still wait: their wait is over. */
  #takeHeld(messageId: string): Waiting[] {
    const held = this.#holding.get(messageId);
    held?.timer.cancel();
    this.#holding.delete(messageId);
    return held?.waiting ?? [];
  }

  #pass(waiting: Waiting[]): void {
    if (waiting.some(({ request }) => request.disableThrottle)) {
      this.#fire(waiting);
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
    this.#fire(gathered.filter(isRead));
    this.#fire(gathered.filter((each) => !isRead(each)));
  }

  /** One request, for the latest of these; a read one before any delivered one. All of them settle as it does. */
  #fire(asked: readonly Waiting[], resent = 0): void {
    const waiting = asked.filter(({ request }) => !request.signal?.aborted);
    const latest = waiting.filter(isReadReceipt).at(-1) ?? waiting.at(-1);
    if (!latest) return;
    if (this.#isSent(latest.request)) {
      settleUnsent(waiting);
      return;
    }
    const { kind, content, clientToken = this.#platform.uuid() } = latest.request;
    // From here on nothing takes it back, nor what is resent.
    const request: ReceiptRequest = { ...latest.request, clientToken, signal: undefined };
    const order = (this.#requests += 1);
    const sent = this.#sent[kind];
    for (const each of waiting) sent.add(each.request.messageId);
    const event = { contentType: RECEIPT_CONTENT_TYPE[kind], content, clientToken };
    // One that is resent has no promise that waits for it: the next timer is its next attempt.
    this.#participant.sendEvent(event, resent > 0 ? { policy: RETRY.once } : {}).then(
      (data) => {
        // It says more than those that failed before it.
        if (order > (this.#newest.get(kind) ?? 0)) {
          this.#newest.set(kind, order);
          this.#forget(kind);
        }
        waiting.forEach(({ resolve }) => resolve({ status: "sent", data }));
      },
      (error: unknown) => {
        if (isOfNetwork(error)) this.#keep({ request, error, resent }, order);
        // Not sent after all: the application may try again.
        for (const each of waiting) sent.delete(each.request.messageId);
        waiting.forEach(({ reject }) => reject(error));
      },
    );
  }
}

const isReadReceipt = ({ request }: { readonly request: ReceiptRequest }): boolean => request.kind === "read";

const settleUnsent = (waiting: readonly Waiting[]): void =>
  waiting.forEach(({ resolve }) => resolve({ status: "alreadyFired" }));
