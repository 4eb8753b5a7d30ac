/* global window */
// In the page: what a scenario is given. It uses the public API alone, and the simulator through `sim`.

/** For what happens in an order that the network decides. */
const sorted = (list, keyOf) => [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const PATIENCE_MS = 8_000;
/** How long nothing must have come in before what came in counts as all of it. */
const QUIET_MS = 150;
/** Most conditions ask the simulator, through the browser's driver: oftener than this is most of a run's work. */
const POLL_MS = 40;
/** Only a customer that joined before its socket was subscribed receives no such event. */
const JOINING_MS = 1_000;
const MAX_DEPTH = 12;

/** Every `on…` of a session that upstream 5.0.0 or 5.3.0 has. */
export const HANDLERS = [
  "onMessage",
  "onTyping",
  "onReadReceipt",
  "onDeliveredReceipt",
  "onParticipantIdle",
  "onParticipantReturned",
  "onParticipantInvited",
  "onAutoDisconnection",
  "onAuthenticationInitiated",
  "onAuthenticationSuccessful",
  "onAuthenticationFailed",
  "onAuthenticationTimeout",
  "onAuthenticationExpired",
  "onAuthenticationCanceled",
  "onParticipantDisplayNameUpdated",
  "onChatRehydrated",
  "onEnded",
  "onConnectionEstablished",
  "onConnectionLost",
  "onConnectionBroken",
  "onDeepHeartbeatSuccess",
  "onDeepHeartbeatFailure",
];
/** A transcript's handler makes the library fetch transcripts, and beats come when they like: asked for by name. */
const NOT_BY_DEFAULT = new Set(["onDeepHeartbeatSuccess", "onDeepHeartbeatFailure"]);

/** The fields that existing code reads off a rejection. */
const REJECTION_FIELDS = [
  "type",
  "statusCode",
  "metadata",
  "errorMessage",
  "data",
  "connectSuccess",
  "connectCalled",
];

/** Residue of the AWS SDK in upstream's results; `sdk residue` is the one observation that looks at it. */
const RESIDUE = "$metadata";

/** A value as JSON can hold it: a function, a Blob and an Error become what can be seen of them. */
export function plain(value, depth = 0) {
  if (value === undefined) return "<undefined>";
  if (typeof value === "function") return "<function>";
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) return "<too deep>";
  if (value instanceof Blob) {
    const { size, type, metadata } = value;
    return { blob: { size, type, metadata: plain(metadata, depth + 1) } };
  }
  if (value instanceof Error) return rejectionOf(value, depth);
  if (Array.isArray(value)) return value.map((each) => plain(each, depth + 1));
  const entries = Object.entries(value)
    .filter(([key, each]) => key !== RESIDUE && each !== undefined)
    .map(([key, each]) => [key, plain(each, depth + 1)]);
  return Object.fromEntries(entries);
}

/** The service's own words are compared; those of the library are its own. */
function rejectionOf(error, depth = 0) {
  if (typeof error !== "object" || error === null) return plain(error, depth);
  const fields = REJECTION_FIELDS.filter((key) => error[key] !== undefined).map((key) => [
    key,
    key === "errorMessage" ? messageOf({ ...error, message: error[key] }) : plain(error[key], depth + 1),
  ]);
  const inner = error._debug === undefined ? {} : { _debug: debugOf(error._debug, depth) };
  const message = error.message === undefined ? {} : { message: messageOf(error) };
  return { ...Object.fromEntries(fields), ...message, ...inner };
}

function messageOf({ message, statusCode }) {
  return statusCode === undefined && typeof message === "string" && message !== ""
    ? "<text>"
    : plain(message);
}

function debugOf(debug, depth) {
  if (typeof debug !== "object" || debug === null) return plain(debug, depth);
  const inner = debug._debug === undefined ? {} : { _debug: debugOf(debug._debug, depth + 1) };
  return debug instanceof Error || "type" in debug
    ? { ...rejectionOf(debug, depth), ...inner }
    : { ...plain({ ...debug, _debug: undefined }, depth), ...inner };
}

const isJoining = ({ event }) => event?.data?.ContentType?.endsWith("participant.joined") === true;

/** An event in a few words, where its members are compared elsewhere. */
export const inShort = ({ on, event }) => {
  const { Content, ContentType, MessageMetadata } = event?.data ?? {};
  return [on, Content ?? ContentType, MessageMetadata?.MessageProcessingStatus].filter(Boolean).join(": ");
};

const isPromise = (value) => typeof value?.then === "function";

/** One scenario's run. */
export class Run {
  observations = [];
  #logs = new Map();
  #lastEventAt = 0;

  constructor(sim) {
    this.sim = sim;
    this.connect = window.connect;
  }

  get ChatSession() {
    return this.connect.ChatSession;
  }

  observe(key, value) {
    this.observations.push({ key, value: plain(value) });
  }

