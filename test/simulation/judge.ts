/** Judges a run: each promise of docs/reliability.md as an invariant over what the service did and what the page got. */
import { APPLICATION_PAGE, type Application, type CallError, type Delivery, type Life } from "./application";
import type { Commit, Contact } from "./contact";
import { requestViolations } from "./judge-requests";
import type { Arrival, RequestRecord } from "./network";
import type { Run } from "./play";
import { CONTENT_TYPE, keyOf, type WireItem } from "./wire";

/** The invariants, and what each says. */
export const INVARIANTS = {
  delivered: "every item of the conversation is delivered in its last form",
  once: "no form of an item is delivered twice",
  forward: "an item's forms never go back",
  order: "live items come in the order of their arrival, recovered ones in the order of their time",
  overtaken:
    "a missed item comes before the newer ones of the new link, unless the recovery says that it is incomplete",
  transcript: "the transcript is sorted, without duplicates, and holds every item in its last form",
  sends:
    "a message is stored once, in the order of the calls, one in flight at a time, and a resolved one is stored",
  settled: "every promise settles, and in time",
  ends: "the end is emitted once, and only if the service ended the chat",
  truthful: "a recovery that says complete delivered everything that was missed",
  connected: "once the faults are over the session is connected, and the link's events alternate",
  receipts: "a receipt is emitted once",
  tried: "a message is tried three times, and rejected only after that or after thirty seconds awake",
  renewed: "one renewal of the token at a time serves all calls",
  prompt: "a live item waits for a recovery ten seconds at most",
  hurried: "signals of the page cause an attempt every two seconds at most",
  caughtUp: "the newest receipt that was asked for reaches the service",
  typing: "typing is sent if none was for ten seconds",
  budget: "30 requests in any minute and 60 in any ten, at most; of them six pages a minute for damage",
  released: "no timer, listener, socket or callback is left",
  secret: "no token, URL or text stands in a log line",
  quiet: "no error is left uncaught",
} as const;

export type Invariant = keyof typeof INVARIANTS;

export interface Violation {
  readonly invariant: Invariant;
  readonly detail: string;
}

/** Lives that go on from each other: one session as far as its user can see. */
interface Lineage {
  readonly application: Application;
  readonly lives: readonly Life[];
  readonly deliveries: readonly Delivery[];
  /** From when on items must be delivered; null if the session was never connected. */
  readonly fromMs: number | null;
  readonly last: Life;
}

const MINUTE = 60_000;
/** A live item waits for a recovery this long. */
const LONGEST_HOLD_MS = 10_000;
/** The library gathers receipts this long. */
const RECEIPT_WINDOW_MS = 5_000;
/** How often a call is tried. */
const ATTEMPTS = 3;

/** A little less than the library remembers: items that are stored again count as well. */
const MEMORY = 1_900;

/** Errors of a call that may succeed at another attempt. */
const TRANSIENT: ReadonlySet<string> = new Set(["NetworkError", "Timeout", "InvalidResponse"]);

/** What makes two forms of an item the same to an application, however the item reached it. */
const formOf = ({ Type, ContentType, Content, Attachments, MessageMetadata }: WireItem): string =>
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

/** A failure that says nothing of the receipt itself: it is resent. A custom client's errors may mean anything. */
const isOfNetwork = ({ code, statusCode = 0 }: CallError): boolean =>
  TRANSIENT.has(code) ||
  (code === "ClientError" && statusCode === 0) ||
  statusCode === 408 ||
  statusCode === 429 ||
  statusCode >= 500;

