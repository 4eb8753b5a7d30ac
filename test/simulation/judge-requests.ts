/** Checks the number, times and concurrency of the library's requests to the service. */
import { APPLICATION_PAGE, type Application, type SessionRecord } from "./application";
import type { FaultKind } from "./faults";
import type { Invariant, Violation } from "./judge";
import type { RequestRecord } from "./network";
import type { Run } from "./play";
import { CONTENT_TYPE } from "./wire";

const MAX_ATTEMPTS = 3;
const SIGNALS_EVERY_MS = 2_000;
/**
 * The maximum time that a live item may wait. Live items wait up to two seconds for the old socket's end, and then up
 * to ten seconds for a recovery. The other two seconds allow for the page's own delays.
 */
const MAX_WAIT_MS = 14_000;
const MINUTE = 60_000;
const MAX_AFTER_DAMAGE = 6;

/** Faults that stop a page or its timers. */
const STANDSTILLS: readonly FaultKind[] = ["sleep", "freeze", "bfcache", "hidden"];
/** Faults that make a page offline according to the device. Calls then wait, and failed attempts don't count. */
const OFFLINE: readonly FaultKind[] = ["offline", "lying-offline"];

/** Finds violations in one application's requests. */
export function* requestViolations(
  run: Run,
  application: Application,
  requests: readonly RequestRecord[],
): Generator<Violation> {
  const judge = new RequestJudge(run, application, requests);
  for (const session of application.sessions) {
    yield* judge.attempts(session);
    yield* judge.waits(session);
    yield* judge.repeatedReceipts(session);
  }
  yield* judge.renewals();
  yield* judge.resends();
  yield* judge.messagesAtOnce();
  yield* judge.signals();
  yield* judge.damage();
}

class RequestJudge {
  readonly #run: Run;
  readonly #application: Application;
  readonly #requests: readonly RequestRecord[];

  constructor(run: Run, application: Application, requests: readonly RequestRecord[]) {
    this.#run = run;
    this.#application = application;
    this.#requests = requests;
  }

