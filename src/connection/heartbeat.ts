import type { Platform, Timer } from "../platform";
import { TOPIC, type RawFrame } from "./frames";

export const HEARTBEAT = {
  everyMs: 10_000,
  answerWithinMs: 5_000,
  /** A deadline that fires this late was delayed by sleep or a throttled tab, so it proves nothing. */
  lateMs: 2_000,
} as const;

export type HeartbeatEvent =
  | { readonly kind: "send"; readonly frame: RawFrame }
  /** The beat wasn't answered in time: the link is half-open. */
  | { readonly kind: "dead" }
  /** The beat was answered, but the ping sent with it wasn't. */
  | { readonly kind: "deepHeartbeat"; readonly isHealthy: false; readonly answer: null }
  /** The beat that `drain()` sent was answered: everything that the server sent before it has arrived. */
  | { readonly kind: "drained" };

/** Sends a beat on one socket at the start and then every ten seconds, and expects each answer within five. */
export class Heartbeat {
  readonly #platform: Pick<Platform, "monotonicMs" | "startTimer">;
  readonly #report: (event: HeartbeatEvent) => void;
  #beatTimer: Timer | null = null;
  #deadline: Timer | null = null;
  #deadlineAt = 0;
  #isBeatPending = false;
  #isPingPending = false;
  /** The number of beats sent and not yet answered. */
  #unanswered = 0;
  /** The number of answers left until the socket is drained; 0 if it isn't being drained. */
  #answersUntilDrained = 0;
  /** Whether a late deadline has already led to a second beat. The next deadline counts, late or not. */
  #hadSecondChance = false;

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

  beatAnswered(): void {
    this.#isBeatPending = false;
    this.#hadSecondChance = false;
    this.#clearDeadlineIfAnswered();
    if (this.#unanswered > 0) this.#unanswered -= 1;
    if (this.#answersUntilDrained > 0 && (this.#answersUntilDrained -= 1) === 0)
      this.#report({ kind: "drained" });
  }

  /** Sends another beat, and reports `drained` when it is answered. */
  drain(): void {
    this.#send();
    this.#answersUntilDrained = this.#unanswered;
  }

  pingAnswered(): void {
    this.#isPingPending = false;
    this.#clearDeadlineIfAnswered();
  }

  /** Sends a beat now, because the machine woke up or the network changed. A beat in flight is enough. */
  check(): void {
    if (this.#beatTimer && !this.#isBeatPending) this.#beat();
  }

  stop(): void {
    this.#beatTimer?.cancel();
    this.#deadline?.cancel();
    this.#beatTimer = this.#deadline = null;
    this.#isBeatPending = this.#isPingPending = false;
    this.#answersUntilDrained = 0;
  }

  #send(): void {
    this.#unanswered += 1;
    for (const topic of [TOPIC.ping, TOPIC.heartbeat]) this.#report({ kind: "send", frame: { topic } });
  }

  #beat(): void {
    this.#beatTimer?.cancel();
    this.#deadline?.cancel();
    if (!this.#isBeatPending) this.#unanswered = 0;
    this.#isBeatPending = this.#isPingPending = true;
    this.#beatTimer = this.#platform.startTimer(() => this.#beat(), HEARTBEAT.everyMs);
    this.#deadlineAt = this.#platform.monotonicMs() + HEARTBEAT.answerWithinMs;
    this.#deadline = this.#platform.startTimer(() => this.#onDeadline(), HEARTBEAT.answerWithinMs);
    this.#send();
  }

  #clearDeadlineIfAnswered(): void {
    if (this.#isBeatPending || this.#isPingPending) return;
    this.#deadline?.cancel();
    this.#deadline = null;
  }

  #onDeadline(): void {
    this.#deadline = null;
    if (!this.#isBeatPending) {
      this.#report({ kind: "deepHeartbeat", isHealthy: false, answer: null });
      return;
    }
    const isLate = this.#platform.monotonicMs() - this.#deadlineAt >= HEARTBEAT.lateMs;
    if (isLate && !this.#hadSecondChance) {
      this.#hadSecondChance = true;
      this.#beat();
      return;
    }
    this.stop();
    this.#report({ kind: "dead" });
  }
}
