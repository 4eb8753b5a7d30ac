// Runs one library through one schedule, with its own simulator and browser context.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { FaultPlayer } from "./faults.mjs";

const { startSimulator } = createRequire(import.meta.url)("../dist/simulator.js");
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const CONNECT_WITHIN_MS = 20_000;
/** Links come back within their maximum backoff. Fetching missed items takes as long as the request limit requires. */
const SETTLE_WITHIN_MS = 300_000;
/** How long all links must have been up without traffic, which is longer than a second fetch or a recovery takes. */
const QUIET_MS = 40_000;
/**
 * How long nothing may change while something is pending, which is longer than any backoff or all of a call's attempts.
 */
const STUCK_AFTER_MS = { asleep: 90_000, woken: 60_000 };
const WAKE_EVERY_MS = 3_000;
const TAIL_WITHIN_MS = 6_000;
const ENDS_WITHIN_MS = 4_000;

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function within(ms, condition, everyMs = 100) {
  for (const until = Date.now() + ms; Date.now() < until; await sleep(everyMs))
    if (await condition()) return true;
  return false;
}

const keyOf = (chat, role) => `chat ${chat} ${role.toLowerCase()}`;

class Stage {
  pages = new Map();
  contactIds = new Map();
  participants = new Map();
  uncaught = [];
  log = [];

  constructor(simulator, schedule) {
    this.simulator = simulator;
    this.schedule = schedule;
    for (const chat of schedule.chats) {
      const { ContactId, ParticipantId, ParticipantToken } = simulator.startChat();
      this.contactIds.set(chat.id, ContactId);
      this.participants.set(keyOf(chat.id, "CUSTOMER"), {
        contactId: ContactId,
        participantId: ParticipantId,
        participantToken: ParticipantToken,
      });
      const agent = simulator.joinAgent(ContactId);
      if (chat.agentPage !== null) {
        const { contactId, initialContactId, participantId, participantToken } = agent;
        const details = { contactId, initialContactId, participantId, participantToken };
        this.participants.set(keyOf(chat.id, "AGENT"), details);
      }
    }
    this.links = new Map(
      schedule.links.map((link) => [
        link.id,
        {
          ...link,
          participantIds: link.chats.map(
            (chat) => this.participants.get(keyOf(chat, link.role)).participantId,
          ),
        },
      ]),
    );
    const pageActions = {
      goOnline: (name) =>
        this.#reportFailure(this.pages.get(name).page.evaluate(() => globalThis.chaos.online())),
      setOffline: (name, offline) => this.#reportFailure(this.#setOffline(this.pages.get(name), offline)),
    };
    this.faults = new FaultPlayer(simulator, this.links, pageActions, schedule.seed);
  }

