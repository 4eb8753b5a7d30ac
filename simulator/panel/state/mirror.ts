import type { ControlClient } from "../api/control-client";
import { LiveEvents } from "../api/live-events";
import type { Answer, Body } from "../api/operations";
import type { Item } from "../api/types";
import {
  isFromCustomer,
  KEPT_TRAFFIC,
  withContact,
  withFaultMark,
  withItem,
  withNews,
  withoutUnread,
  withTraffic,
} from "./changes";
import { coalesce } from "./coalesce";
import { Batch } from "./frame-batch";
import { mergeItems } from "./merge-item";
import { contactOf, INITIAL_STATE, type PanelState } from "./model";
import { Store } from "./store";

/** How long a typing event is shown. There is no "stopped typing" event, so it expires, as in most chat widgets. */
const TYPING_MS = 8000;

type Change = (state: PanelState) => PanelState;

export interface MirrorParts {
  readonly client: ControlClient;
  /** Runs an action that may fail, and shows the error. */
  readonly run: (action: () => Promise<unknown>) => Promise<unknown>;
  /** Called with each message and attachment that a customer sends. */
  readonly onCustomerItem: (contactId: string, item: Item) => void;
}

/** Keeps a copy of the simulator's state: loads the state, and applies the simulator's events. */
export class Mirror {
  readonly store = new Store<PanelState>(INITIAL_STATE);
  readonly #parts: MirrorParts;
  readonly #live: LiveEvents;
  /** For each load in progress, the changes reported since it began. */
  readonly #reported = new Set<Change[]>();
  /** The changes that haven't been applied yet, so that many events cause only one rendering. */
  readonly #pending = new Batch<Change>((changes) => this.#apply(changes));
  #faultLoads = 0;
  #typingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: MirrorParts) {
    this.#parts = parts;
    const loadFaults = coalesce(() => parts.run(() => this.#loadFaults()));
    const load = (): void => void parts.run(() => this.#loadAll());
    this.#live = new LiveEvents(
      {
        contact: ({ contact }) => this.#report((state) => withContact(state, contact)),
        item: ({ contactId, item }) => this.#onItem(contactId, item),
        traffic: (entry) => this.#report((state) => withTraffic(state, [entry])),
        fault: (event) => {
          const now = Date.now();
          this.#pending.add((state) => withFaultMark(state, event, now));
          loadFaults();
        },
        // Ignored, because a contact event follows.
        socket: () => undefined,
        reset: ({ reason }) => {
          // A reset also deletes the traffic, to which the marks belong.
          if (reason === "reset") this.#pending.add((state) => ({ ...state, marks: [] }));
          load();
        },
      },
      { opened: load, lost: () => this.store.update((state) => ({ ...state, link: "lost" })) },
    );
  }

  start(): void {
    this.#live.open();
  }

  close(): void {
    this.#live.close();
    this.#pending.close();
    clearTimeout(this.#typingTimer);
  }

  select(contactId: string): void {
    if (this.store.state.conversation?.contactId !== contactId) {
      const conversation = { contactId, items: null, behaviors: null, typing: null };
      this.store.update((state) => ({ ...state, conversation }));
      void this.#parts.run(() => this.#loadConversation(contactId));
    }
    this.look();
  }

  /** Marks the selected contact as read, because the user is viewing it. */
  look(): void {
    this.store.update((state) =>
      state.conversation ? withoutUnread(state, state.conversation.contactId) : state,
    );
  }

  async loadContacts(): Promise<void> {
    await this.#load(
      () => this.#parts.client.call("listContacts", {}, undefined),
      (state, { contacts }) => ({ ...state, contacts }),
    );
  }

  async setBehaviors(contactId: string, changes: Body<"setBehaviors">): Promise<void> {
    const { behaviors } = await this.#parts.client.call("setBehaviors", { contactId }, changes);
    this.store.update((state) =>
      state.conversation?.contactId === contactId
        ? { ...state, conversation: { ...state.conversation, behaviors } }
        : state,
    );
  }

  async clearTraffic(): Promise<void> {
    await this.#parts.client.call("clearTraffic", {}, undefined);
    this.store.update((state) => ({ ...state, traffic: [], marks: [] }));
  }

  // --- the simulator's events ---------------------------------------------------------------------------------------

  #onItem(contactId: string, item: Item): void {
    const { conversation } = this.store.state;
    const isLookedAt = conversation?.contactId === contactId && document.visibilityState === "visible";
    const now = Date.now();
    this.#report((state) => withItem(state, contactId, item, now));
    if (!isFromCustomer(item)) return;
    this.#pending.add((state) => withNews(state, contactId, item, isLookedAt));
    this.#parts.onCustomerItem(contactId, item);
  }

