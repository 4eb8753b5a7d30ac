import { ControlClient } from "../api/control-client";
import { LiveEvents } from "../api/live-events";
import type { Answer, Body, OperationName, PathOf } from "../api/operations";
import type { Item } from "../api/types";
import { Recorder } from "../recording/recorder";
import { isFromCustomer, withContact, withItem, withoutUnread, withTraffic } from "./changes";
import { coalesce } from "./coalesce";
import { mergeItems } from "./merge-item";
import { contactOf, INITIAL_STATE, type PanelState } from "./model";
import { participantOf, personaInfo, type Persona } from "./personas";
import { Store } from "./store";

/** Typing events aren't followed by "stopped typing", so they expire, as in most chat widgets. */
const TYPING_MS = 8000;

/** How many entries the emulator keeps. */
const EMULATOR_TRAFFIC = 5000;

/** Keeps the panel's state up to date, and does what the user asks for. */
export class Panel {
  readonly store = new Store<PanelState>(INITIAL_STATE);
  readonly recorder = new Recorder();
  readonly #client = new ControlClient((call) => this.recorder.recordCall(call));
  readonly #receipts = new Set<string>();
  readonly #live = new LiveEvents(
    {
      contact: ({ contact }) => this.store.update((state) => withContact(state, contact)),
      item: ({ contactId, item }) => this.#onItem(contactId, item),
      traffic: (entry) => this.store.update((state) => withTraffic(state, [entry])),
      fault: coalesce(() => this.run(() => this.#loadFaults())),
      // A contact event follows.
      socket: () => undefined,
      reset: () => void this.run(() => this.#load()),
    },
    {
      opened: () => void this.run(() => this.#load()),
      lost: () => this.store.update((state) => ({ ...state, link: "lost" })),
    },
  );
  #typingTimer: ReturnType<typeof setTimeout> | undefined;
  #notices = 0;

  start(): void {
    this.#live.open();
  }

  close(): void {
    this.#live.close();
    clearTimeout(this.#typingTimer);
  }

  // --- what the user does ------------------------------------------------------------------------------------------

  /** Calls the API. Its errors are thrown. */
  call<Name extends OperationName>(
    operation: Name,
    path: PathOf<Name>,
    body: Body<Name>,
    options: { automatic?: boolean } = {},
  ): Promise<Answer<Name>> {
    return this.#client.call(operation, path, body, options);
  }

  /** Runs something that calls the API. Shows its error to the user. Returns whether it succeeded. */
  async run(action: () => Promise<unknown>, done?: string): Promise<boolean> {
    try {
      await action();
      if (done !== undefined) this.notify("good", done);
      return true;
    } catch (error) {
      this.notify("bad", error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  notify(tone: "good" | "bad", text: string): void {
    this.#notices += 1;
    const number = this.#notices;
    this.store.update((state) => ({ ...state, notice: { number, tone, text } }));
  }

  dismissNotice(): void {
    this.store.update((state) => ({ ...state, notice: null }));
  }

  select(contactId: string): void {
    if (this.store.state.conversation?.contactId !== contactId) {
      const conversation = { contactId, items: null, behaviors: null, typing: null };
      this.store.update((state) => ({ ...state, conversation }));
      void this.run(() => this.#loadConversation(contactId));
    }
    this.look();
  }

  /** The user sees the selected contact. */
  look(): void {
    this.store.update((state) =>
      state.conversation ? withoutUnread(state, state.conversation.contactId) : state,
    );
  }

  /**
   * Makes sure that the persona has joined, and returns who it is. The second agent needs a first one, so that the panel
   * can tell them apart.
   */
  async joined(contactId: string, persona: Persona, displayName: string): Promise<string | undefined> {
    const { role, joins, defaultName } = personaInfo(persona);
    if (!joins || (role !== "AGENT" && role !== "SUPERVISOR")) return undefined;
    const present = participantOf(persona, this.#participants(contactId));
    if (present) return present.participantId;
    if (persona === "second") await this.joined(contactId, "agent", personaInfo("agent").defaultName);
    const { participantId } = await this.call(
      "joinParticipant",
      { contactId },
      {
        role,
        displayName: displayName || defaultName,
        acknowledged: true,
      },
    );
    await this.#loadContacts();
    return participantId;
  }

  async clearTraffic(): Promise<void> {
    await this.call("clearTraffic", {}, undefined);
    this.store.update((state) => ({ ...state, traffic: [] }));
  }

  /** Marks a customer's message as read by the agent, once, if an agent has joined. */
  async markRead(contactId: string, messageId: string, { automatic }: { automatic: boolean }): Promise<void> {
    if (this.#receipts.has(messageId) || contactOf(this.store.state, contactId)?.ended) return;
    const agent = participantOf("agent", this.#participants(contactId));
    if (!agent?.isPlayed) return;
    this.#receipts.add(messageId);
    await this.call("sendReceipt", { contactId }, { kind: "read", messageId, role: "AGENT" }, { automatic });
  }

  // --- what the emulator reports -----------------------------------------------------------------------------------

  #onItem(contactId: string, item: Item): void {
    const isLookedAt =
      this.store.state.conversation?.contactId === contactId && document.visibilityState === "visible";
    this.store.update((state) => withItem(state, contactId, item, { isLookedAt, now: Date.now() }));
    if (isFromCustomer(item)) this.recorder.recordItem(contactId, item);
    if (this.store.state.conversation?.typing) this.#expireTyping();
  }

  #expireTyping(): void {
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => {
      this.store.update((state) =>
        state.conversation ? { ...state, conversation: { ...state.conversation, typing: null } } : state,
      );
    }, TYPING_MS);
  }

  #participants(contactId: string): NonNullable<ReturnType<typeof contactOf>>["participants"] {
    return contactOf(this.store.state, contactId)?.participants ?? [];
  }

  // --- loading -----------------------------------------------------------------------------------------------------

  async #load(): Promise<void> {
    const status = await this.call("getStatus", {}, undefined);
    await Promise.all([this.#loadContacts(), this.#loadFaults(), this.#loadTraffic()]);
    const contactId = this.store.state.conversation?.contactId;
    if (contactId !== undefined) {
      if (contactOf(this.store.state, contactId)) await this.#loadConversation(contactId);
      else this.store.update((state) => ({ ...state, conversation: null }));
    }
    this.store.update((state) => ({ ...state, status, link: "live" }));
  }

  async #loadContacts(): Promise<void> {
    const { contacts } = await this.call("listContacts", {}, undefined);
    this.store.update((state) => ({ ...state, contacts }));
  }

  async #loadFaults(): Promise<void> {
    const { faults } = await this.call("listFaults", {}, undefined);
    this.store.update((state) => ({ ...state, faults }));
  }

  async #loadTraffic(): Promise<void> {
    // The oldest come first, so all are fetched to get the latest.
    const query = `?limit=${EMULATOR_TRAFFIC}`;
    const { entries } = await this.#client.call("listTraffic", {}, undefined, { query });
    this.store.update((state) => withTraffic({ ...state, traffic: [] }, entries));
  }

  async #loadConversation(contactId: string): Promise<void> {
    const { transcript, behaviors } = await this.call("getContact", { contactId }, undefined);
    this.store.update((state) =>
      state.conversation?.contactId === contactId
        ? { ...state, conversation: { ...state.conversation, items: mergeItems(transcript), behaviors } }
        : state,
    );
  }

  async setBehaviors(contactId: string, changes: Body<"setBehaviors">): Promise<void> {
    const { behaviors } = await this.call("setBehaviors", { contactId }, changes);
    this.store.update((state) =>
      state.conversation?.contactId === contactId
        ? { ...state, conversation: { ...state.conversation, behaviors } }
        : state,
    );
  }
}
