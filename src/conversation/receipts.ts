import { illegalState, isOfNetwork } from "../errors";
import { withinTime } from "../waiting";
import type { Platform, Timer } from "../platform";
import { fullJitterMs } from "../util/backoff";
import { RecentIds } from "../util/recent-ids";
import type { ReceiptKind } from "./content-types";

/** A delivered receipt waits this long in case a read one for the same message follows, which says it all. */
export const DELIVERED_WAIT_MS = 300;

/** One that failed because of the network is sent again after this time, and after twice as long each time it fails again. */
const REPEATED = { firstMs: 30_000, capMs: 300_000 } as const;

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
  readonly signal?: AbortSignal;
  /** How often the library has sent it again after it failed. */
  readonly repeats?: number;
}

/** What became of a receipt: sent (a custom client may answer without data), or not needed any more. */
export type ReceiptOutcome<Sent> =
  { readonly status: "sent"; readonly data: Sent | undefined } | { readonly status: "alreadyFired" };

export interface ReceiptOwner<Sent> {
  receiptSettings(): ReceiptSettings;
  sendReceipt(request: ReceiptRequest): Promise<Sent | undefined>;
}

interface Waiting<Sent> {
  readonly request: ReceiptRequest;
  readonly resolve: (outcome: ReceiptOutcome<Sent>) => void;
  readonly reject: (error: unknown) => void;
}

/** The newest request of a kind. */
interface Newest {
  readonly request: ReceiptRequest;
  /** Until it is sent again, once it has failed because of the network. */
  timer?: Timer;
}

/**
 * Sends receipts sparingly: read supersedes delivered, a window gathers them, and what was sent once is not sent again.
 * Every promise settles: with the outcome of the request that spoke for it.
 */
export class ReceiptSender<Sent> {
  readonly #platform: Pick<Platform, "startTimer" | "uuid">;
  readonly #owner: ReceiptOwner<Sent>;
  readonly #sent = { read: new RecentIds(), delivered: new RecentIds() };
  /** Delivered receipts in their wait, by message. */
  readonly #holding = new Map<string, { readonly timer: Timer; readonly waiting: Waiting<Sent>[] }>();
  readonly #newest = new Map<ReceiptKind, Newest>();
  #gathered: Waiting<Sent>[] = [];
  #window: Timer | null = null;
  #over = false;

  constructor(platform: Pick<Platform, "startTimer" | "uuid">, owner: ReceiptOwner<Sent>) {
    this.#platform = platform;
    this.#owner = owner;
  }

  /** Rejects where receipts are switched off, and as the request that speaks for this receipt does. */
  submit(request: ReceiptRequest): Promise<ReceiptOutcome<Sent>> {
    if (!this.#owner.receiptSettings().enabled) {
      return Promise.reject(
        illegalState(
          "Message receipts are switched off: set features.messageReceipts.shouldSendMessageReceipts to true.",
        ),
      );
    }
    if (this.#over || this.#isSent(request)) return Promise.resolve({ status: "alreadyFired" });
    // It says more than one that failed before.
    this.#forgetNewest(request.kind);
    const outcome = new Promise<ReceiptOutcome<Sent>>((resolve, reject) => {
      const waiting: Waiting<Sent> = { request, resolve, reject };
      if (request.kind === "delivered") this.#hold(waiting);
      // A read receipt takes the delivered ones of its message along.
      else this.#pass([waiting, ...this.#takeHeld(request.messageId)]);
    });
    return request.signal ? withinTime(() => outcome, [request.signal]) : outcome;
  }

  /** A receipt that went out by another way, or that a transcript shows: it is not sent again. */
  markSent(kind: ReceiptKind, messageId: string): void {
    this.#sent[kind].add(messageId);
  }

  /** The link is back: receipts that failed are sent again at once. */
  networkIsBack(): void {
    for (const newest of [...this.#newest.values()]) if (newest.timer) this.#repeat(newest.request);
  }

  /** Sends a receipt that failed again; no promise waits for it. */
  #repeat({ repeats = 0, ...request }: ReceiptRequest): void {
    this.submit({ ...request, repeats: repeats + 1 }).catch(() => undefined);
  }

  #forgetNewest(kind: ReceiptKind): void {
    this.#newest.get(kind)?.timer?.cancel();
    this.#newest.delete(kind);
  }

  /** The chat has ended, or is forgotten: nothing is sent any more, and what waits is told that it is not needed. */
  end(): void {
    this.#over = true;
    for (const kind of this.#newest.keys()) this.#forgetNewest(kind);
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

  #hold(waiting: Waiting<Sent>): void {
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
  #takeHeld(messageId: string): Waiting<Sent>[] {
    const held = this.#holding.get(messageId);
    held?.timer.cancel();
    this.#holding.delete(messageId);
    return held?.waiting ?? [];
  }

  #pass(waiting: Waiting<Sent>[]): void {
    if (waiting.some(({ request }) => request.disableThrottle)) {
      this.#fire(waiting);
      return;
    }
    this.#gathered.push(...waiting);
    this.#window ??= this.#platform.startTimer(() => this.#flush(), this.#owner.receiptSettings().throttleMs);
  }

  #flush(): void {
    this.#window = null;
    const gathered = this.#gathered;
    this.#gathered = [];
    const read = gathered.filter(isReadReceipt).map(({ request }) => request.messageId);
    const isRead = ({ request }: Waiting<Sent>): boolean => read.includes(request.messageId);
    this.#fire(gathered.filter(isRead));
    this.#fire(gathered.filter((each) => !isRead(each)));
  }

  /** One request, for the latest of these; a read one before any delivered one. All of them settle as it does. */
  #fire(asked: readonly Waiting<Sent>[]): void {
    const waiting = asked.filter(({ request }) => !request.signal?.aborted);
    const latest = waiting.filter(isReadReceipt).at(-1) ?? waiting.at(-1);
    if (!latest) return;
    if (this.#isSent(latest.request)) {
      settleUnsent(waiting);
      return;
    }
    const { kind, clientToken = this.#platform.uuid() } = latest.request;
    const sent = this.#sent[kind];
    for (const each of waiting) sent.add(each.request.messageId);
    const request = { ...latest.request, clientToken };
    const newest: Newest = { request };
    this.#newest.set(kind, newest);
    this.#owner.sendReceipt(request).then(
      (data) => waiting.forEach(({ resolve }) => resolve({ status: "sent", data })),
      (error: unknown) => {
        if (isOfNetwork(error) && this.#newest.get(kind) === newest) {
          const delayMs = fullJitterMs(1, request.repeats ?? 0, REPEATED.firstMs, REPEATED.capMs);
          newest.timer = this.#platform.startTimer(() => this.#repeat(request), delayMs);
        }
        // Not sent after all: the application may try again.
        for (const each of waiting) sent.delete(each.request.messageId);
        waiting.forEach(({ reject }) => reject(error));
      },
    );
  }
}

const isReadReceipt = ({ request }: { readonly request: ReceiptRequest }): boolean => request.kind === "read";

const settleUnsent = <Sent>(waiting: readonly Waiting<Sent>[]): void =>
  waiting.forEach(({ resolve }) => resolve({ status: "alreadyFired" }));
