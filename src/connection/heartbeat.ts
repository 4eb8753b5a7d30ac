import type { Platform, Timer } from "../platform";
import { TOPIC, type RawFrame } from "./frames";

export const HEARTBEAT = {
  everyMs: 10_000,
  answerWithinMs: 5_000,
  /** A deadline that fires this much late was held up by sleep or a throttled tab: it proves nothing. */
  lateMs: 2_000,
} as const;

export type HeartbeatEvent =
  | { readonly kind: "send"; readonly frame: RawFrame }
  /** The beat was not answered in time: the link is half-open. */
  | { readonly kind: "dead" }
  /** The beat was answered, the ping beside it was not. */
  | { readonly kind: "deepHeartbeat"; readonly isHealthy: false; readonly answer: null }
  /** The beat that `drain()` sent was answered: all that the server sent before it has arrived. */
  | { readonly kind: "drained" };

/** Beats on one socket: at once, then every ten seconds, each to be answered within five. */
export class Heartbeat {
  readonly #platform: Pick<Platform, "monotonicMs" | "startTimer">;
  readonly #report: (event: HeartbeatEvent) => void;
  #beatTimer: Timer | null = null;
  #deadline: Timer | null = null;
  #deadlineAt = 0;
  #beatOpen = false;
  #pingOpen = false;
  /** Beats that were sent and are not answered yet. */
  #unanswered = 0;
  /** How many answers are left until the socket is drained; 0 if it isn't being drained. */
  #answersUntilDrained = 0;
  /** A late deadline was given a second beat already: the next one counts, late or not. */
  #secondChance = false;

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
    this.#beatOpen = false;
    this.#secondChance = false;
    this.#settle();
    if (this.#unanswered > 0) this.#unanswered -= 1;
    if (this.#answersUntilDrained > 0 && (this.#answersUntilDrained -= 1) === 0)
      this.#report({ kind: "drained" });
  }

  /** Sends one more beat, and reports when it is answered. */
  drain(): void {
    this.#send();
    this.#answersUntilDrained = this.#unanswered;
  }

  pingAnswered(): void {
    this.#pingOpen = false;
    this.#settle();
  }

  /** Beats at once: the machine woke up, or the network changed. A beat in flight is enough. */
  check(): void {
    if (this.#beatTimer && !this.#beatOpen) this.#beat();
  }

  stop(): void {
    this.#beatTimer?.cancel();
    this.#deadline?.cancel();
    this.#beatTimer = this.#deadline = null;
    this.#beatOpen = this.#pingOpen = false;
    this.#answersUntilDrained = 0;
  }

  #send(): void {
    this.#unanswered += 1;
    for (const topic of [TOPIC.ping, TOPIC.heartbeat]) this.#report({ kind: "send", frame: { topic } });
  }

  #beat(): void {
    this.#beatTimer?.cancel();
    this.#deadline?.cancel();
    if (!this.#beatOpen) this.#unanswered = 0;
    this.#beatOpen = this.#pingOpen = true;
    this.#beatTimer = this.#platform.startTimer(() => this.#beat(), HEARTBEAT.everyMs);
    this.#deadlineAt = this.#platform.monotonicMs() + HEARTBEAT.answerWithinMs;
    this.#deadline = this.#platform.startTimer(() => this.#judge(), HEARTBEAT.answerWithinMs);
    this.#send();
  }

  #settle(): void {
    if (this.#beatOpen || this.#pingOpen) return;
    this.#deadline?.cancel();
    this.#deadline = null;
  }

  #judge(): void {
    this.#deadline = null;
    if (!this.#beatOpen) {
      this.#report({ kind: "deepHeartbeat", isHealthy: false, answer: null });
      return;
    }
    const late = this.#platform.monotonicMs() - this.#deadlineAt >= HEARTBEAT.lateMs;
    if (late && !this.#secondChance) {
      this.#secondChance = true;
      this.#beat();
      return;
    }
    this.stop();
    this.#report({ kind: "dead" });
  }
}
