/** What the simulator does automatically in a contact: a bot, a survey, message processing, and file scanning. */
import { echoBot } from "./bot";
import type { ProcessedMessage } from "./decisions";
import { Delays } from "./delays";
import type { ContactScript } from "./script";

export interface Behaviors {
  /** `echo` answers each message and attachment of the customer. */
  bot: "echo" | null;
  /** `survey` asks the customer to rate the chat when a DisconnectParticipant call would end it. */
  disconnectFlow: "none" | "survey";
  /** The processing of clients' messages before delivery. `redact` replaces numbers with four or more digits. */
  processing: "none" | "redact" | "fail" | "reject";
  processingDelayMs: number;
  /** The scanning of clients' attachments before they can be downloaded. */
  scanning: "none" | "approve" | "reject";
  scanningDelayMs: number;
}

const DEFAULT_DELAY_MS = 1_000;

const NONE: Behaviors = {
  bot: null,
  disconnectFlow: "none",
  processing: "none",
  processingDelayMs: DEFAULT_DELAY_MS,
  scanning: "none",
  scanningDelayMs: DEFAULT_DELAY_MS,
};

type Hook = "bot" | "disconnectFlow" | "processing" | "scanning";

const SURVEY = {
  templateType: "QuickReply",
  version: "1.0",
  data: {
    content: {
      title: "How was this chat?",
      subtitle: "1 is bad, 5 is great.",
      elements: ["1", "2", "3", "4", "5"].map((title) => ({ title })),
    },
  },
};

const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";

/** Four or more digits, which can have spaces, dots or dashes between them. */
const LONG_NUMBER = /\d(?:[ .-]?\d){3,}/g;

/** The behaviors of one contact. */
export class ContactBehaviors {
  readonly #contact: ContactScript;
  readonly #removers = new Map<Hook, () => void>();
  readonly #delays = new Delays();
  #values = NONE;

  constructor(contact: ContactScript) {
    this.#contact = contact;
  }

  get values(): Behaviors {
    return { ...this.#values };
  }

  set(changes: Partial<Behaviors>): void {
    const before = this.#values;
    this.#values = { ...before, ...changes };
    const hooks: readonly Hook[] = ["bot", "disconnectFlow", "processing", "scanning"];
    for (const hook of hooks) if (before[hook] !== this.#values[hook]) this.#replace(hook);
  }

  /** Removes all behaviors. Messages and files that are being processed stay as they are. */
  close(): void {
    for (const remove of this.#removers.values()) remove();
    this.#removers.clear();
    this.#delays.close();
  }

  #replace(hook: Hook): void {
    this.#removers.get(hook)?.();
    this.#removers.delete(hook);
    const remove = this.#install(hook);
    if (remove) this.#removers.set(hook, remove);
  }

  /** Installs one behavior as configured. Returns the function that removes the behavior; null if it is off. */
  #install(hook: Hook): (() => void) | null {
    const { bot, disconnectFlow, processing, scanning } = this.#values;
    switch (hook) {
      case "bot":
        return bot === "echo" ? echoBot(this.#contact) : null;
      case "disconnectFlow":
        return disconnectFlow === "survey" ? this.#contact.onDisconnect(() => this.#survey()) : null;
      case "processing":
        return processing === "none" ? null : this.#contact.onProcessing((text) => this.#process(text));
      case "scanning":
        return scanning === "none" ? null : this.#contact.onScan(() => this.#scan());
      default:
        return hook satisfies never;
    }
  }

  #survey(): void {
    const bot = { role: "SYSTEM", displayName: "Survey" } as const;
    // The bot must not answer the survey.
    this.#removers.get("bot")?.();
    this.#contact.say(JSON.stringify(SURVEY), { ...bot, contentType: INTERACTIVE });
    const remove = this.#contact.onMessage(() => {
      remove();
      if (this.#contact.ended) return;
      this.#contact.say("Thank you for your feedback.", bot);
      this.#contact.end();
    });
  }

  async #process(text: string): Promise<ProcessedMessage> {
    await this.#delays.wait(this.#values.processingDelayMs);
    switch (this.#values.processing) {
      case "redact":
        return { text: text.replace(LONG_NUMBER, (digits) => "*".repeat(digits.length)) };
      case "fail":
        return { status: "FAILED" };
      case "reject":
        return { status: "REJECTED" };
      case "none":
        return {};
      default:
        return this.#values.processing satisfies never;
    }
  }

  async #scan(): Promise<"APPROVED" | "REJECTED"> {
    await this.#delays.wait(this.#values.scanningDelayMs);
    return this.#values.scanning === "reject" ? "REJECTED" : "APPROVED";
  }
}
