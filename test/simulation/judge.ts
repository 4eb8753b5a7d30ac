/**
 * Judges a run by checking that the service's and the page's records satisfy each guarantee in docs/reliability.md.
 */
import {
  APPLICATION_PAGE,
  type Application,
  type CallError,
  type Delivery,
  type SessionRecord,
} from "./application";
import type { Commit, Contact } from "./contact";
import { requestViolations } from "./judge-requests";
import type { Arrival, RequestRecord } from "./network";
import type { Run } from "./play";
import { CONTENT_TYPE, keyOf, type WireItem } from "./wire";

/** The invariants and their meaning. */
export const INVARIANTS = {
  delivered: "the last version of every item in the conversation is delivered",
  once: "no version of an item is delivered twice",
  forward: "no earlier version of an item is delivered after a later version",
  order: "live items are delivered in order of arrival, and recovered items in order of time",
  overtaken:
    "missed items are delivered before newer items of the new link, unless the recovery is incomplete",
  transcript: "the transcript is sorted, has no duplicates, and contains the last version of every item",
  sends: "messages are sent one at a time and stored once, in call order, and a resolved message is stored",
  settled: "every promise settles in time",
  ends: "the end is emitted once, and only if the service ended the chat",
  truthful: "a recovery reported as complete delivered all missed items",
  connected: "after the faults, the session is connected, and the link's events alternate",
  receipts: "each receipt is emitted once",
  tried: "a message is rejected only after three attempts or thirty seconds awake",
  renewed: "one token renewal at a time serves all calls",
  prompt: "a live item waits for a recovery at most ten seconds",
  hurried: "page signals cause at most one attempt every two seconds",
  caughtUp: "the newest requested receipt reaches the service",
  typing: "typing is sent if none was sent for ten seconds",
  budget:
    "at most 30 requests per minute and 60 per ten minutes, and six pages per minute for damaged frames",
  released: "no timer, listener, socket or callback is left",
  secret: "no log line contains a token, a URL or a text",
  quiet: "there are no uncaught errors",
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly detail: string;
}

/** A sequence of sessions, each resumed from the previous session. To the user, they are one session. */
interface SessionChain {
  readonly application: Application;
  readonly sessions: readonly SessionRecord[];
  readonly deliveries: readonly Delivery[];
  /** Items from this time on must be delivered. Null if the session never connected. */
  readonly fromMs: number | null;
  readonly last: SessionRecord;
}

const MINUTE = 60_000;
/** The maximum time that a live item waits for a recovery. */
const MAX_HOLD_MS = 10_000;
/** The library's time window for batching receipts. */
const RECEIPT_WINDOW_MS = 5_000;
/** A call's maximum number of attempts. */
const MAX_ATTEMPTS = 3;

/** Slightly less than the number of items that the library remembers. */
const REMEMBERED_ITEMS = 1_900;

/** Errors after which another attempt may succeed. */
const TRANSIENT: ReadonlySet<string> = new Set(["NetworkError", "Timeout", "InvalidResponse"]);

/** Identifies an item's version by the fields that matter to an application. */
const versionOf = ({ Type, ContentType, Content, Attachments, MessageMetadata }: WireItem): string =>
  JSON.stringify([
    Type,
    ContentType,
    Content ?? "",
    Attachments?.map(({ AttachmentId, Status }) => [AttachmentId, Status]) ?? [],
    MessageMetadata?.MessageProcessingStatus ?? "",
  ]);

/** Faults that may end a call before its third attempt. */
const EXCUSES: ReadonlySet<string> = new Set([
  "rest-retry-after",
  "expired-tokens",
  "offline",
  "lying-offline",
]);

/** Whether a receipt failed because of the network. The library resends such receipts. */
const isNetworkFailure = ({ code, statusCode = 0 }: CallError): boolean =>
  TRANSIENT.has(code) ||
  (code === "ClientError" && statusCode === 0) ||
  statusCode === 408 ||
  statusCode === 429 ||
  statusCode >= 500;

/** Whether an item's timestamp is so far ahead of its storage time that the item can't be sorted among other items. */
const isFuture = ({ item, atMs }: Commit): boolean => Date.parse(item.AbsoluteTime) > atMs + MINUTE;

const isPending = ({ Attachments, MessageMetadata }: WireItem): boolean =>
  MessageMetadata?.MessageProcessingStatus === "PROCESSING" ||
  MessageMetadata?.MessageCompleted === false ||
  (Attachments?.some(({ Status }) => Status === "IN_PROGRESS") ?? false);

const isDelivered = ({ ContentType }: WireItem): boolean =>
  ContentType !== CONTENT_TYPE.typing && ContentType !== CONTENT_TYPE.receipt;

function append<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

export function judge(run: Run): Violation[] {
  return new Judge(run).violations;
}

class Judge {
  readonly violations: Violation[] = [];
  readonly #run: Run;
  readonly #arrivals = new Map<Commit, Arrival[]>();
  readonly #misledFromMs = new Map<SessionRecord, number>();
  /** Each item's versions, by contact and key. */
  readonly #versions = new Map<Contact, Map<string, Commit[]>>();

