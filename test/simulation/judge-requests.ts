/** Judges what an application's session asked of the service, and when: how often, and what was in flight at once. */
import { APPLICATION_PAGE, type Application, type Life } from "./application";
import type { FaultKind } from "./faults";
import type { Invariant, Violation } from "./judge";
import type { RequestRecord } from "./network";
import type { Run } from "./play";
import { CONTENT_TYPE } from "./wire";

const MAX_ATTEMPTS = 3;
const SIGNALS_EVERY_MS = 2_000;
/** Live items wait ten seconds for a recovery, after two for the end of an old socket; the page's own delays come on top. */
const LONGEST_WAIT_MS = 14_000;
const MINUTE = 60_000;
const MAX_AFTER_DAMAGE = 6;

/** During these a page or its timers stand still. */
const STANDSTILLS: readonly FaultKind[] = ["sleep", "freeze", "bfcache", "hidden"];
/** During these a page believes that it is offline: calls wait, and what fails meanwhile isn't counted. */
const OFFLINE: readonly FaultKind[] = ["offline", "lying-offline"];

/** Where a run breaks a promise about an application's requests. `requests` are that application's own. */
export function* requestViolations(
  run: Run,
  application: Application,
  requests: readonly RequestRecord[],
): Generator<Violation> {
  const judge = new RequestJudge(run, application, requests);
  for (const life of application.lives) {
    yield* judge.attempts(life);
    yield* judge.waits(life);
    yield* judge.repeatedReceipts(life);
  }
  yield* judge.renewals();
  yield* judge.sentAgain();
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

  /** A custom client gets no signal here, so its requests don't show when the library gave a call up. */
  get #isCustom(): boolean {
    return this.#run.schedule.configuration.clients === "custom client";
  }

  /** A message is tried three times. A refused token starts over, and attempts offline don't count. */
  *attempts({ calls }: Life): Generator<Violation> {
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

  /** However long a recovery takes, live items are delivered. */
  *waits({ page, deliveries }: Life): Generator<Violation> {
    const byId = new Map<string, number[]>();
    for (const { page: arrivedOn, commit, atMs } of this.#run.network.arrivals) {
      const { Id = "" } = commit.item;
      if (arrivedOn === page) byId.set(Id, [...(byId.get(Id) ?? []), atMs]);
    }
    for (const { item, recovered, atMs } of deliveries) {
      // An end that was learned from a refusal has no Id.
      if (recovered || !item.Id) continue;
      const arrivedAtMs = byId.get(item.Id)?.findLast((each) => each <= atMs) ?? Infinity;
      const waitedMs = atMs - arrivedAtMs;
      if (waitedMs > LONGEST_WAIT_MS && !this.#isStruck(STANDSTILLS, arrivedAtMs, atMs))
        yield this.#violation("prompt", `${item.Id} waited ${Math.round(waitedMs)} ms`, atMs);
    }
  }

  /** A read receipt that failed with the network is sent when the link is back, if none was asked for since. */
  *repeatedReceipts({ calls, events, overAtMs }: Life): Generator<Violation> {
    const reads = calls.filter(({ name }) => name === "read");
    for (const [index, { mark, atMs, error, settledAtMs }] of reads.entries()) {
      if (error?.code !== "NetworkError" || settledAtMs === null) continue;
      const backAtMs = events.find(
        (event) => event.name === "onConnectionEstablished" && event.atMs > settledAtMs,
      )?.atMs;
      if (backAtMs === undefined) continue;
      // The link was up a little before it was reported.
      const fromMs = backAtMs - 5_000;
      const untilMs = backAtMs + 15_000;
      const isOver =
        Math.min(overAtMs ?? Infinity, this.#application.contact.endedAtMs ?? Infinity) < untilMs;
      const isSuperseded = reads.slice(index + 1).some((other) => other.atMs < untilMs);
      const isAnotherPending = calls.some(
        (call) =>
          (call.name === "read" || call.name === "delivered") &&
          call.atMs < untilMs &&
          (call.settledAtMs ?? Infinity) > fromMs,
      );
      if (isOver || isSuperseded || isAnotherPending || this.#isStruck(STANDSTILLS, backAtMs, untilMs))
        continue;
      const isRepeated = this.#requests.some(
        ({ operation, body, atMs: at }) =>
          operation === "SendEvent" &&
          fromMs <= at &&
          at <= untilMs &&
          body.includes(CONTENT_TYPE.read) &&
          body.includes(mark),
      );
      // The failed call may have reached the service, or the library have resent it before.
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
        yield this.#violation("caughtUp", `${mark} failed, and wasn't sent again`, atMs);
    }
  }

  /** What the service has answered isn't sent again. */
  *sentAgain(): Generator<Violation> {
    const answered = new Map<string, number>();
    for (const { operation, body, atMs, actedAtMs, answeredAtMs, status } of this.#requests) {
      const [token] = /"ClientToken":"[^"]+"/.exec(body) ?? [];
      if (token === undefined || !["SendMessage", "SendEvent"].includes(operation)) continue;
      if ((answered.get(token) ?? Infinity) < atMs)
        yield this.#violation("sends", `${operation} was answered, and sent again`, atMs);
      if (status === 200 && actedAtMs !== null && answeredAtMs !== null) answered.set(token, answeredAtMs);
    }
  }

  /** One renewal of the token serves all calls that wait for it. */
  *renewals(): Generator<Violation> {
    const renewals = this.#requests.filter(
      ({ operation, body }) =>
        operation === "CreateParticipantConnection" &&
        body.includes("CONNECTION_CREDENTIALS") &&
        !body.includes("WEBSOCKET"),
    );
    for (const atMs of this.#overlaps(renewals))
      yield this.#violation("renewed", "a second renewal began during another", atMs);
  }

  /** Messages are sent one by one, but for those that a page sends as it is left, and later attempts of theirs. */
  *messagesAtOnce(): Generator<Violation> {
    const messages = this.#requests.filter(({ operation }) => operation === "SendMessage");
    const { schedule, startMs } = this.#run;
    for (const atMs of this.#overlaps(messages)) {
      // What was called before a transfer is still sent, and its page may be left before that.
      const isLeaving =
        this.#isStruck(["bfcache"], atMs - 10 * MINUTE, atMs) ||
        this.#application.lives.some(({ overAtMs }) => Math.abs((overAtMs ?? Infinity) - atMs) < 1) ||
        schedule.steps.some((step) => step.kind === "reload" && Math.abs(startMs + step.atMs - atMs) < 1);
      if (!isLeaving) yield this.#violation("sends", "two messages were in flight", atMs);
    }
  }

  /** When requests began during one before them. */
  *#overlaps(requests: readonly RequestRecord[]): Generator<number> {
    if (this.#isCustom) return;
    for (const [index, { page, atMs }] of requests.entries()) {
      const before = requests[index - 1];
      if (before?.page === page && (before.settledAtMs ?? Infinity) > atMs) yield atMs;
    }
  }

  /** Signals of the page cause an attempt every two seconds at most. */
  *signals(): Generator<Violation> {
    const connects = this.#application.lives.flatMap(({ calls }) =>
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
      // The signals have to have begun before the first of the two failed.
      const isHurried = schedule.faults.some(
        ({ kind, fromMs, toMs }) =>
          kind === "signals" && startMs + fromMs + 200 < before.atMs && atMs <= startMs + toMs,
      );
      if (isHurried) yield this.#violation("hurried", `two attempts within ${atMs - before.atMs} ms`, atMs);
    }
  }

  /** However many frames are damaged: while nothing else calls for a page, GetTranscript is asked six times a minute. */
  *damage(): Generator<Violation> {
    const pages = this.#requests.filter(
      ({ operation, body, status }) =>
        operation === "GetTranscript" &&
        !body.includes(`"MaxResults":${APPLICATION_PAGE}`) &&
        // Sent again at once with a new token.
        status !== 403,
    );
    // A new link and a message that is sent again have the library ask for pages, too.
    const otherReasons = this.#application.lives.flatMap(({ bornAtMs, events, calls }) => [
      bornAtMs,
      ...events.filter(({ name }) => name === "onConnectionStateChanged").map(({ atMs }) => atMs),
      ...calls.filter(({ name }) => name === "resendMessage").map(({ atMs }) => atMs),
    ]);
    for (const [index, { atMs }] of pages.entries()) {
      const firstAtMs = pages[index - MAX_AFTER_DAMAGE]?.atMs ?? -Infinity;
      const isOther = otherReasons.some((each) => firstAtMs - MINUTE < each && each < atMs);
      if (atMs - firstAtMs >= MINUTE || isOther || !this.#isStruck(["damaged-frames"], firstAtMs, atMs))
        continue;
      yield this.#violation("budget", "more than six pages were asked for in a minute, after damage", atMs);
      return;
    }
  }
}