  /** What a call does: `{resolved}`, `{rejected}`, `{returned}` (no promise), `{threw}` or `{pending}`. */
  async outcome(run, patienceMs = PATIENCE_MS) {
    let result;
    try {
      result = run();
    } catch (error) {
      return { threw: rejectionOf(error) };
    }
    if (!isPromise(result)) return { returned: plain(result) };
    return Promise.race([
      result.then(
        (resolved) => ({ resolved: plain(resolved) }),
        (error) => ({ rejected: rejectionOf(error) }),
      ),
      wait(patienceMs).then(() => ({ pending: true })),
    ]);
  }

  async call(key, run, patienceMs) {
    const outcome = await this.outcome(run, patienceMs);
    this.observe(key, outcome);
    return outcome;
  }

  /** Keeps what every handler is told, in the order in which it is told. */
  watch(session, { also = [], only, as = "events" } = {}) {
    const names = only ?? [...HANDLERS.filter((name) => !NOT_BY_DEFAULT.has(name)), ...also];
    const log = [];
    this.#logs.set(as, log);
    for (const on of names) {
      if (typeof session[on] !== "function") continue;
      session[on]((event, ...rest) => this.#record(log, session, on, event, rest));
    }
    return log;
  }

  #record(log, session, on, event, rest) {
    this.#lastEventAt = performance.now();
    const told = plain(event);
    // The details are the same in every event: told once, here only whether they are those of the moment.
    const details = JSON.stringify(plain(session.getChatDetails()));
    if (told?.chatDetails && JSON.stringify(told.chatDetails) === details)
      told.chatDetails = "<getChatDetails()>";
    log.push({ on, name: plain(rest[0]), event: told });
  }

  /** Waits until at least `count` events came and none follows; `show` says what of each is compared. */
  async events(
    key,
    {
      count = 0,
      as = "events",
      patienceMs = PATIENCE_MS,
      quietMs = QUIET_MS,
      show = (each) => each,
      sortedBy,
    } = {},
  ) {
    const log = this.#logs.get(as);
    await this.until(() => log.length >= count, patienceMs);
    this.#lastEventAt = Math.max(this.#lastEventAt, performance.now() - quietMs / 2);
    await this.until(() => performance.now() - this.#lastEventAt >= quietMs, patienceMs);
    const emitted = log.splice(0);
    this.observe(key, (sortedBy ? sorted(emitted, sortedBy) : emitted).map(show));
  }

  async until(condition, patienceMs = PATIENCE_MS) {
    const until = performance.now() + patienceMs;
    while (performance.now() < until) {
      if (await condition()) return true;
      await wait(POLL_MS);
    }
    return false;
  }

  /** The calls that reached the service since the last time. */
  async requests(key, { sortedBy } = {}) {
    const requests = await this.sim("takeRequests");
    this.observe(key, sortedBy ? sorted(requests, sortedBy) : requests);
  }

  /** A call, and what it asked of the service. */
  async asks(key, run, patienceMs) {
    const outcome = await this.call(key, run, patienceMs);
    await this.requests(`${key}: requests`);
    return outcome;
  }

  /** A customer's session on a chat of its own, not connected yet. */
  async customer({ config = {}, details = {}, ...args } = {}) {
    this.ChatSession.setGlobalConfig({ endpoint: window.location.origin, ...config });
    const chat = await this.sim("startChat");
    const session = this.ChatSession.create({
      chatDetails: {
        contactId: chat.ContactId,
        participantId: chat.ParticipantId,
        participantToken: chat.ParticipantToken,
        ...details,
      },
      type: "CUSTOMER",
      disableCSM: true,
      ...args,
    });
    return { chat, contactId: chat.ContactId, session };
  }

  /** The same, connected, subscribed and with nothing left to come. */
  async connected(options = {}) {
    const made = await this.customer(options);
    this.watch(made.session, options.watch);
    await made.session.connect();
    await this.subscribed(made.contactId);
    // The socket's first frames may come late on a busy machine.
    if (!options.watch?.only) await this.until(() => this.#logs.get("events").some(isJoining), JOINING_MS);
    await wait(QUIET_MS);
    this.forget();
    await this.sim("takeRequests");
    return made;
  }

  /** What the handlers were told so far. */
  take(as = "events") {
    return this.#logs.get(as)?.splice(0) ?? [];
  }

  forget(as = "events") {
    this.#logs.get(as)?.splice(0);
  }

  subscribed(contactId, times = 1) {
    return this.until(async () => (await this.sim("subscribedSockets", contactId)) >= times, 20_000);
  }
}

/** The scenarios by name: filled by the files of `scenarios/`. */
export const scenarios = new Map();

export function scenario(name, run) {
  if (scenarios.has(name)) throw new Error(`Two scenarios are called "${name}".`);
  scenarios.set(name, run);
}

/** Called by the harness, in the page. */
export async function runScenario(name) {
  const run = new Run((command, ...args) => window.simulatorCall(command, args));
  let failure = null;
  try {
    await scenarios.get(name)(run);
  } catch (error) {
    // A session that cannot do what the scenario needs is something observed as well.
    failure = { thrown: rejectionOf(error), text: String(error?.stack ?? JSON.stringify(plain(error))) };
  }
  return { observations: run.observations, failure };
}