  #apply(changes: readonly Change[]): void {
    const typing = this.store.state.conversation?.typing;
    this.store.update((state) => changes.reduce((next, change) => change(next), state));
    const now = this.store.state.conversation?.typing;
    if (now && now !== typing) this.#expireTyping();
  }

  #expireTyping(): void {
    clearTimeout(this.#typingTimer);
    this.#typingTimer = setTimeout(() => {
      this.store.update((state) =>
        state.conversation ? { ...state, conversation: { ...state.conversation, typing: null } } : state,
      );
    }, TYPING_MS);
  }

  #report(change: Change): void {
    for (const changes of this.#reported) changes.push(change);
    this.#pending.add(change);
  }

  // --- loading -----------------------------------------------------------------------------------------------------

  /**
   * Applies a response, and then the changes reported while the call was in flight, because the response may be older.
   */
  async #load<Loaded>(
    load: () => Promise<Loaded>,
    apply: (state: PanelState, loaded: Loaded) => PanelState,
  ): Promise<void> {
    const changes: Change[] = [];
    this.#reported.add(changes);
    try {
      const loaded = await load();
      this.#pending.flush();
      this.store.update((state) => changes.reduce((next, change) => change(next), apply(state, loaded)));
    } finally {
      this.#reported.delete(changes);
    }
  }

  async #loadAll(): Promise<void> {
    const status = await this.#parts.client.call("getStatus", {}, undefined);
    await Promise.all([this.loadContacts(), this.#loadFaults(), this.#loadTraffic()]);
    const contactId = this.store.state.conversation?.contactId;
    if (contactId !== undefined) {
      if (contactOf(this.store.state, contactId)) await this.#loadConversation(contactId);
      else this.store.update((state) => ({ ...state, conversation: null }));
    }
    this.store.update((state) => ({ ...state, status, link: "live" }));
  }

  async #loadFaults(): Promise<void> {
    this.#faultLoads += 1;
    const load = this.#faultLoads;
    const { faults } = await this.#parts.client.call("listFaults", {}, undefined);
    this.#pending.flush();
    // A response that a newer request has overtaken is out of date.
    if (load === this.#faultLoads) this.store.update((state) => ({ ...state, faults }));
  }

  async #loadTraffic(): Promise<void> {
    // The list begins with the oldest entries, and the panel keeps only the latest. So the first call gets no entries,
    // but the number of the last one.
    const list = (sinceNumber: number): Promise<Answer<"listTraffic">> => {
      const query = `?sinceNumber=${sinceNumber}&limit=${KEPT_TRAFFIC}`;
      return this.#parts.client.call("listTraffic", {}, undefined, { query });
    };
    await this.#load(
      async () => list(Math.max(0, (await list(Number.MAX_SAFE_INTEGER)).next - KEPT_TRAFFIC)),
      (state, { entries }) => withTraffic({ ...state, traffic: [] }, entries),
    );
  }

  async #loadConversation(contactId: string): Promise<void> {
    await this.#load(
      () => this.#parts.client.call("getContact", { contactId }, undefined),
      (state, { transcript, behaviors }) =>
        state.conversation?.contactId === contactId
          ? { ...state, conversation: { ...state.conversation, items: mergeItems(transcript), behaviors } }
          : state,
    );
  }
}
