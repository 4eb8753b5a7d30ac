/* global window */
// Runs in the page. Each scenario receives a `Run`, which uses only the public API and accesses the simulator through
// `sim`.

/** Sorts a list whose order depends on the network. */
const sorted = (list, keyOf) => [...list].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const OUTCOME_TIMEOUT_MS = 8_000;
/** Events count as complete if there are no more in this time. */
const QUIET_MS = 150;
/** Most conditions query the simulator through the browser driver, so faster polling would slow down a run. */
const POLL_MS = 40;
/** The time limit for `participant.joined`, which isn't sent if the customer joined before its socket subscribed. */
const JOINING_MS = 1_000;
const MAX_DEPTH = 12;

/** The `on…` methods of sessions in upstream 5.0.0 or 5.3.0. */
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
/** Scenarios must opt in to these handlers, because heartbeats occur at unpredictable times. */
const OPT_IN = new Set(["onDeepHeartbeatSuccess", "onDeepHeartbeatFailure"]);

/** The rejection fields that existing applications read. */
const REJECTION_FIELDS = [
  "type",
  "statusCode",
  "metadata",
  "errorMessage",
  "data",
  "connectSuccess",
  "connectCalled",
];

/** The AWS SDK adds this field to upstream's results. Only the scenario "AWS SDK fields" checks it. */
const SDK_FIELD = "$metadata";

/** Converts a value to JSON data. Functions, Blobs and Errors are replaced with the parts that callers can see. */
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
    .filter(([key, each]) => key !== SDK_FIELD && each !== undefined)
    .map(([key, each]) => [key, plain(each, depth + 1)]);
  return Object.fromEntries(entries);
}

/** Keeps the service's error messages. A library's own wording isn't compared and becomes "<text>". */
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

/** Summarizes an event whose fields are compared elsewhere. */
export const summaryOf = ({ on, event }) => {
  const { Content, ContentType, MessageMetadata } = event?.data ?? {};
  return [on, Content ?? ContentType, MessageMetadata?.MessageProcessingStatus].filter(Boolean).join(": ");
};

const isPromise = (value) => typeof value?.then === "function";

/** One run of a scenario. */
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

  /** Returns a call's outcome: `{resolved}`, `{rejected}`, `{returned}` (not a promise), `{threw}` or `{pending}`. */
  async outcome(run, timeoutMs = OUTCOME_TIMEOUT_MS) {
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
      wait(timeoutMs).then(() => ({ pending: true })),
    ]);
  }

  async call(key, run, timeoutMs) {
    const outcome = await this.outcome(run, timeoutMs);
    this.observe(key, outcome);
    return outcome;
  }

  /** Records the events that each handler receives, in order. */
  watch(session, { also = [], only, as = "events" } = {}) {
    const names = only ?? [...HANDLERS.filter((name) => !OPT_IN.has(name)), ...also];
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
    const recorded = plain(event);
    // Every event repeats the chat details, so only record whether they match getChatDetails().
    const details = JSON.stringify(plain(session.getChatDetails()));
    if (recorded?.chatDetails && JSON.stringify(recorded.chatDetails) === details)
      recorded.chatDetails = "<getChatDetails()>";
    log.push({ on, name: plain(rest[0]), event: recorded });
  }

  /** Observes the events once there are at least `count` and no more follow. `show` selects the compared part. */
  async events(
    key,
    {
      count = 0,
      as = "events",
      timeoutMs = OUTCOME_TIMEOUT_MS,
      quietMs = QUIET_MS,
      show = (each) => each,
      sortedBy,
    } = {},
  ) {
    const log = this.#logs.get(as);
    await this.until(() => log.length >= count, timeoutMs);
    this.#lastEventAt = Math.max(this.#lastEventAt, performance.now() - quietMs / 2);
    await this.until(() => performance.now() - this.#lastEventAt >= quietMs, timeoutMs);
    const emitted = log.splice(0);
    this.observe(key, (sortedBy ? sorted(emitted, sortedBy) : emitted).map(show));
  }

  async until(condition, timeoutMs = OUTCOME_TIMEOUT_MS) {
    const until = performance.now() + timeoutMs;
    while (performance.now() < until) {
      if (await condition()) return true;
      await wait(POLL_MS);
    }
    return false;
  }

  /** Observes the requests that reached the service since the last check. */
  async requests(key, { sortedBy } = {}) {
    const requests = await this.sim("takeRequests");
    this.observe(key, sortedBy ? sorted(requests, sortedBy) : requests);
  }

  /** Observes a call's outcome and its requests to the service. */
  async exchange(key, run, timeoutMs) {
    const outcome = await this.call(key, run, timeoutMs);
    await this.requests(`${key}: requests`);
    return outcome;
  }

  /** Starts a chat and creates its customer session, without connecting it. */
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

  /** Like `customer()`, but connects the session and waits until it's subscribed and idle. */
  async connected(options = {}) {
    const customer = await this.customer(options);
    this.watch(customer.session, options.watch);
    await customer.session.connect();
    await this.subscribed(customer.contactId);
    // On a busy machine, the socket's first frames can be late.
    if (!options.watch?.only) await this.until(() => this.#logs.get("events").some(isJoining), JOINING_MS);
    await wait(QUIET_MS);
    this.forget();
    await this.sim("takeRequests");
    return customer;
  }

  /** Returns the events recorded so far and clears the log. */
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

/** Scenarios by name, registered by the files in `scenarios/`. */
export const scenarios = new Map();

export function scenario(name, run) {
  if (scenarios.has(name)) throw new Error(`Duplicate scenario: "${name}".`);
  scenarios.set(name, run);
}

/** Runs one scenario. The harness calls this function in the page. */
export async function runScenario(name) {
  const run = new Run((command, ...args) => window.simulatorCall(command, args));
  let failure = null;
  try {
    await scenarios.get(name)(run);
  } catch (error) {
    // If the session can't do what the scenario needs, that's also an observation.
    failure = { thrown: rejectionOf(error), text: String(error?.stack ?? JSON.stringify(plain(error))) };
  }
  return { observations: run.observations, failure };
}
