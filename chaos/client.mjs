/* global window, location */
// Runs in the page. Its sessions send messages and record received ones. It uses only the public API and doesn't know
// what the other side sent.

const TEXT = "text/plain";
const EVENT = "application/vnd.amazonaws.connect.event.";
/** The client sends a receipt for every 12th incoming message. */
const RECEIPT_EVERY = 12;

const call = (command, ...args) => window.simulatorCall(command, args);

/** A client's fields that its record contains unchanged. */
const RECORDED = [
  ...["key", "chat", "role", "participantId", "delivered", "receipts", "sends", "recoveries"],
  ...["eventCounts", "pendingReceipts"],
];

class Client {
  delivered = [];
  receipts = [];
  sends = [];
  recoveries = [];
  eventCounts = { established: 0, lost: 0, broken: 0, ended: 0 };
  transcript = { snapshots: 0, unsorted: 0, duplicates: 0, last: [] };
  pendingReceipts = 0;
  #messages = 0;

  constructor({ key, chat, role, details, keepsTranscript, manager }) {
    Object.assign(this, { key, chat, role });
    this.participantId = details.participantId;
    this.session = window.connect.ChatSession.create({
      type: role,
      chatDetails:
        role === "AGENT"
          ? { ...details, getConnectionToken: () => call("connectionTokenOf", details.participantId) }
          : details,
      disableCSM: true,
      ...(manager && { websocketManager: manager }),
    });
    this.#listen(keepsTranscript);
  }

  #listen(keepsTranscript) {
    const { session, eventCounts } = this;
    session.onMessage(({ data, ...event }) => this.#message(data, event.recovered === true));
    session.onConnectionEstablished(() => (eventCounts.established += 1));
    session.onConnectionLost(() => (eventCounts.lost += 1));
    session.onConnectionBroken(() => (eventCounts.broken += 1));
    session.onEnded(() => (eventCounts.ended += 1));
    const receipt = (kind) => (event) => {
      const {
        MessageId: messageId,
        Receipts: [{ ReadTimestamp, DeliveredTimestamp }],
      } = event.data.MessageMetadata;
      const time = kind === "read" ? ReadTimestamp : DeliveredTimestamp;
      this.receipts.push({ kind, messageId, time, recovered: event.recovered === true, at: Date.now() });
    };
    session.onReadReceipt(receipt("read"));
    session.onDeliveredReceipt(receipt("delivered"));
    session.onMessagesRecovered?.(({ data: { count, complete } }) =>
      this.recoveries.push({ count, complete, at: Date.now() }),
    );
    if (!keepsTranscript) this.transcript = null;
    else session.onTranscriptUpdated?.(({ data }) => this.#transcriptUpdated(data.transcript));
    // Upstream 5.0.0 may not have the event.
    if (typeof session.onTranscriptUpdated !== "function") this.transcript = null;
  }

  #message(item, recovered) {
    if (item.Type !== "MESSAGE") return;
    this.delivered.push({
      id: item.Id,
      time: item.AbsoluteTime,
      text: item.Content,
      recovered,
      at: Date.now(),
    });
    if (item.ParticipantId === this.participantId) return;
    this.#messages += 1;
    if (this.#messages % RECEIPT_EVERY !== 0) return;
    const kind = this.#messages % (2 * RECEIPT_EVERY) === 0 ? "message.read" : "message.delivered";
    this.pendingReceipts += 1;
    const onSettled = () => (this.pendingReceipts -= 1);
    this.session
      .sendEvent({ contentType: EVENT + kind, content: JSON.stringify({ messageId: item.Id }) })
      .then(onSettled, onSettled);
  }

  #transcriptUpdated(items) {
    const { transcript } = this;
    transcript.snapshots += 1;
    const ids = new Set();
    let latest = "";
    let isSorted = true;
    for (const { Id, AbsoluteTime } of items) {
      if (Id && ids.has(Id)) transcript.duplicates += 1;
      ids.add(Id);
      // A pending message doesn't have a time yet, and belongs at the end.
      if (AbsoluteTime ? latest === "sending" || AbsoluteTime < latest : false) isSorted = false;
      latest = AbsoluteTime || "sending";
    }
    if (!isSorted) transcript.unsorted += 1;
    transcript.last = items;
  }

  send() {
    const text = `${this.key} ${this.sends.length}`;
    const send = { text, calledAt: Date.now(), settledAt: null, outcome: null };
    this.sends.push(send);
    const settle = (outcome) => Object.assign(send, outcome, { settledAt: Date.now() });
    try {
      this.session.sendMessage({ message: text, contentType: TEXT }).then(
        (result) => settle({ outcome: "resolved", id: result?.data?.Id }),
        (error) => settle({ outcome: "rejected", error: String(error?.type ?? error?.message ?? error) }),
      );
    } catch (error) {
      settle({ outcome: "rejected", error: String(error) });
    }
  }

  get status() {
    const isPending = ({ outcome }) => outcome === null;
    return {
      key: this.key,
      status: this.session.controller.getConnectionStatus(),
      delivered: new Set(this.delivered.map(({ id }) => id)).size,
      pending: this.sends.filter(isPending).length + this.pendingReceipts,
      ...this.eventCounts,
    };
  }

  get record() {
    const transcript = this.transcript && {
      ...this.transcript,
      last: this.transcript.last.map(({ Id, Type, Content }) => ({ id: Id, type: Type, text: Content })),
    };
    return {
      ...Object.fromEntries(RECORDED.map((name) => [name, this[name]])),
      transcript,
    };
  }
}

/** Breaks the client on purpose, by giving every attempt of a call a new client token. */
function breakTokens() {
  const originalFetch = window.fetch;
  window.fetch = (input, init) => {
    const body = typeof init?.body === "string" ? JSON.parse(init.body) : null;
    if (!body?.ClientToken) return originalFetch(input, init);
    return originalFetch(input, {
      ...init,
      body: JSON.stringify({ ...body, ClientToken: crypto.randomUUID() }),
    });
  };
}

let clients = [];

window.chaos = {
  /** Creates and connects this page's sessions. Agents share one socket. */
  async connect({ page, clients: wanted, broken }) {
    if (broken === "token") breakTokens();
    window.connect.ChatSession.setGlobalConfig({
      endpoint: location.origin,
      ...(broken === "recovery" && { features: { messageRecovery: { enabled: false } } }),
    });
    let manager = null;
    if (wanted.some(({ role }) => role === "AGENT")) {
      manager = window.connect.WebSocketManager.create({});
      await manager.init(async () => ({
        webSocketTransport: { ...(await call("signSocket", page)), transportLifeTimeInSeconds: 300 },
      }));
    }
    clients = wanted.map((each) => new Client({ ...each, manager }));
    await Promise.all(clients.map(({ session }) => session.connect()));
  },

  /** Schedules the messages that the clients send. Times count from now. */
  begin(sends) {
    for (const { at, key, count } of sends) {
      const client = clients.find((each) => each.key === key);
      setTimeout(() => {
        for (let index = 0; index < count; index += 1) client.send();
      }, at);
    }
  },

  online: () => window.dispatchEvent(new Event("online")),
  statuses: () => clients.map(({ status }) => status),
  records: () => clients.map(({ record }) => record),
};
