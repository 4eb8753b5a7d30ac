import type { Platform, Timer } from "../platform";
import { TOPIC, type RawFrame } from "./frames";

export const HEARTBEAT = {
  intervalMs: 10_000,
  responseTimeoutMs: 5_000,
  /** A deadline that fires this late was delayed by sleep or a throttled tab. It doesn't prove a half-open link. */
  lateAfterMs: 2_000,
} as const;

export type HeartbeatEvent =
  | { readonly kind: "send"; readonly frame: RawFrame }
  /** The beat received no response in time, so the link is half-open. */
  | { readonly kind: "dead" }
  /** The beat received a response, but the ping that was sent with it didn't. */
  | { readonly kind: "deepHeartbeat"; readonly isHealthy: false; readonly response: null }
  /** The beat that `drain()` sent received its response, so all frames that the server sent before it have arrived. */
  | { readonly kind: "drained" };

/** Sends a beat on one socket at the start and every ten seconds after that. Awaits each response for five seconds. */
export class Heartbeat {
  readonly #platform: Pick<Platform, "monotonicMs" | "startTimer">;
  readonly #report: (event: HeartbeatEvent) => void;
  #beatTimer: Timer | null = null;
  #deadline: Timer | null = null;
  #deadlineAtMs = 0;
  #isBeatPending = false;
  #isPingPending = false;
  /** The number of beats that haven't received a response. */
  #pendingBeats = 0;
  /** The number of responses that must arrive before the socket is drained; 0 if it isn't being drained. */
  #responsesUntilDrained = 0;
  /** Whether a late deadline has already led to a second beat. The next deadline then counts even if it fires late. */
  #isSecondChance = false;

  constructor(
    platform: Pick<Platform, "monotonicMs" | "startTimer">,
    report: (event: HeartbeatEvent) => void,
  ) {
    this.#platform = platform;
    this.#report = report;
  }

  start(): void {
    this.#beat();
  }

  onBeatResponse(): void {
    this.#isBeatPending = false;
    this.#isSecondChance = false;
    this.#clearDeadlineIfIdle();
    if (this.#pendingBeats > 0) this.#pendingBeats -= 1;
    if (this.#responsesUntilDrained > 0 && (this.#responsesUntilDrained -= 1) === 0)
      this.#report({ kind: "drained" });
  }

  /** Sends another beat. Reports `drained` when the response to this beat arrives. */
  drain(): void {
    this.#send();
    this.#responsesUntilDrained = this.#pendingBeats;
  }

  onPingResponse(): void {
    this.#isPingPending = false;
    this.#clearDeadlineIfIdle();
  }

  /** Sends a beat now, unless a beat is in flight. Called after the machine wakes up or the network changes. */
  check(): void {
    if (this.#beatTimer && !this.#isBeatPending) this.#beat();
  }

  stop(): void {
    this.#beatTimer?.cancel();
    this.#deadline?.cancel();
    this.#beatTimer = this.#deadline = null;
    this.#isBeatPending = this.#isPingPending = false;
    this.#responsesUntilDrained = 0;
  }

  #send(): void {
    this.#pendingBeats += 1;
    for (const topic of [TOPIC.ping, TOPIC.heartbeat]) this.#report({ kind: "send", frame: { topic } });
  }

  #beat(): void {
    this.#beatTimer?.cancel();
    this.#deadline?.cancel();
    if (!this.#isBeatPending) this.#pendingBeats = 0;
    this.#isBeatPending = this.#isPingPending = true;
    this.#beatTimer = this.#platform.startTimer(() => this.#beat(), HEARTBEAT.intervalMs);
    this.#deadlineAtMs = this.#platform.monotonicMs() + HEARTBEAT.responseTimeoutMs;
    this.#deadline = this.#platform.startTimer(() => this.#onDeadline(), HEARTBEAT.responseTimeoutMs);
    this.#send();
  }

  #clearDeadlineIfIdle(): void {
    if (this.#isBeatPending || this.#isPingPending) return;
    this.#deadline?.cancel();
    this.#deadline = null;
  }

  #onDeadline(): void {
    this.#deadline = null;
    if (!this.#isBeatPending) {
      this.#report({ kind: "deepHeartbeat", isHealthy: false, response: null });
      return;
    }
    const isLate = this.#platform.monotonicMs() - this.#deadlineAtMs >= HEARTBEAT.lateAfterMs;
    if (isLate && !this.#isSecondChance) {
      this.#isSecondChance = true;
      this.#beat();
      return;
    }
    this.stop();
    this.#report({ kind: "dead" });
  }
}
