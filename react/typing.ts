import type { ChatTranscriptItem } from "amazon-connect-chatjs";
import type { TypingParticipant } from "./types";

/** While somebody types, the service sends a typing event at most every 10 s. */
const TYPING_DURATION_MS = 11_000;

const NO_PARTICIPANTS: readonly TypingParticipant[] = [];

interface Entry {
  readonly participant: TypingParticipant;
  timer: ReturnType<typeof setTimeout>;
}

/** The participants who are typing. Each one is removed after a while, or when their message arrives. */
export class TypingParticipants {
  readonly #onChange: () => void;
  readonly #byId = new Map<string, Entry>();
  #list = NO_PARTICIPANTS;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get list(): readonly TypingParticipant[] {
    return this.#list;
  }

  add({ ParticipantId: participantId = "", DisplayName, ParticipantRole }: ChatTranscriptItem): void {
    const known = this.#byId.get(participantId);
    if (known) clearTimeout(known.timer);
    const timer = setTimeout(() => {
      this.remove(participantId);
      this.#onChange();
    }, TYPING_DURATION_MS);
    if (known) {
      known.timer = timer;
      return;
    }
    const participant = { participantId, displayName: DisplayName ?? null, role: ParticipantRole ?? null };
    this.#byId.set(participantId, { participant, timer });
    this.#rebuild();
    this.#onChange();
  }

  /** Removes a participant, without calling `onChange`. */
  remove(participantId: string): void {
    const entry = this.#byId.get(participantId);
    if (!entry) return;
    clearTimeout(entry.timer);
    this.#byId.delete(participantId);
    this.#rebuild();
  }

  dispose(): void {
    for (const { timer } of this.#byId.values()) clearTimeout(timer);
    this.#byId.clear();
    this.#list = NO_PARTICIPANTS;
  }

  #rebuild(): void {
    this.#list =
      this.#byId.size === 0 ? NO_PARTICIPANTS : Array.from(this.#byId.values(), (each) => each.participant);
  }
}