  constructor(run: Run) {
    this.#run = run;
    for (const arrival of run.network.arrivals) append(this.#arrivals, arrival.commit, arrival);
    for (const contact of run.contacts) {
      const versions = new Map<string, Commit[]>();
      for (const commit of contact.commits) append(versions, keyOf(commit.item), commit);
      this.#versions.set(contact, versions);
    }
    for (const application of run.applications) {
      for (const chain of this.#chainsOf(application)) this.#judge(chain);
      this.#judgeSends(application);
      this.#judgeEvents(application);
      this.#judgeBudget(application);
      this.violations.push(...requestViolations(run, application, this.#requestsOf(application)));
    }
    for (const leak of run.leaks) this.#note("released", leak);
    for (const error of run.uncaught) this.#note("quiet", error);
  }

  #note(invariant: Invariant, detail: string): void {
    this.violations.push({ invariant, detail });
  }

  #at(timeMs: number): string {
    return `${((timeMs - this.#run.startMs) / 1_000).toFixed(3)} s`;
  }

  #chainsOf(application: Application): SessionChain[] {
    const groups: SessionRecord[][] = [];
    for (const session of application.sessions) {
      const before = groups.at(-1);
      if (session.isResumed && before) before.push(session);
      else groups.push([session]);
    }
    return groups.map((sessions) => {
      const [first] = sessions as [SessionRecord, ...SessionRecord[]];
      return {
        application,
        sessions,
        deliveries: sessions.flatMap(({ deliveries }) => deliveries),
        fromMs: this.#expectedFrom(first),
        last: sessions.at(-1) ?? first,
      };
    });
  }

  /** Items from before the first link are delivered only if the link didn't open at the first attempt. */
  #expectedFrom(session: SessionRecord): number | null {
    const { connectedAtMs, events } = session;
    if (connectedAtMs === null) return null;
    const first = events.find(
      ({ name }) => name === "onConnectionEstablished" || name === "onConnectionLost",
    );
    return first ? Math.max(connectedAtMs, first.atMs, this.#subscribedAtMs(session, connectedAtMs)) : null;
  }

  /**
   * When an external manager subscribed, if it had gained its connection before the page's first session registered its
   * handlers. In this case, no event reports the subscription to the session.
   */
  #subscribedAtMs({ page }: SessionRecord, connectedAtMs: number): number {
    const manager = this.#run.managers.findLast((each) => each.page === page);
    const gainedAtMs = manager?.gainedAtMs.findLast((atMs) => atMs <= connectedAtMs);
    if (!manager || gainedAtMs === undefined) return connectedAtMs;
    const knownAtMs = this.#run.applications
      .flatMap(({ sessions }) => sessions)
      .filter((session) => session.page === page && session.connectedAtMs !== null)
      .map((session) => session.connectedAtMs ?? Infinity);
    const isKnown = Math.min(...knownAtMs) < gainedAtMs;
    const subscribedAtMs = manager.subscribedAtMs.find((atMs) => atMs >= gainedAtMs);
    return isKnown ? connectedAtMs : (subscribedAtMs ?? connectedAtMs);
  }