  #violation(invariant: Invariant, what: string, atMs: number): Violation {
    return { invariant, detail: `${what} at ${((atMs - this.#run.startMs) / 1_000).toFixed(3)} s` };
  }

  #isStruck(kinds: readonly FaultKind[], fromMs: number, toMs: number): boolean {
    const { schedule, startMs } = this.#run;
    return schedule.faults.some(
      (fault) =>
        kinds.includes(fault.kind) && startMs + fault.fromMs <= toMs && fromMs <= startMs + fault.toMs,
    );
  }

  /** The custom client ignores abort signals, so its requests don't show when the library gave up on a call. */
  get #isCustom(): boolean {
    return this.#run.schedule.configuration.clients === "custom client";
  }

  /**
   * A message gets at most three attempts. A rejected token resets the count, and attempts while offline don't count.
   */
  *attempts({ calls }: SessionRecord): Generator<Violation> {
    for (const { name, mark, atMs, settledAtMs } of calls) {
      if (name !== "sendMessage") continue;
      const untilMs = settledAtMs ?? Infinity;
      const attempts = this.#requests.filter(
        ({ operation, body, atMs: at }) =>
          operation === "SendMessage" && at <= untilMs && body.includes(JSON.stringify(mark)),
      );
      const isExcused =
        attempts.some(({ statusSeen }) => statusSeen === 403) || this.#isStruck(OFFLINE, atMs, untilMs);
      if (attempts.length > MAX_ATTEMPTS && !isExcused)
        yield this.#violation("tried", `${mark} was sent ${attempts.length} times`, atMs);
    }
  }

  /** Live items are delivered in time, even if a recovery takes a long time. */
  *waits({ page, deliveries }: SessionRecord): Generator<Violation> {
    const byId = new Map<string, number[]>();
    for (const { page: arrivedOn, commit, atMs } of this.#run.network.arrivals) {
      const { Id = "" } = commit.item;
      if (arrivedOn === page) byId.set(Id, [...(byId.get(Id) ?? []), atMs]);
    }
    for (const { item, recovered, atMs } of deliveries) {
      // If the library infers the end from a rejected call, the item doesn't have an Id.
      if (recovered || !item.Id) continue;
      const arrivedAtMs = byId.get(item.Id)?.findLast((each) => each <= atMs) ?? Infinity;
      const waitedMs = atMs - arrivedAtMs;
      if (waitedMs > MAX_WAIT_MS && !this.#isStruck(STANDSTILLS, arrivedAtMs, atMs))
        yield this.#violation("prompt", `${item.Id} waited ${Math.round(waitedMs)} ms`, atMs);
    }
  }

  /**
   * A read receipt that failed because of the network is resent when the link is restored, unless a newer receipt
   * replaces the failed receipt.
   */
  *repeatedReceipts({ calls, events, overAtMs }: SessionRecord): Generator<Violation> {
    const reads = calls.filter(({ name }) => name === "read");
    for (const [index, { mark, atMs, error, settledAtMs }] of reads.entries()) {
      if (error?.code !== "NetworkError" || settledAtMs === null) continue;
      const linkUpAtMs = events.find(
        (event) => event.name === "onConnectionEstablished" && event.atMs > settledAtMs,
      )?.atMs;
      if (linkUpAtMs === undefined) continue;
      // The link was up slightly before it was reported.
      const fromMs = linkUpAtMs - 5_000;
      const untilMs = linkUpAtMs + 15_000;
      const isOver =
        Math.min(overAtMs ?? Infinity, this.#application.contact.endedAtMs ?? Infinity) < untilMs;
      const isSuperseded = reads.slice(index + 1).some((other) => other.atMs < untilMs);
      const isAnotherPending = calls.some(
        (call) =>
          (call.name === "read" || call.name === "delivered") &&
          call.atMs < untilMs &&
          (call.settledAtMs ?? Infinity) > fromMs,
      );
      if (isOver || isSuperseded || isAnotherPending || this.#isStruck(STANDSTILLS, linkUpAtMs, untilMs))
        continue;
      const isRepeated = this.#requests.some(
        ({ operation, body, atMs: at }) =>
          operation === "SendEvent" &&
          fromMs <= at &&
          at <= untilMs &&
          body.includes(CONTENT_TYPE.read) &&
          body.includes(mark),
      );
      // The failed call may have reached the service, or the library may already have resent it.
      const { contact, participant } = this.#application;
      const isStored = contact.commits.some(
        ({ atMs: storedAtMs, item: { MessageMetadata } }) =>
          storedAtMs <= untilMs &&
          MessageMetadata?.Receipts?.some(
            ({ RecipientParticipantId, ReadTimestamp }) =>
              MessageMetadata.MessageId === mark &&
              RecipientParticipantId === participant.id &&
              ReadTimestamp,
          ),
      );
      if (!isRepeated && !isStored)
        yield this.#violation("caughtUp", `${mark} failed, and wasn't resent`, atMs);
    }
  }

  /** Requests that received a response aren't resent. */
  *resends(): Generator<Violation> {
    const responseTimes = new Map<string, number>();
    for (const { operation, body, atMs, actedAtMs, respondedAtMs, status } of this.#requests) {
      const [token] = /"ClientToken":"[^"]+"/.exec(body) ?? [];
      if (token === undefined || !["SendMessage", "SendEvent"].includes(operation)) continue;
      if ((responseTimes.get(token) ?? Infinity) < atMs)
        yield this.#violation("sends", `${operation} was resent after it had received a response`, atMs);
      if (status === 200 && actedAtMs !== null && respondedAtMs !== null)
        responseTimes.set(token, respondedAtMs);
    }
  }

  /** One token renewal serves all calls that wait for it. */
  *renewals(): Generator<Violation> {
    const renewals = this.#requests.filter(
      ({ operation, body }) =>
        operation === "CreateParticipantConnection" &&
        body.includes("CONNECTION_CREDENTIALS") &&
        !body.includes("WEBSOCKET"),
    );
    for (const atMs of this.#overlaps(renewals))
      yield this.#violation("renewed", "a token renewal began during another", atMs);
  }

  /** Messages are sent one at a time. Messages sent while the page is being left, and their retries, are exceptions. */
  *messagesAtOnce(): Generator<Violation> {
    const messages = this.#requests.filter(({ operation }) => operation === "SendMessage");
    const { schedule, startMs } = this.#run;
    for (const atMs of this.#overlaps(messages)) {
      // Calls made before a transfer are still sent, but the page may be left first.
      const isLeaving =
        this.#isStruck(["bfcache"], atMs - 10 * MINUTE, atMs) ||
        this.#application.sessions.some(({ overAtMs }) => Math.abs((overAtMs ?? Infinity) - atMs) < 1) ||
        schedule.steps.some((step) => step.kind === "reload" && Math.abs(startMs + step.atMs - atMs) < 1);
      if (!isLeaving) yield this.#violation("sends", "two messages were in flight", atMs);
    }
  }

  /** Yields the times of requests that began before the previous request had settled. */
  *#overlaps(requests: readonly RequestRecord[]): Generator<number> {
    if (this.#isCustom) return;
    for (const [index, { page, atMs }] of requests.entries()) {
      const before = requests[index - 1];
      if (before?.page === page && (before.settledAtMs ?? Infinity) > atMs) yield atMs;
    }
  }

  /** Page signals cause at most one attempt every two seconds. */
  *signals(): Generator<Violation> {
    const connects = this.#application.sessions.flatMap(({ calls }) =>
      calls.filter(({ name }) => name === "connect"),
    );
    const attempts = this.#requests.filter(
      ({ operation, body, atMs }) =>
        operation === "CreateParticipantConnection" &&
        body.includes("WEBSOCKET") &&
        !connects.some((call) => call.atMs <= atMs && atMs <= (call.settledAtMs ?? Infinity)),
    );
    for (const [index, { page, atMs }] of attempts.entries()) {
      const before = attempts[index - 1];
      if (before?.page !== page || atMs - before.atMs >= SIGNALS_EVERY_MS) continue;
      const { schedule, startMs } = this.#run;
      // The signals must have begun before the first of the two attempts.
      const isHurried = schedule.faults.some(
        ({ kind, fromMs, toMs }) =>
          kind === "signals" && startMs + fromMs + 200 < before.atMs && atMs <= startMs + toMs,
      );
      if (isHurried) yield this.#violation("hurried", `two attempts within ${atMs - before.atMs} ms`, atMs);
    }
  }

  /** Damaged frames cause at most six GetTranscript calls a minute if there's no other reason for such calls. */
  *damage(): Generator<Violation> {
    const pages = this.#requests.filter(
      ({ operation, body, status }) =>
        operation === "GetTranscript" &&
        !body.includes(`"MaxResults":${APPLICATION_PAGE}`) &&
        // Calls that got 403 were resent immediately with a new token.
        status !== 403,
    );
    // The library also requests pages for a new link and for a message that is resent.
    const otherReasons = this.#application.sessions.flatMap(({ createdAtMs, events, calls }) => [
      createdAtMs,
      ...events.filter(({ name }) => name === "onConnectionStateChanged").map(({ atMs }) => atMs),
      ...calls.filter(({ name }) => name === "resendMessage").map(({ atMs }) => atMs),
    ]);
    for (const [index, { atMs }] of pages.entries()) {
      const firstAtMs = pages[index - MAX_AFTER_DAMAGE]?.atMs ?? -Infinity;
      const isOther = otherReasons.some((each) => firstAtMs - MINUTE < each && each < atMs);
      if (atMs - firstAtMs >= MINUTE || isOther || !this.#isStruck(["damaged-frames"], firstAtMs, atMs))
        continue;
      yield this.#violation(
        "budget",
        "more than six pages were requested within a minute after damaged frames",
        atMs,
      );
      return;
    }
  }
}