/** Stamped far ahead of the moment at which it was stored: it has no place among the others. */
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
  readonly #misledFromMs = new Map<Life, number>();
  /** The forms of each item, by contact and key. */
  readonly #forms = new Map<Contact, Map<string, Commit[]>>();

  constructor(run: Run) {
    this.#run = run;
    for (const arrival of run.network.arrivals) append(this.#arrivals, arrival.commit, arrival);
    for (const contact of run.contacts) {
      const forms = new Map<string, Commit[]>();
      for (const commit of contact.commits) append(forms, keyOf(commit.item), commit);
      this.#forms.set(contact, forms);
    }
    for (const application of run.applications) {
      for (const lineage of this.#lineagesOf(application)) this.#judge(lineage);
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

  #lineagesOf(application: Application): Lineage[] {
    const groups: Life[][] = [];
    for (const life of application.lives) {
      const before = groups.at(-1);
      if (life.isResumed && before) before.push(life);
      else groups.push([life]);
    }
    return groups.map((lives) => {
      const [first] = lives as [Life, ...Life[]];
      return {
        application,
        lives,
        deliveries: lives.flatMap(({ deliveries }) => deliveries),
        fromMs: this.#expectedFrom(first),
        last: lives.at(-1) ?? first,
      };
    });
  }

  /** If the first link opens at once, nothing before it is replayed; otherwise everything since `connect()` is. */
  #expectedFrom(life: Life): number | null {
    const { connectedAtMs, events } = life;
    if (connectedAtMs === null) return null;
    const first = events.find(
      ({ name }) => name === "onConnectionEstablished" || name === "onConnectionLost",
    );
    return first ? Math.max(connectedAtMs, first.atMs, this.#subscribedAtMs(life, connectedAtMs)) : null;
  }

  /**
   * An external manager that had gained its connection before the page's first session knew it: no event says since when it
   * is subscribed.
   */
  #subscribedAtMs({ page }: Life, connectedAtMs: number): number {
    const manager = this.#run.managers.findLast((each) => each.page === page);
    const gainedAtMs = manager?.gainedAtMs.findLast((atMs) => atMs <= connectedAtMs);
    if (!manager || gainedAtMs === undefined) return connectedAtMs;
    const knownAtMs = this.#run.applications
      .flatMap(({ lives }) => lives)
      .filter((life) => life.page === page && life.connectedAtMs !== null)
      .map((life) => life.connectedAtMs ?? Infinity);
    const isKnown = Math.min(...knownAtMs) < gainedAtMs;
    const subscribedAtMs = manager.subscribedAtMs.find((atMs) => atMs >= gainedAtMs);
    return isKnown ? connectedAtMs : (subscribedAtMs ?? connectedAtMs);
  }

  #judge(lineage: Lineage): void {
    this.#judgeDelivery(lineage);
    this.#judgeForms(lineage);
    for (const life of lineage.lives) {
      this.#judgeOrder(lineage, life);
      this.#judgeLink(lineage.application, life);
      for (const problem of life.transcriptProblems.slice(0, 2)) this.#note("transcript", problem);
      for (const line of life.leakedLines.slice(0, 2)) this.#note("secret", line.slice(0, 300));
      this.#judgeReceipts(life);
    }
    this.#judgeEnds(lineage);
    this.#judgeRecoveries(lineage);
    this.#judgeSettled(lineage);
  }

  // --- delivery ------------------------------------------------------------------------------------------------------

  /** The forms of each item that this participant can see, by id. */
  #formsFor({ application }: Lineage): Map<string, Commit[]> {
    const byId = new Map<string, Commit[]>();
    for (const commit of application.contact.commits) {
      const { item, only } = commit;
      if (!isDelivered(item)) continue;
      if (only === null || only === application.participant.id) append(byId, keyOf(item), commit);
    }
    return byId;
  }

  #judgeDelivery(lineage: Lineage): void {
    const { fromMs, application, deliveries, last } = lineage;
    if (fromMs === null) return;
    const delivered = new Map<string, Set<string>>();
    for (const { item } of deliveries) {
      if (item.Unknown !== undefined)
        this.#note("quiet", `${item.Id ?? ""}, too deep for JSON, was delivered`);
      delivered.set(keyOf(item), (delivered.get(keyOf(item)) ?? new Set()).add(formOf(item)));
    }
    const inTranscript = new Map((last.transcript ?? []).map((item) => [keyOf(item), formOf(item)]));
    for (const [id, forms] of this.#formsFor(lineage)) {
      const final = forms.at(-1);
      if (!final || final.atMs < fromMs || !this.#isRequired(lineage, final)) continue;
      const form = formOf(final.shown);
      if (!delivered.get(id)?.has(form)) {
        const { Type, Content } = final.shown;
        this.#note(
          "delivered",
          `${application.participant.role}: ${Type} ${id} of ${this.#at(final.atMs)} (${Content ?? ""}) was never delivered in its last form ${form}`,
        );
      }
      if (
        last.transcript !== null &&
        last.overBy === "run over" &&
        final.atMs > (last.connectedAtMs ?? Infinity)
      ) {
        if (inTranscript.get(id) !== form) {
          this.#note(
            "transcript",
            `${id} of ${this.#at(final.atMs)} isn't in the transcript in its last form`,
          );
        }
      }
    }
  }

  /** Whether this form must have reached the application. `wasDelivered`: it did in the end, so that it wasn't forgotten. */
  #isRequired({ application, lives, last }: Lineage, commit: Commit, wasDelivered = false): boolean {
    // Nothing can be done with an item that no recursion gets through; without an Id, its time alone says whether it is new.
    if (commit.item.Unknown !== undefined) return false;
    if (commit.item.Id === undefined && this.#isTimeUnreliable(commit)) return false;
    const { contact } = application;
    if (commit.item.ContentType === CONTENT_TYPE.ended && this.#cannotLearnEnd(contact)) return false;
    const key = keyOf(commit.item);
    const pages = new Set(lives.map(({ page }) => page));
    const arrivals = this.#arrivals.get(commit) ?? [];
    const arrived = arrivals.some(({ page }) => pages.has(page));
    // A live item may wait for a recovery, and its page be left meanwhile.
    const hadTime = arrivals.some(({ page, atMs }) =>
      lives.some((life) => life.page === page && (life.overAtMs ?? Infinity) > atMs + 15_000),
    );
    // What the application fetched itself isn't delivered to it by a recovery.
    const isFetched = lives.some(({ fetched }) => (fetched.get(key) ?? -Infinity) >= commit.atMs);
    if (isFetched && !hadTime) return false;
    if (!wasDelivered && this.#wasForgotten(contact, lives, commit)) return false;
    if (this.#isMisled(contact, lives, commit)) return false;
    // A later form of an item from before the session: history, unless it came live.
    const [first] = this.#forms.get(contact)?.get(key) ?? [];
    if (!arrived && first && first.atMs < (lives[0]?.connectedAtMs ?? Infinity)) return false;
    const overAtMs = last.overAtMs ?? Infinity;
    if (last.overBy === "run over") return commit.atMs < this.#run.endMs - MINUTE;
    if (last.overBy === "chat ended") return this.#isReadable(last, commit, hadTime);
    // A session that was released: only what had reached the page long before.
    return (
      arrivals.some(({ page, atMs }) => page === last.page && atMs < overAtMs - 15_000) &&
      !this.#isSuspendedBetween(commit.atMs, overAtMs)
    );
  }

  /** More was said than the memory holds, so that missed items look like forgotten ones: the report said so. */
  #wasForgotten({ commits }: Contact, lives: readonly Life[], { atMs }: Commit): boolean {
    return (
      commits.length > MEMORY &&
      lives.some(({ events }) =>
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
   * On an external manager the first item shows the service's time: one that is stamped ahead misleads the session, which
   * then looks for nothing that was said before that time.
   */
  #isMisled(contact: Contact, lives: readonly Life[], { atMs }: Commit): boolean {
    const life = lives.findLast(({ bornAtMs }) => bornAtMs <= atMs);
    if (!this.#isExternal || !life) return false;
    let misledFromMs = this.#misledFromMs.get(life);
    if (misledFromMs === undefined) {
      misledFromMs = this.#firstFutureMs(contact, life);
      this.#misledFromMs.set(life, misledFromMs);
    }
    return misledFromMs !== Infinity;
  }

  /** When something stamped ahead was said before anything else reached the session live; Infinity if nothing was. */
  #firstFutureMs({ id, commits }: Contact, { page, connectedAtMs }: Life): number {
    const futureMs = commits.find(isFuture)?.atMs ?? Infinity;
    if (futureMs === Infinity) return Infinity;
    const shown = this.#run.network.arrivals.find(
      ({ commit, ...arrival }) =>
        commit.contactId === id &&
        arrival.page === page &&
        arrival.atMs > (connectedAtMs ?? Infinity) &&
        !isFuture(commit),
    );
    return futureMs < (shown?.atMs ?? Infinity) ? futureMs : Infinity;
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

  /** The transcript of an ended chat may be refused: what was said in the gap in which it ended is lost then. */
  #isReadable(life: Life, commit: Commit, hadTime: boolean): boolean {
    if (commit.item.ContentType === CONTENT_TYPE.ended) return false;
    if (hadTime) return true;
    const complete = life.events.findLast(
      ({ name, data }) => name === "onMessagesRecovered" && (data as { complete: boolean }).complete,
    );
    return complete !== undefined && commit.visibleAtMs < complete.atMs - 30_000 - MINUTE;
  }

  /** Whether the page was put into the back-forward cache meanwhile. */
  #isLeftBetween(fromMs: number, toMs: number): boolean {
    const { schedule, startMs } = this.#run;
    return schedule.faults.some(
      (fault) => fault.kind === "bfcache" && startMs + fault.fromMs <= toMs && startMs + fault.toMs >= fromMs,
    );
  }

  #isSuspendedBetween(fromMs: number, toMs: number): boolean {
    return this.#suspendedMs(fromMs, toMs) > 0;
  }

  /** How long the page slept, or was offline, between two moments. */
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

  #judgeForms({ deliveries, application }: Lineage): void {
    const byId = new Map<string, Delivery[]>();
    for (const delivery of deliveries) {
      const id = keyOf(delivery.item);
      append(byId, id, delivery);
    }
    for (const [id, forms] of byId) {
      const seen = new Set<string>();
      let wasFinal = false;
      for (const { item, atMs, recovered } of forms) {
        // The last chunk and the whole answer hold the same text.
        const key = `${formOf(item)} ${String(isPending(item))}`;
        const how = recovered ? "recovered" : "live";
        const who = `${application.participant.role}: ${item.Type} ${id} (${item.Content ?? ""})`;
        // An item without an Id is known by its time alone, and one stamped ahead outlives the memory of 2,000.
        const isUnknowable =
          item.Id === undefined
            ? this.#run.schedule.faults.some(({ kind }) => kind === "duplicate-frames")
            : application.contact.commits.length > MEMORY && this.#hasForms(application.contact, item);
        if (seen.has(key) && !isUnknowable)
          this.#note("once", `${who} was delivered again at ${this.#at(atMs)}, ${how}`);
        seen.add(key);
        if (wasFinal && isPending(item))
          this.#note("forward", `${who} went back at ${this.#at(atMs)}, ${how}`);
        if (!isPending(item)) wasFinal = true;
      }
    }
  }

  #judgeOrder({ application }: Lineage, life: Life): void {
    const arrivals = this.#run.network.arrivals.filter(
      ({ page, commit }) => page === life.page && commit.contactId === application.contact.id,
    );
    const places = new Map<string, number[]>();
    arrivals.forEach(({ commit }, index) => append(places, keyOf(commit.item), index));
    const boundaries = life.events
      .filter(({ name }) => name === "onMessagesRecovered" || name === "onConnectionLost")
      .map(({ order }) => order);
    let place = -1;
    let lastRecovered: Delivery | null = null;
    for (const delivery of life.deliveries) {
      const { item, recovered, order, atMs } = delivery;
      if (recovered) {
        const before: Delivery | null = lastRecovered;
        const isNewRun =
          before === null || boundaries.some((boundary) => boundary > before.order && boundary < order);
        if (this.#hasForms(application.contact, item)) continue;
        if (isNewRun || item.AbsoluteTime >= before.item.AbsoluteTime) {
          lastRecovered = delivery;
          continue;
        }
        // Stored after the previous page was read, but stamped earlier.
        const [form] = this.#forms.get(application.contact)?.get(keyOf(item)) ?? [];
        const isLate =
          before.atMs < atMs && (form?.visibleAtMs ?? 0) > this.#readAtMs(application, before.atMs);
        if (!isLate)
          this.#note("order", `${item.Id ?? ""} was recovered at ${this.#at(atMs)}, after a newer one`);
        continue;
      }
      // The end may have been learned from a page or a refusal.
      if (item.ContentType === CONTENT_TYPE.ended) continue;
      const next = places.get(keyOf(item))?.find((index) => index > place);
      if (next === undefined) {
        const isKnown = places.has(keyOf(item));
        this.#note(
          "order",
          `${item.Id ?? ""} at ${this.#at(atMs)} is live, but ${isKnown ? "not in the order of arrival" : "never arrived"}`,
        );
      } else place = next;
    }
    this.#judgeOvertaken(application, life);
  }

  /** When the service read the page whose items were delivered at this moment. */
  #readAtMs(application: Application, atMs: number): number {
    const page = this.#libraryRequests(application).findLast(
      ({ operation, answeredAtMs }) =>
        operation === "GetTranscript" && answeredAtMs !== null && answeredAtMs <= atMs,
    );
    return page?.actedAtMs ?? Infinity;
  }

  /** Whether its time says nothing about when it came: it has several forms, or is stamped ahead. */
  #hasForms(contact: Contact, item: WireItem): boolean {
    const forms = this.#forms.get(contact)?.get(keyOf(item)) ?? [];
    return forms.length !== 1 || forms.some(isFuture);
  }

  /** Between the return of the link and the end of its first recovery, live items wait. */
  #judgeOvertaken({ contact }: Application, life: Life): void {
    let newestLive: WireItem | null = null;
    let isRecovering = false;
    const emitted = [
      ...life.deliveries.map((delivery) => ({ ...delivery, name: "item" as const })),
      ...life.events,
    ].sort((left, right) => left.order - right.order);
    for (const each of emitted) {
      if (each.name === "onConnectionLost") {
        isRecovering = true;
        newestLive = null;
      }
      if (each.name === "onMessagesRecovered") isRecovering = false;
      if (!("item" in each) || !isRecovering || this.#hasForms(contact, each.item)) continue;
      if (!each.recovered) {
        const [form] = this.#forms.get(contact)?.get(keyOf(each.item)) ?? [];
        const arrival = form && this.#arrivals.get(form)?.find(({ page }) => page === life.page);
        const lostAtMs = life.events.findLast(
          ({ name, order }) => name === "onConnectionLost" && order < each.order,
        )?.atMs;
        const upAtMs = life.events.findLast(
          ({ name, data, atMs }) =>
            name === "onConnectionStateChanged" &&
            (data as { newState: string }).newState === "connected" &&
            atMs <= (arrival?.atMs ?? 0),
        )?.atMs;
        // What came on the former link and waited may be newer than a missed one. So may what was released with the first
        // item of its link, which had waited as long as it may.
        const hasWaited = upAtMs !== undefined && each.atMs - upAtMs >= LONGEST_HOLD_MS;
        if (arrival && lostAtMs !== undefined && arrival.atMs > lostAtMs && !hasWaited)
          newestLive = each.item;
      } else if (newestLive && newestLive.AbsoluteTime > each.item.AbsoluteTime) {
        this.#note(
          "overtaken",
          `${each.item.Id ?? ""} was recovered at ${this.#at(each.atMs)}, after a newer live one`,
        );
      }
    }
  }

  // --- the rest ------------------------------------------------------------------------------------------------------

  #judgeLink({ contact }: Application, life: Life): void {
    let last = "";
    for (const { name, atMs } of life.events) {
      if (
        name === "onConnectionBroken" &&
        !life.calls.some((call) => call.name === "connect" && call.outcome === "rejected")
      ) {
        this.#note("connected", `the connection was given up at ${this.#at(atMs)}`);
      }
      if (name !== "onConnectionEstablished" && name !== "onConnectionLost") continue;
      if (name === last) this.#note("connected", `${name} twice in a row, at ${this.#at(atMs)}`);
      last = name;
    }
    const isReleasedAtEnd =
      life.overBy === "dispose" || life.overBy === "chat ended" || life.overBy === "run over";
    const isEnded = (contact.endedAtMs ?? Infinity) < this.#run.endMs;
    const isAlive = isReleasedAtEnd && !isEnded && (life.overAtMs ?? 0) >= this.#run.endMs;
    if (isAlive && last !== "onConnectionEstablished") {
      this.#note("connected", "the session isn't connected, long after the faults");
    }
  }

  #judgeReceipts(life: Life): void {
    const seen = new Set<string>();
    for (const { name, data, atMs } of life.events) {
      if (name !== "onReadReceipt" && name !== "onDeliveredReceipt") continue;
      const { MessageMetadata } = data as WireItem;
      const key = `${name} ${JSON.stringify(MessageMetadata)}`;
      if (seen.has(key)) this.#note("receipts", `${key} again at ${this.#at(atMs)}`);
      seen.add(key);
    }
  }

  #judgeEnds({ application, lives, last }: Lineage): void {
    const { contact } = application;
    const ends = lives.flatMap(({ events }) => events.filter(({ name }) => name === "onEnded"));
    const [first] = ends;
    if (first && (contact.endedAtMs === null || contact.endedAtMs > first.atMs)) {
      this.#note("ends", `the end was emitted at ${this.#at(first.atMs)}, but the chat goes on`);
    }
    if (ends.length > 1) this.#note("ends", `the end was emitted ${ends.length} times`);
    const items = last.deliveries.filter(({ item }) => item.ContentType === CONTENT_TYPE.ended);
    if (first && items.length !== 1) this.#note("ends", `chat.ended was delivered ${items.length} times`);
    const mustEnd =
      contact.endedAtMs !== null &&
      last.connectedAtMs !== null &&
      last.connectedAtMs < contact.endedAtMs &&
      contact.endedAtMs < this.#run.endMs - MINUTE &&
      // The run disposes every session that is still open on an ended chat.
      (last.overAtMs ?? 0) >= this.#run.endMs &&
      !this.#cannotLearnEnd(contact);
    if (mustEnd && ends.length === 0)
      this.#note("ends", `the end at ${this.#at(contact.endedAtMs ?? 0)} was never emitted`);
  }

  /** A session with `getConnectionToken` doesn't take a refusal for the end: it needs to see `chat.ended`. */
  #cannotLearnEnd(contact: Contact): boolean {
    const { habits } = this.#run.schedule.configuration;
    const arrived = this.#run.network.arrivals.some(
      ({ commit }) => commit.contactId === contact.id && commit.item.ContentType === CONTENT_TYPE.ended,
    );
    return this.#isExternal && !habits.isReadableAfterEnd && !arrived;
  }

  #judgeRecoveries(lineage: Lineage): void {
    const { application, lives, fromMs, deliveries } = lineage;
    if (fromMs === null) return;
    const forms = [...this.#formsFor(lineage)];
    const delivered = new Set(deliveries.map(({ item }) => keyOf(item)));
    const asking = this.#libraryRequests(application).filter(
      ({ operation }) => operation === "GetTranscript",
    );
    for (const life of lives) {
      for (const event of life.events) {
        if (event.name !== "onMessagesRecovered" || !(event.data as { complete: boolean }).complete) continue;
        const lostAtMs =
          life.events.findLast(({ name, order }) => name === "onConnectionLost" && order < event.order)
            ?.atMs ?? life.bornAtMs;
        const asked = asking.find(({ atMs, page }) => atMs >= lostAtMs && page === life.page);
        if (!asked || asked.atMs > event.atMs) continue;
        const known = new Set(
          deliveries.filter(({ order }) => order < event.order).map(({ item }) => keyOf(item)),
        );
        // Live items that arrived meanwhile wait for the recovery, and follow its report.
        const isWaiting = (form: Commit): boolean =>
          (this.#arrivals.get(form) ?? []).some(({ page, atMs }) => page === life.page && atMs <= event.atMs);
        for (const [id, [form, ...later]] of forms) {
          const isCovered =
            form !== undefined && form.atMs > fromMs && form.visibleAtMs < asked.atMs && later.length === 0;
          // The application has it already, by its own call; it may still come live.
          const isFetched = lives.some(({ fetched }) => (fetched.get(id) ?? -Infinity) >= (form?.atMs ?? 0));
          if (!isCovered || isFetched || known.has(id) || isWaiting(form)) continue;
          if (!this.#isRequired(lineage, form, delivered.has(id))) continue;
          this.#note(
            "truthful",
            `complete at ${this.#at(event.atMs)}, without ${id} of ${this.#at(form.atMs)}`,
          );
          return;
        }
      }
    }
  }

  #judgeSettled({ lives }: Lineage): void {
    for (const life of lives) {
      if (life.page.isGone && life.overBy === "reload") continue;
      for (const { name, mark, atMs, outcome, settledAtMs } of life.calls) {
        if (outcome === "pending") {
          if (!life.page.isGone) this.#note("settled", `${name} ${mark} of ${this.#at(atMs)} never settled`);
          continue;
        }
        if (name === "history" || this.#run.schedule.configuration.offlineHold === "forever") continue;
        const untilMs = settledAtMs ?? Infinity;
        const ahead = life.calls.filter(
          (call) =>
            call.atMs <= atMs && (call.settledAtMs ?? Infinity) > atMs && call.name.startsWith("send"),
        ).length;
        const limitMs = 150_000 * (1 + ahead) + this.#suspendedMs(atMs, untilMs) + 90_000;
        if (untilMs - atMs > limitMs) {
          this.#note(
            "settled",
            `${name} ${mark} of ${this.#at(atMs)} took ${Math.round((untilMs - atMs) / 1000)} s`,
          );
        }
      }
    }
  }

  #judgeSends(application: Application): void {
    const { contact, participant, lives } = application;
    const stored = new Map<string, { readonly ids: Set<string>; readonly order: number }>();
    for (const { item, order } of contact.commits) {
      if (item.Type !== "MESSAGE" || item.ParticipantId !== participant.id) continue;
      const text = (item.Content ?? "").replace(" (redacted)", "");
      const known = stored.get(text) ?? { ids: new Set<string>(), order };
      known.ids.add(item.Id ?? "");
      stored.set(text, known);
    }
    for (const life of lives) {
      let lastOrder = -1;
      for (const { name, mark, outcome, value, atMs, settledAtMs } of life.calls) {
        if (name !== "sendMessage") continue;
        const found = stored.get(mark);
        if ((found?.ids.size ?? 0) > 1) this.#note("sends", `${mark} is stored twice`);
        if (outcome === "resolved") {
          const id = (value as { Id?: string } | undefined)?.Id ?? "";
          if (!found?.ids.has(id)) this.#note("sends", `${mark} resolved, but isn't stored under its id`);
          // A page that is left sends what waits at once: which of it arrives first is up to the network.
          else if (this.#isLeftBetween(atMs, settledAtMs ?? Infinity)) continue;
          else if (found.order < lastOrder) this.#note("sends", `${mark} is stored before an earlier one`);
          else lastOrder = found.order;
        }
        if (outcome === "rejected" && found && this.#wasAnswered(mark, settledAtMs ?? Infinity)) {
          this.#note("sends", `${mark} was rejected, although the page had the service's answer`);
        }
      }
    }
  }

  /** Whether no fault was active at a moment, a while before it, or a while after. */
  #isQuietAround(atMs: number, aroundMs: number): boolean {
    const { schedule, startMs } = this.#run;
    return !schedule.faults.some(
      ({ kind, fromMs, toMs }) =>
        kind !== "clock-jump" && startMs + fromMs - aroundMs < atMs && atMs < startMs + toMs + aroundMs,
    );
  }

  #judgeEvents(application: Application): void {
    const { participant, lives, contact } = application;
    const own = this.#requestsOf(application).filter(({ operation }) => operation === "SendEvent");
    for (const life of lives) {
      for (const { name, atMs } of life.calls) {
        if (name !== "typing") continue;
        const isSent = own.some(
          (each) =>
            each.body.includes(CONTENT_TYPE.typing) && each.atMs > atMs - 10_050 && each.atMs < atMs + 1_000,
        );
        const isOver = Math.min(life.overAtMs ?? Infinity, contact.endedAtMs ?? Infinity) < atMs + 1_000;
        if (isSent || isOver || life.connectedAtMs === null || atMs < life.connectedAtMs) continue;
        if (this.#isQuietAround(atMs, 15_000))
          this.#note("typing", `typing of ${this.#at(atMs)} was never sent`);
      }
      this.#judgeTried(life, application);
    }
    const last = lives.at(-1);
    const isAlive = last?.overBy === "run over" || (last?.overAtMs ?? 0) >= this.#run.endMs;
    if (!last || !isAlive || (contact.endedAtMs ?? Infinity) < this.#run.endMs) return;
    // One that was asked for before may have been covered by a later one.
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
    const isRefused = newest.error !== null && !isOfNetwork(newest.error);
    // One for an older message was asked for again in the same window, and spoke for it.
    const isSpokenFor = last.calls
      .slice(last.calls.indexOf(newest) + 1)
      .some(({ name, atMs }) => name === "read" && atMs < newest.atMs + RECEIPT_WINDOW_MS);
    if (!reached && !isRefused && !isSpokenFor) {
      this.#note("caughtUp", `the read receipt of ${this.#at(newest.atMs)} never reached the service`);
    }
  }

  /** A message isn't given up before it was tried for as long as it may take. */
  #judgeTried(life: Life, application: Application): void {
    const { schedule } = this.#run;
    if (schedule.configuration.clients === "custom client") return;
    for (const { name, mark, error, atMs, settledAtMs } of life.calls) {
      if (name !== "sendMessage" || error === null || !TRANSIENT.has(error.code)) continue;
      const untilMs = settledAtMs ?? Infinity;
      const attempts = this.#requestsOf(application).filter(
        ({ operation, body, atMs: at }) =>
          operation === "SendMessage" && body.includes(JSON.stringify(mark)) && at <= untilMs,
      );
      // A service that asks for more time than is left ends a call at once, and so does a device that says it is offline.
      const isExcused = schedule.faults.some(({ kind }) => EXCUSES.has(kind));
      const awakeMs = untilMs - atMs - this.#suspendedMs(atMs, untilMs);
      const isRefused = attempts.some(
        ({ status }) => status !== null && status >= 400 && status < 500 && status !== 429,
      );
      // Once the chat has ended no attempt follows the one in flight.
      const hasEnded = life.overBy === "chat ended" && (life.overAtMs ?? Infinity) <= untilMs;
      if (attempts.length >= 3 || awakeMs > 25_000 || isExcused || isRefused || hasEnded) continue;
      this.#note(
        "tried",
        `${mark} of ${this.#at(atMs)} was rejected with ${error.code} after ${attempts.length} attempts`,
      );
    }
  }

  /** Whether the page had a whole answer of the service to this message, in time. */
  #wasAnswered(mark: string, byMs: number): boolean {
    return this.#run.network.requests.some(
      ({ operation, body, status, atMs, answeredAtMs, actedAtMs }) =>
        operation === "SendMessage" &&
        body.includes(JSON.stringify(mark)) &&
        actedAtMs !== null &&
        status === 200 &&
        (answeredAtMs ?? Infinity) - atMs < 9_000 &&
        (answeredAtMs ?? Infinity) < byMs,
    );
  }

  #requestsOf({ participant }: Application): RequestRecord[] {
    const { network, applications } = this.#run;
    if (applications.length === 1) return network.requests;
    return network.requests.filter(
      ({ bearer }) => bearer === participant.token || participant.connectionTokens.has(bearer ?? ""),
    );
  }

  /** A message that is sent again is looked for first, on the newest page. */
  #lookups(application: Application): Set<RequestRecord> {
    const lookups = this.#requestsOf(application).filter(
      ({ operation, body }) =>
        operation === "GetTranscript" &&
        body.includes("BACKWARD") &&
        !body.includes(`"MaxResults":${APPLICATION_PAGE}`),
    );
    const again = application.lives.flatMap(({ calls }) =>
      calls.filter(({ name }) => name === "resendMessage"),
    );
    return new Set(
      again.flatMap((call) =>
        lookups
          .filter(({ atMs }) => call.atMs <= atMs && atMs <= (call.settledAtMs ?? Infinity))
          .slice(0, ATTEMPTS),
      ),
    );
  }

  #libraryRequests(application: Application): RequestRecord[] {
    const ofLookups = this.#lookups(application);
    return this.#requestsOf(application).filter(
      (request) =>
        (request.operation === "CreateParticipantConnection" || request.operation === "GetTranscript") &&
        !request.body.includes(`"MaxResults":${APPLICATION_PAGE}`) &&
        !ofLookups.has(request),
    );
  }

  /** Each session has its own budget: a reload is the user's doing, and new sessions are Streams'. */
  #judgeBudget(application: Application): void {
    const requests = this.#libraryRequests(application);
    for (const [index, { page, bornAtMs }] of application.lives.entries()) {
      const untilMs = application.lives[index + 1]?.bornAtMs ?? Infinity;
      const own = requests.filter(
        (each) => each.page === page && bornAtMs <= each.atMs && each.atMs < untilMs,
      );
      this.#judgeSessionBudget(application, own);
    }
  }

  #judgeSessionBudget(application: Application, requests: readonly RequestRecord[]): void {
    const connects = application.lives.flatMap(({ calls }) => calls.filter(({ name }) => name === "connect"));
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