  #judge(chain: SessionChain): void {
    this.#judgeDelivery(chain);
    this.#judgeVersions(chain);
    for (const session of chain.sessions) {
      this.#judgeOrder(chain, session);
      this.#judgeLink(chain.application, session);
      for (const problem of session.transcriptProblems.slice(0, 2)) this.#note("transcript", problem);
      for (const line of session.leakedLines.slice(0, 2)) this.#note("secret", line.slice(0, 300));
      this.#judgeReceipts(session);
    }
    this.#judgeEnds(chain);
    this.#judgeRecoveries(chain);
    this.#judgeSettled(chain);
  }

  // --- delivery ------------------------------------------------------------------------------------------------------

  /** The versions of each item that this participant can see, by key. */
  #versionsFor({ application }: SessionChain): Map<string, Commit[]> {
    const byId = new Map<string, Commit[]>();
    for (const commit of application.contact.commits) {
      const { item, onlyRecipient } = commit;
      if (!isDelivered(item)) continue;
      if (onlyRecipient === null || onlyRecipient === application.participant.id)
        append(byId, keyOf(item), commit);
    }
    return byId;
  }

  #judgeDelivery(chain: SessionChain): void {
    const { fromMs, application, deliveries, last } = chain;
    if (fromMs === null) return;
    const delivered = new Map<string, Set<string>>();
    for (const { item } of deliveries) {
      if (item.Unknown !== undefined)
        this.#note("quiet", `${item.Id ?? ""} was delivered, although it is nested too deep for JSON`);
      delivered.set(keyOf(item), (delivered.get(keyOf(item)) ?? new Set()).add(versionOf(item)));
    }
    const inTranscript = new Map((last.transcript ?? []).map((item) => [keyOf(item), versionOf(item)]));
    for (const [id, versions] of this.#versionsFor(chain)) {
      const final = versions.at(-1);
      if (!final || final.atMs < fromMs || !this.#isRequired(chain, final)) continue;
      const version = versionOf(final.transcriptItem);
      if (!delivered.get(id)?.has(version)) {
        const { Type, Content } = final.transcriptItem;
        this.#note(
          "delivered",
          `${application.participant.role}: ${Type} ${id} from ${this.#at(final.atMs)} (${Content ?? ""}) was never delivered in its last version ${version}`,
        );
      }
      if (
        last.transcript !== null &&
        last.overBy === "run over" &&
        final.atMs > (last.connectedAtMs ?? Infinity)
      ) {
        if (inTranscript.get(id) !== version) {
          this.#note(
            "transcript",
            `${id} from ${this.#at(final.atMs)} isn't in the transcript in its last version`,
          );
        }
      }
    }
  }

  /**
   * Whether this version must have reached the application. `wasDelivered` means that the version was delivered later,
   * so the library hadn't forgotten the item.
   */
  #isRequired({ application, sessions, last }: SessionChain, commit: Commit, wasDelivered = false): boolean {
    // The library drops items that are nested too deep.
    if (commit.item.Unknown !== undefined) return false;
    // The library identifies items without an Id by their time.
    if (commit.item.Id === undefined && this.#isTimeUnreliable(commit)) return false;
    const { contact } = application;
    if (commit.item.ContentType === CONTENT_TYPE.ended && this.#cannotLearnEnd(contact)) return false;
    const key = keyOf(commit.item);
    const pages = new Set(sessions.map(({ page }) => page));
    const arrivals = this.#arrivals.get(commit) ?? [];
    const arrived = arrivals.some(({ page }) => pages.has(page));
    // A live item may still be waiting for a recovery when the page is left.
    const hadTime = arrivals.some(({ page, atMs }) =>
      sessions.some((session) => session.page === page && (session.overAtMs ?? Infinity) > atMs + 15_000),
    );
    // A recovery doesn't deliver items that the application fetched itself.
    const isFetched = sessions.some(({ fetched }) => (fetched.get(key) ?? -Infinity) >= commit.atMs);
    if (isFetched && !hadTime) return false;
    if (!wasDelivered && this.#wasForgotten(contact, sessions, commit)) return false;
    if (this.#isMisled(contact, sessions, commit)) return false;
    // If an item is older than the session, its later versions are history, unless they arrived live.
    const [first] = this.#versions.get(contact)?.get(key) ?? [];
    if (!arrived && first && first.atMs < (sessions[0]?.connectedAtMs ?? Infinity)) return false;
    const overAtMs = last.overAtMs ?? Infinity;
    if (last.overBy === "run over") return commit.atMs < this.#run.endMs - MINUTE;
    if (last.overBy === "chat ended") return this.#isReadable(last, commit, hadTime);
    // A released session is only required to deliver items that reached its page well before its release.
    return (
      arrivals.some(({ page, atMs }) => page === last.page && atMs < overAtMs - 15_000) &&
      !this.#isSuspendedBetween(commit.atMs, overAtMs)
    );
  }

  /**
   * Whether there were so many items that the library can't distinguish missed items from forgotten items, and the
   * library reported this.
   */
  #wasForgotten({ commits }: Contact, sessions: readonly SessionRecord[], { atMs }: Commit): boolean {
    return (
      commits.length > REMEMBERED_ITEMS &&
      sessions.some(({ events }) =>
        events.some(
          (event) =>
            event.name === "onMessagesRecovered" &&
            event.atMs > atMs &&
            !(event.data as { complete: boolean }).complete,
        ),
      )
    );
  }

  /**
   * With an external manager, the session gets the service's time from the first item. If that item's timestamp is
   * ahead, the session doesn't request items sent before that timestamp.
   */
  #isMisled(contact: Contact, sessions: readonly SessionRecord[], { atMs }: Commit): boolean {
    const session = sessions.findLast(({ createdAtMs }) => createdAtMs <= atMs);
    if (!this.#isExternal || !session) return false;
    let misledFromMs = this.#misledFromMs.get(session);
    if (misledFromMs === undefined) {
      misledFromMs = this.#firstFutureMs(contact, session);
      this.#misledFromMs.set(session, misledFromMs);
    }
    return misledFromMs !== Infinity;
  }

  /** When the first item with a future timestamp was sent. Infinity if another live item reached the session first. */
  #firstFutureMs({ id, commits }: Contact, { page, connectedAtMs }: SessionRecord): number {
    const futureMs = commits.find(isFuture)?.atMs ?? Infinity;
    if (futureMs === Infinity) return Infinity;
    const firstArrival = this.#run.network.arrivals.find(
      ({ commit, ...arrival }) =>
        commit.contactId === id &&
        arrival.page === page &&
        arrival.atMs > (connectedAtMs ?? Infinity) &&
        !isFuture(commit),
    );
    return futureMs < (firstArrival?.atMs ?? Infinity) ? futureMs : Infinity;
  }

  get #isExternal(): boolean {
    const { clients } = this.#run.schedule.configuration;
    return clients === "external manager" || clients === "ten chats";
  }

  #isTimeUnreliable({ atMs, visibleAtMs, item }: Commit): boolean {
    const isLate = visibleAtMs > atMs || Date.parse(item.AbsoluteTime) < Math.floor(atMs);
    const kinds = new Set([
      "late-frames",
      "reordered-frames",
      "duplicate-frames",
      "damaged-frames",
      "lag",
      "late-commits",
    ]);
    const { schedule, startMs } = this.#run;
    const isNear = schedule.faults.some(
      ({ kind, fromMs, toMs }) =>
        kinds.has(kind) && startMs + fromMs - 15_000 < atMs && atMs < startMs + toMs + 15_000,
    );
    return isLate || isNear;
  }

  /**
   * Whether a session could still read an item. The service may reject requests for an ended chat's transcript, in
   * which case items from the last gap are lost.
   */
  #isReadable(session: SessionRecord, commit: Commit, hadTime: boolean): boolean {
    if (commit.item.ContentType === CONTENT_TYPE.ended) return false;
    if (hadTime) return true;
    const complete = session.events.findLast(
      ({ name, data }) => name === "onMessagesRecovered" && (data as { complete: boolean }).complete,
    );
    return complete !== undefined && commit.visibleAtMs < complete.atMs - 30_000 - MINUTE;
  }

  /** Whether the page was in the back-forward cache between two times. */
  #isLeftBetween(fromMs: number, toMs: number): boolean {
    const { schedule, startMs } = this.#run;
    return schedule.faults.some(
      (fault) => fault.kind === "bfcache" && startMs + fault.fromMs <= toMs && startMs + fault.toMs >= fromMs,
    );
  }

  #isSuspendedBetween(fromMs: number, toMs: number): boolean {
    return this.#suspendedMs(fromMs, toMs) > 0;
  }

  /** The total time that the page was suspended, hidden or offline between two times. */
  #suspendedMs(fromMs: number, toMs: number): number {
    const kinds = new Set([
      "sleep",
      "freeze",
      "bfcache",
      "hidden",
      "offline",
      "lying-offline",
      "lying-online",
    ]);
    const { schedule, startMs } = this.#run;
    return schedule.faults
      .filter(({ kind }) => kinds.has(kind))
      .map((fault) => Math.min(toMs, startMs + fault.toMs) - Math.max(fromMs, startMs + fault.fromMs))
      .filter((ms) => ms > 0)
      .reduce((sum, ms) => sum + ms, 0);
  }

  #judgeVersions({ deliveries, application }: SessionChain): void {
    const byId = new Map<string, Delivery[]>();
    for (const delivery of deliveries) {
      const id = keyOf(delivery.item);
      append(byId, id, delivery);
    }
    for (const [id, versions] of byId) {
      const seen = new Set<string>();
      let wasFinal = false;
      for (const { item, atMs, recovered } of versions) {
        // An answer's text is the same in its last chunk and when it's completed, so the key includes isPending().
        const key = `${versionOf(item)} ${String(isPending(item))}`;
        const how = recovered ? "recovered" : "live";
        const who = `${application.participant.role}: ${item.Type} ${id} (${item.Content ?? ""})`;
        // An item without an Id is identified only by its time. An item that has several versions or a future timestamp
        // may be delivered again after the library has forgotten the item.
        const mayRepeat =
          item.Id === undefined
            ? this.#run.schedule.faults.some(({ kind }) => kind === "duplicate-frames")
            : application.contact.commits.length > REMEMBERED_ITEMS &&
              this.#isPositionAmbiguous(application.contact, item);
        if (seen.has(key) && !mayRepeat)
          this.#note("once", `${who} was delivered again at ${this.#at(atMs)}, ${how}`);
        seen.add(key);
        if (wasFinal && isPending(item))
          this.#note("forward", `${who} was delivered in an earlier version at ${this.#at(atMs)}, ${how}`);
        if (!isPending(item)) wasFinal = true;
      }
    }
  }

  #judgeOrder({ application }: SessionChain, session: SessionRecord): void {
    const arrivals = this.#run.network.arrivals.filter(
      ({ page, commit }) => page === session.page && commit.contactId === application.contact.id,
    );
    const places = new Map<string, number[]>();
    arrivals.forEach(({ commit }, index) => append(places, keyOf(commit.item), index));
    const boundaries = session.events
      .filter(({ name }) => name === "onMessagesRecovered" || name === "onConnectionLost")
      .map(({ order }) => order);
    let place = -1;
    let lastRecovered: Delivery | null = null;
    for (const delivery of session.deliveries) {
      const { item, recovered, order, atMs } = delivery;
      if (recovered) {
        const before: Delivery | null = lastRecovered;
        const isNewRun =
          before === null || boundaries.some((boundary) => boundary > before.order && boundary < order);
        if (this.#isPositionAmbiguous(application.contact, item)) continue;
        if (isNewRun || item.AbsoluteTime >= before.item.AbsoluteTime) {
          lastRecovered = delivery;
          continue;
        }
        // The item became visible after the previous page was read, but its timestamp is earlier.
        const [version] = this.#versions.get(application.contact)?.get(keyOf(item)) ?? [];
        const isLate =
          before.atMs < atMs && (version?.visibleAtMs ?? 0) > this.#readAtMs(application, before.atMs);
        if (!isLate)
          this.#note("order", `${item.Id ?? ""} was recovered at ${this.#at(atMs)}, after a newer item`);
        continue;
      }
      // The library may infer the end from a page or a rejected call.
      if (item.ContentType === CONTENT_TYPE.ended) continue;
      const next = places.get(keyOf(item))?.find((index) => index > place);
      if (next === undefined) {
        const isKnown = places.has(keyOf(item));
        this.#note(
          "order",
          `${item.Id ?? ""} was delivered live at ${this.#at(atMs)}, but ${isKnown ? "not in order of arrival" : "never arrived"}`,
        );
      } else place = next;
    }
    this.#judgeWaiting(application, session);
  }

  /** When the service read the page whose items were delivered at this time. */
  #readAtMs(application: Application, atMs: number): number {
    const page = this.#libraryRequests(application).findLast(
      ({ operation, respondedAtMs }) =>
        operation === "GetTranscript" && respondedAtMs !== null && respondedAtMs <= atMs,
    );
    return page?.actedAtMs ?? Infinity;
  }

  /** Whether an item's time doesn't determine its position. The item has several versions or a future timestamp. */
  #isPositionAmbiguous(contact: Contact, item: WireItem): boolean {
    const versions = this.#versions.get(contact)?.get(keyOf(item)) ?? [];
    return versions.length !== 1 || versions.some(isFuture);
  }

  /** Live items wait until the first recovery of a new link has ended. */
  #judgeWaiting({ contact }: Application, session: SessionRecord): void {
    let newestLive: WireItem | null = null;
    let isRecovering = false;
    const emitted = [
      ...session.deliveries.map((delivery) => ({ ...delivery, name: "item" as const })),
      ...session.events,
    ].sort((left, right) => left.order - right.order);
    for (const each of emitted) {
      if (each.name === "onConnectionLost") {
        isRecovering = true;
        newestLive = null;
      }
      if (each.name === "onMessagesRecovered") isRecovering = false;
      if (!("item" in each) || !isRecovering || this.#isPositionAmbiguous(contact, each.item)) continue;
      if (!each.recovered) {
        const [version] = this.#versions.get(contact)?.get(keyOf(each.item)) ?? [];
        const arrival = version && this.#arrivals.get(version)?.find(({ page }) => page === session.page);
        const lostAtMs = session.events.findLast(
          ({ name, order }) => name === "onConnectionLost" && order < each.order,
        )?.atMs;
        const upAtMs = session.events.findLast(
          ({ name, data, atMs }) =>
            name === "onConnectionStateChanged" &&
            (data as { newState: string }).newState === "connected" &&
            atMs <= (arrival?.atMs ?? 0),
        )?.atMs;
        // Items that arrived on the previous link and waited may be newer than missed items. Items may also be newer if
        // they were released because the first item on their link had waited for the maximum time.
        const hasWaited = upAtMs !== undefined && each.atMs - upAtMs >= MAX_HOLD_MS;
        if (arrival && lostAtMs !== undefined && arrival.atMs > lostAtMs && !hasWaited)
          newestLive = each.item;
      } else if (newestLive && newestLive.AbsoluteTime > each.item.AbsoluteTime) {
        this.#note(
          "overtaken",
          `${each.item.Id ?? ""} was recovered at ${this.#at(each.atMs)}, after a newer live item`,
        );
      }
    }
  }

  // --- link, receipts, end, calls and budget -------------------------------------------------------------------------

  #judgeLink({ contact }: Application, session: SessionRecord): void {
    let last = "";
    for (const { name, atMs } of session.events) {
      if (
        name === "onConnectionBroken" &&
        !session.calls.some((call) => call.name === "connect" && call.outcome === "rejected")
      ) {
        this.#note("connected", `onConnectionBroken fired at ${this.#at(atMs)}`);
      }
      if (name !== "onConnectionEstablished" && name !== "onConnectionLost") continue;
      if (name === last) this.#note("connected", `${name} fired twice in a row, at ${this.#at(atMs)}`);
      last = name;
    }
    const isReleasedAtEnd =
      session.overBy === "dispose" || session.overBy === "chat ended" || session.overBy === "run over";
    const isEnded = (contact.endedAtMs ?? Infinity) < this.#run.endMs;
    const isAlive = isReleasedAtEnd && !isEnded && (session.overAtMs ?? 0) >= this.#run.endMs;
    if (isAlive && last !== "onConnectionEstablished") {
      this.#note("connected", "the session isn't connected long after the faults");
    }
  }

  #judgeReceipts(session: SessionRecord): void {
    const seen = new Set<string>();
    for (const { name, data, atMs } of session.events) {
      if (name !== "onReadReceipt" && name !== "onDeliveredReceipt") continue;
      const { MessageMetadata } = data as WireItem;
      const key = `${name} ${JSON.stringify(MessageMetadata)}`;
      if (seen.has(key)) this.#note("receipts", `${key} was emitted again at ${this.#at(atMs)}`);
      seen.add(key);
    }
  }

  #judgeEnds({ application, sessions, last }: SessionChain): void {
    const { contact } = application;
    const ends = sessions.flatMap(({ events }) => events.filter(({ name }) => name === "onEnded"));
    const [first] = ends;
    if (first && (contact.endedAtMs === null || contact.endedAtMs > first.atMs)) {
      this.#note("ends", `the end was emitted at ${this.#at(first.atMs)}, but the chat continues`);
    }
    if (ends.length > 1) this.#note("ends", `the end was emitted ${ends.length} times`);
    const items = last.deliveries.filter(({ item }) => item.ContentType === CONTENT_TYPE.ended);
    if (first && items.length !== 1) this.#note("ends", `chat.ended was delivered ${items.length} times`);
    const mustEnd =
      contact.endedAtMs !== null &&
      last.connectedAtMs !== null &&
      last.connectedAtMs < contact.endedAtMs &&
      contact.endedAtMs < this.#run.endMs - MINUTE &&
      // The run disposes of every session that is still open on an ended chat.
      (last.overAtMs ?? 0) >= this.#run.endMs &&
      !this.#cannotLearnEnd(contact);
    if (mustEnd && ends.length === 0)
      this.#note("ends", `the end at ${this.#at(contact.endedAtMs ?? 0)} was never emitted`);
  }

  /**
   * Whether a session can't learn that the chat has ended. A session with `getConnectionToken` needs `chat.ended`,
   * because it doesn't infer the end from a rejected call.
   */
  #cannotLearnEnd(contact: Contact): boolean {
    const { habits } = this.#run.schedule.configuration;
    const arrived = this.#run.network.arrivals.some(
      ({ commit }) => commit.contactId === contact.id && commit.item.ContentType === CONTENT_TYPE.ended,
    );
    return this.#isExternal && !habits.isReadableAfterEnd && !arrived;
  }

  #judgeRecoveries(chain: SessionChain): void {
    const { application, sessions, fromMs, deliveries } = chain;
    if (fromMs === null) return;
    const versions = [...this.#versionsFor(chain)];
    const delivered = new Set(deliveries.map(({ item }) => keyOf(item)));
    const transcriptRequests = this.#libraryRequests(application).filter(
      ({ operation }) => operation === "GetTranscript",
    );
    for (const session of sessions) {
      for (const event of session.events) {
        if (event.name !== "onMessagesRecovered" || !(event.data as { complete: boolean }).complete) continue;
        const lostAtMs =
          session.events.findLast(({ name, order }) => name === "onConnectionLost" && order < event.order)
            ?.atMs ?? session.createdAtMs;
        const request = transcriptRequests.find(
          ({ atMs, page }) => atMs >= lostAtMs && page === session.page,
        );
        if (!request || request.atMs > event.atMs) continue;
        const known = new Set(
          deliveries.filter(({ order }) => order < event.order).map(({ item }) => keyOf(item)),
        );
        // Live items that arrived during the recovery are delivered after the recovery's report.
        const isWaiting = (version: Commit): boolean =>
          (this.#arrivals.get(version) ?? []).some(
            ({ page, atMs }) => page === session.page && atMs <= event.atMs,
          );
        for (const [id, [version, ...later]] of versions) {
          const isCovered =
            version !== undefined &&
            version.atMs > fromMs &&
            version.visibleAtMs < request.atMs &&
            later.length === 0;
          // The application has already fetched the item itself.
          const isFetched = sessions.some(
            ({ fetched }) => (fetched.get(id) ?? -Infinity) >= (version?.atMs ?? 0),
          );
          if (!isCovered || isFetched || known.has(id) || isWaiting(version)) continue;
          if (!this.#isRequired(chain, version, delivered.has(id))) continue;
          this.#note(
            "truthful",
            `reported as complete at ${this.#at(event.atMs)}, without ${id} from ${this.#at(version.atMs)}`,
          );
          return;
        }
      }
    }
  }

  #judgeSettled({ sessions }: SessionChain): void {
    for (const session of sessions) {
      if (session.page.isGone && session.overBy === "reload") continue;
      for (const { name, mark, atMs, outcome, settledAtMs } of session.calls) {
        if (outcome === "pending") {
          if (!session.page.isGone)
            this.#note("settled", `${name} ${mark} from ${this.#at(atMs)} never settled`);
          continue;
        }
        if (name === "history" || this.#run.schedule.configuration.offlineHold === "forever") continue;
        const untilMs = settledAtMs ?? Infinity;
        const ahead = session.calls.filter(
          (call) =>
            call.atMs <= atMs && (call.settledAtMs ?? Infinity) > atMs && call.name.startsWith("send"),
        ).length;
        const limitMs = 150_000 * (1 + ahead) + this.#suspendedMs(atMs, untilMs) + 90_000;
        if (untilMs - atMs > limitMs) {
          this.#note(
            "settled",
            `${name} ${mark} from ${this.#at(atMs)} took ${Math.round((untilMs - atMs) / 1000)} s`,
          );
        }
      }
    }
  }

  #judgeSends(application: Application): void {
    const { contact, participant, sessions } = application;
    const stored = new Map<string, { readonly ids: Set<string>; readonly order: number }>();
    for (const { item, order } of contact.commits) {
      if (item.Type !== "MESSAGE" || item.ParticipantId !== participant.id) continue;
      const text = (item.Content ?? "").replace(" (redacted)", "");
      const known = stored.get(text) ?? { ids: new Set<string>(), order };
      known.ids.add(item.Id ?? "");
      stored.set(text, known);
    }
    for (const session of sessions) {
      let lastOrder = -1;
      for (const { name, mark, outcome, value, atMs, settledAtMs } of session.calls) {
        if (name !== "sendMessage") continue;
        const found = stored.get(mark);
        if ((found?.ids.size ?? 0) > 1) this.#note("sends", `${mark} is stored twice`);
        if (outcome === "resolved") {
          const id = (value as { Id?: string } | undefined)?.Id ?? "";
          if (!found?.ids.has(id)) this.#note("sends", `${mark} resolved, but isn't stored under its ID`);
          // A page that is being left sends all waiting messages at once, so the messages may arrive in any order.
          else if (this.#isLeftBetween(atMs, settledAtMs ?? Infinity)) continue;
          else if (found.order < lastOrder)
            this.#note("sends", `${mark} is stored before an earlier message`);
          else lastOrder = found.order;
        }
        if (outcome === "rejected" && found && this.#wasAnswered(mark, settledAtMs ?? Infinity)) {
          this.#note("sends", `${mark} was rejected, although the page had the service's response`);
        }
      }
    }
  }

  /** Whether no fault was active within `aroundMs` of a time. */
  #isQuietAround(atMs: number, aroundMs: number): boolean {
    const { schedule, startMs } = this.#run;
    return !schedule.faults.some(
      ({ kind, fromMs, toMs }) =>
        kind !== "clock-jump" && startMs + fromMs - aroundMs < atMs && atMs < startMs + toMs + aroundMs,
    );
  }

  #judgeEvents(application: Application): void {
    const { participant, sessions, contact } = application;
    const sentEvents = this.#requestsOf(application).filter(({ operation }) => operation === "SendEvent");
    for (const session of sessions) {
      for (const { name, atMs } of session.calls) {
        if (name !== "typing") continue;
        const isSent = sentEvents.some(
          (each) =>
            each.body.includes(CONTENT_TYPE.typing) && each.atMs > atMs - 10_050 && each.atMs < atMs + 1_000,
        );
        const isOver = Math.min(session.overAtMs ?? Infinity, contact.endedAtMs ?? Infinity) < atMs + 1_000;
        if (isSent || isOver || session.connectedAtMs === null || atMs < session.connectedAtMs) continue;
        if (this.#isQuietAround(atMs, 15_000))
          this.#note("typing", `typing at ${this.#at(atMs)} was never sent`);
      }
      this.#judgeAttempts(session, application);
    }
    const last = sessions.at(-1);
    const isAlive = last?.overBy === "run over" || (last?.overAtMs ?? 0) >= this.#run.endMs;
    if (!last || !isAlive || (contact.endedAtMs ?? Infinity) < this.#run.endMs) return;
    // Repeated receipts don't count, because a later receipt may have covered them.
    const newest = last.calls.findLast(
      ({ name, mark, atMs }, index) =>
        name === "read" &&
        atMs < this.#run.endMs - 2 * MINUTE &&
        !last.calls
          .slice(0, index)
          .some((call) => call.name === "read" && call.mark === mark && call.outcome !== "rejected"),
    );
    if (newest === undefined) return;
    const reached = contact.commits.some(
      ({ item }) =>
        item.MessageMetadata?.MessageId === newest.mark &&
        item.MessageMetadata.Receipts?.some(
          ({ RecipientParticipantId, ReadTimestamp }) =>
            RecipientParticipantId === participant.id && ReadTimestamp !== undefined,
        ),
    );
    const isRefused = newest.error !== null && !isNetworkFailure(newest.error);
    // A later read receipt in the same batch replaces this receipt, even if it's for an older message.
    const isReplaced = last.calls
      .slice(last.calls.indexOf(newest) + 1)
      .some(({ name, atMs }) => name === "read" && atMs < newest.atMs + RECEIPT_WINDOW_MS);
    if (!reached && !isRefused && !isReplaced) {
      this.#note("caughtUp", `the read receipt from ${this.#at(newest.atMs)} never reached the service`);
    }
  }

  /** A message isn't rejected before its attempts or its time are used up. */
  #judgeAttempts(session: SessionRecord, application: Application): void {
    const { schedule } = this.#run;
    if (schedule.configuration.clients === "custom client") return;
    for (const { name, mark, error, atMs, settledAtMs } of session.calls) {
      if (name !== "sendMessage" || error === null || !TRANSIENT.has(error.code)) continue;
      const untilMs = settledAtMs ?? Infinity;
      const attempts = this.#requestsOf(application).filter(
        ({ operation, body, atMs: at }) =>
          operation === "SendMessage" && body.includes(JSON.stringify(mark)) && at <= untilMs,
      );
      // A call fails early if the service's Retry-After exceeds the time left, or if the device reports that it is
      // offline.
      const isExcused = schedule.faults.some(({ kind }) => EXCUSES.has(kind));
      const awakeMs = untilMs - atMs - this.#suspendedMs(atMs, untilMs);
      const isRefused = attempts.some(
        ({ status }) => status !== null && status >= 400 && status < 500 && status !== 429,
      );
      // After the chat has ended, the library makes no further attempts.
      const hasEnded = session.overBy === "chat ended" && (session.overAtMs ?? Infinity) <= untilMs;
      if (attempts.length >= 3 || awakeMs > 25_000 || isExcused || isRefused || hasEnded) continue;
      this.#note(
        "tried",
        `${mark} from ${this.#at(atMs)} was rejected with ${error.code} after ${attempts.length} attempts`,
      );
    }
  }

  /** Whether the page received the service's complete response to this message in time. */
  #wasAnswered(mark: string, byMs: number): boolean {
    return this.#run.network.requests.some(
      ({ operation, body, status, atMs, respondedAtMs, actedAtMs }) =>
        operation === "SendMessage" &&
        body.includes(JSON.stringify(mark)) &&
        actedAtMs !== null &&
        status === 200 &&
        (respondedAtMs ?? Infinity) - atMs < 9_000 &&
        (respondedAtMs ?? Infinity) < byMs,
    );
  }

  #requestsOf({ participant }: Application): RequestRecord[] {
    const { network, applications } = this.#run;
    if (applications.length === 1) return network.requests;
    return network.requests.filter(
      ({ bearer }) => bearer === participant.token || participant.connectionTokens.has(bearer ?? ""),
    );
  }

  /** The GetTranscript requests by `resendMessage()`, which first looks for the message on the newest page. */
  #lookups(application: Application): Set<RequestRecord> {
    const lookups = this.#requestsOf(application).filter(
      ({ operation, body }) =>
        operation === "GetTranscript" &&
        body.includes("BACKWARD") &&
        !body.includes(`"MaxResults":${APPLICATION_PAGE}`),
    );
    const resends = application.sessions.flatMap(({ calls }) =>
      calls.filter(({ name }) => name === "resendMessage"),
    );
    return new Set(
      resends.flatMap((call) =>
        lookups
          .filter(({ atMs }) => call.atMs <= atMs && atMs <= (call.settledAtMs ?? Infinity))
          .slice(0, MAX_ATTEMPTS),
      ),
    );
  }

  #libraryRequests(application: Application): RequestRecord[] {
    const lookups = this.#lookups(application);
    return this.#requestsOf(application).filter(
      (request) =>
        (request.operation === "CreateParticipantConnection" || request.operation === "GetTranscript") &&
        !request.body.includes(`"MaxResults":${APPLICATION_PAGE}`) &&
        !lookups.has(request),
    );
  }

  /** Each session has its own budget, because the number of sessions depends on the user's reloads and on Streams. */
  #judgeBudget(application: Application): void {
    const requests = this.#libraryRequests(application);
    for (const [index, { page, createdAtMs }] of application.sessions.entries()) {
      const untilMs = application.sessions[index + 1]?.createdAtMs ?? Infinity;
      const sessionRequests = requests.filter(
        (each) => each.page === page && createdAtMs <= each.atMs && each.atMs < untilMs,
      );
      this.#judgeSessionBudget(application, sessionRequests);
    }
  }

  #judgeSessionBudget(application: Application, requests: readonly RequestRecord[]): void {
    const connects = application.sessions.flatMap(({ calls }) =>
      calls.filter(({ name }) => name === "connect"),
    );
    const times = requests
      .map(({ atMs }) => atMs)
      .filter(
        (at) => !connects.some(({ atMs, settledAtMs }) => atMs <= at && at <= (settledAtMs ?? Infinity)),
      );
    for (const [windowMs, limit] of [
      [MINUTE, 30],
      [10 * MINUTE, 60],
    ] as const) {
      for (let index = limit; index < times.length; index += 1) {
        const from = times[index - limit] ?? 0;
        const to = times[index] ?? 0;
        if (to - from >= windowMs) continue;
        this.#note(
          "budget",
          `more than ${limit} requests within ${windowMs / 1_000} s, from ${this.#at(from)}`,
        );
        break;
      }
    }
  }
}