  /** Reports a failed action on a page as an error of the run. */
  #reportFailure(action) {
    action.catch((error) => this.uncaught.push(`the harness: ${error}`));
  }

  async #setOffline({ network }, offline) {
    await network.send("Network.emulateNetworkConditions", {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
    });
  }

  script(chat) {
    return this.simulator.contact(this.contactIds.get(chat));
  }

  /** Performs a page's calls outside the service, which Streams would perform in production. */
  perform(command, args) {
    const requireNetwork = (participantId) => {
      if (!this.faults.reaches(participantId)) throw new Error("The network is down.");
    };
    if (command === "connectionTokenOf") {
      requireNetwork(args[0]);
      return this.simulator.connectionTokenOf(args[0]);
    }
    const { participantIds } = this.links.get(args[0]);
    requireNetwork(participantIds[0]);
    return this.simulator.signSocket(participantIds);
  }

  async open(context, broken) {
    await context.exposeFunction("simulatorCall", (command, args) => this.perform(command, args));
    const clientsOf = new Map();
    for (const { id, customerPage, agentPage, keepsTranscript } of this.schedule.chats) {
      for (const [page, role] of [
        [customerPage, "CUSTOMER"],
        [agentPage, "AGENT"],
      ]) {
        if (page === null) continue;
        const key = keyOf(id, role);
        const client = { key, chat: id, role, keepsTranscript, details: this.participants.get(key) };
        clientsOf.set(page, [...(clientsOf.get(page) ?? []), client]);
      }
    }
    await Promise.all(
      [...clientsOf].map(async ([name, clients]) => {
        const page = await context.newPage();
        page.on("pageerror", (error) => this.uncaught.push(String(error)));
        await page.goto(`${this.simulator.url}/page.html`);
        const network = await context.newCDPSession(page);
        await network.send("Network.enable");
        this.pages.set(name, { page, clients, network });
        await page.evaluate((options) => globalThis.chaos.connect(options), { page: name, clients, broken });
      }),
    );
    const isUp = ({ participantIds }) => participantIds.every((id) => this.subscribed.has(id));
    if (!(await within(CONNECT_WITHIN_MS, () => [...this.links.values()].every(isUp)))) {
      throw new Error("Some sessions did not connect before the first fault.");
    }
    // Wait for the last participant.joined events before the judged part begins.
    await sleep(500);
  }

  /** Participants with a socket that is open and subscribed. */
  get subscribed() {
    const open = this.simulator.sockets.filter(({ subscribed }) => subscribed);
    return new Set(open.flatMap(({ participantIds }) => participantIds));
  }

  async act() {
    const { events, says, sends, activeMs } = this.schedule;
    const startedAt = Date.now();
    this.startedAt = startedAt;
    await Promise.all(
      [...this.pages.values()].map(({ page, clients }) => {
        const pageSends = sends
          .map((send) => ({ ...send, key: keyOf(send.chat, send.role) }))
          .filter(({ key }) => clients.some((client) => client.key === key));
        return page.evaluate((sendsToSchedule) => globalThis.chaos.begin(sendsToSchedule), pageSends);
      }),
    );
    const due = [
      ...events.map((event) => ({ at: event.at, run: () => this.#play(event) })),
      ...says.map(({ at, chat }, index) => ({ at, run: () => this.#say(chat, `script ${chat} ${index}`) })),
      ...this.#receipts(activeMs),
    ].sort((a, b) => a.at - b.at);
    for (const { at, run } of due) {
      for (let wait = at - (Date.now() - startedAt); wait > 0; wait = at - (Date.now() - startedAt)) {
        await sleep(Math.min(wait, 20));
        this.faults.watch();
      }
      run();
    }
    this.activeUntil = Date.now();
    await this.faults.restarting;
    this.faults.clear();
  }

  #play(event) {
    this.log.push({ at: Date.now(), ...event });
    if (event.kind === "end") this.script(event.chat).end();
    else this.faults.play(event);
  }

  #say(chat, text) {
    if (!this.script(chat).ended) this.script(chat).say(text);
  }

  /** Schedules read and delivered receipts from the script's agents. */
  #receipts(activeMs) {
    const due = [];
    for (const { id, agentPage, quietFrom } of this.schedule.chats) {
      if (agentPage !== null) continue;
      for (let at = 700, count = 0; at < Math.min(activeMs, quietFrom); at += 1_100, count += 1) {
        due.push({ at, run: () => this.#receipt(id, count % 2 === 0 ? "read" : "delivered") });
      }
    }
    return due;
  }

  #receipt(chat, kind) {
    const script = this.script(chat);
    const lastMessage = script.transcript.findLast(
      (item) => item.Type === "MESSAGE" && item.ParticipantRole === "CUSTOMER" && !item.MessageMetadata,
    );
    if (lastMessage && !script.ended) script.receipt(kind, lastMessage.Id);
  }

  async statuses() {
    const each = [...this.pages.values()].map(({ page }) => page.evaluate(() => globalThis.chaos.statuses()));
    return (await Promise.all(each)).flat();
  }

  /** The messages that every client of the chat must receive. */
  expected(chat) {
    const from = new Date(this.startedAt).toISOString();
    return this.script(chat).transcript.filter(
      (item) => item.Type === "MESSAGE" && item.AbsoluteTime >= from,
    );
  }

  /** Dispatches "online" in all pages, so that no client waits for its backoff. */
  async wake() {
    await Promise.all(
      [...this.pages.values()].map(({ page }) => page.evaluate(() => globalThis.chaos.online())),
    );
  }

  /** Waits until all links are up, all calls have settled and all messages have arrived, or until progress stops. */
  async settle({ wakes }) {
    let wokenAt = 0;
    let before = "";
    let changedAt = Date.now();
    const chatOf = new Map([...this.pages.values()].flatMap(({ clients }) => clients.map((c) => [c.key, c])));
    const startedAt = Date.now();
    let isStuck = false;
    const isSettled = async () => {
      const statuses = await this.statuses();
      const up = this.subscribed;
      const now = JSON.stringify([statuses, [...up].sort()]);
      if (now !== before) changedAt = Date.now();
      before = now;
      const quietFor = Date.now() - changedAt;
      const isOver = ({ key, ended }) => ended > 0 || this.script(chatOf.get(key).chat).ended;
      const isUp = (status) =>
        isOver(status) || status.broken > 0 || up.has(chatOf.get(status.key).details.participantId);
      const hasAll = ({ key, delivered }) => delivered >= this.expected(chatOf.get(key).chat).length;
      if (wakes && !statuses.every(isUp) && Date.now() - wokenAt > WAKE_EVERY_MS) {
        wokenAt = Date.now();
        await this.wake();
      }
      isStuck = quietFor > STUCK_AFTER_MS[wakes ? "woken" : "asleep"];
      if (isStuck) return true;
      if (!statuses.every(isUp) || statuses.some(({ pending }) => pending > 0)) return false;
      return quietFor > (statuses.every((each) => isOver(each) || hasAll(each)) ? 1_500 : QUIET_MS);
    };
    const settled = (await within(SETTLE_WITHIN_MS, isSettled, 250)) && !isStuck;
    return { settled, settleMs: Date.now() - startedAt };
  }

  /** Sends a last message in each chat without faults, and ends the chat. */
  async finish() {
    const open = this.schedule.chats.filter(({ id }) => !this.script(id).ended);
    for (const { id } of open) this.script(id).say(`tail ${id}`);
    await within(TAIL_WITHIN_MS, async () => (await this.incompleteClients()).length === 0);
    for (const { id } of open) this.script(id).end();
    const allEnded = async () => (await this.statuses()).every(({ ended }) => ended > 0);
    await within(ENDS_WITHIN_MS, allEnded);
    await sleep(300);
  }

  /** The clients that haven't received all messages yet. */
  async incompleteClients() {
    const chatOf = new Map(
      [...this.pages.values()].flatMap(({ clients }) => clients.map((c) => [c.key, c.chat])),
    );
    const isIncomplete = ({ key, delivered }) => delivered < this.expected(chatOf.get(key)).length;
    return (await this.statuses()).filter(isIncomplete);
  }

  async records() {
    const each = [...this.pages.values()].map(({ page }) => page.evaluate(() => globalThis.chaos.records()));
    return (await Promise.all(each)).flat();
  }
}

/** Plays the schedule. Returns the service's record (`truth`) and the clients' records. */
export async function play(browser, { bundle, schedule, broken = null, wakes = false }) {
  const simulator = await startSimulator({
    record: true,
    serveFiles: { "/page.html": path("page.html"), "/library.js": bundle, "/chaos": path(".") },
  });
  const context = await browser.newContext();
  try {
    const stage = new Stage(simulator, schedule);
    await stage.open(context, broken);
    await stage.act();
    const settling = await stage.settle({ wakes });
    await stage.finish();
    const clients = await stage.records();
    return {
      ...settling,
      clients,
      uncaught: stage.uncaught,
      log: stage.log,
      truth: {
        startedAt: stage.startedAt,
        activeUntil: stage.activeUntil,
        transcripts: new Map(schedule.chats.map(({ id }) => [id, [...stage.script(id).transcript]])),
        requests: [...simulator.requests],
        traffic: simulator.traffic,
        links: [...stage.links.values()],
      },
    };
  } finally {
    await context.close();
    await simulator.close();
  }
}
