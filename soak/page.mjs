/* global window, location */
// Runs in the page. It has one session on a fake socket, which delivers items as fast as the session handles them.

const ITEMS_PER_TURN = 500;
/** The time of the first item. As in a real chat, items are a second apart. */
const START_MS = Date.UTC(2026, 0, 1);

/** A WebSocket without a server. It confirms subscriptions, answers heartbeats and delivers frames. */
class FakeSocket {
  static latest = null;
  readyState = 0;
  onopen = null;
  onmessage = null;
  onerror = null;
  onclose = null;

  constructor() {
    FakeSocket.latest = this;
    setTimeout(() => {
      this.readyState = 1;
      this.onopen?.(new Event("open"));
    });
  }

  send(text) {
    const frame = JSON.parse(text);
    if (frame.topic === "aws/subscribe") frame.content = { ...frame.content, status: "success" };
    if (frame.topic === "aws/ping") Object.assign(frame, { statusCode: 200, statusContent: "OK" });
    setTimeout(() => this.deliver(frame));
  }

  close() {
    this.readyState = 3;
    this.onclose?.(new CloseEvent("close", { code: 1000 }));
  }

  deliver(frame) {
    this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }
}

let received = 0;
let fed = 0;
let contactId = "";
let transcriptLength = 0;

window.soak = {
  async connect({ chat, keepsTranscript }) {
    window.WebSocket = FakeSocket;
    contactId = chat.ContactId;
    window.connect.ChatSession.setGlobalConfig({ endpoint: location.origin });
    const session = window.connect.ChatSession.create({
      type: "CUSTOMER",
      chatDetails: chat,
      disableCSM: true,
    });
    session.onMessage(() => (received += 1));
    // Keep only the length, so that the page itself doesn't hold items.
    if (keepsTranscript)
      session.onTranscriptUpdated(({ data }) => (transcriptLength = data.transcript.length));
    const established = new Promise((resolve) => session.onConnectionEstablished(resolve));
    await session.connect();
    await established;
  },

  /**
   * Delivers `count` more items. Returns the total number that reached onMessage, and the transcript's latest length.
   */
  async feed(count) {
    for (const until = fed + count; fed < until;) {
      for (let turn = 0; turn < ITEMS_PER_TURN && fed < until; turn += 1) {
        fed += 1;
        const item = {
          Id: `item-${fed}-0000-4000-8000-000000000000`,
          AbsoluteTime: new Date(START_MS + fed * 1000).toISOString(),
          Type: "MESSAGE",
          ContentType: "text/plain",
          Content: `Message ${fed} of a very long conversation, as long as messages are.`,
          ParticipantId: "agent",
          ParticipantRole: "AGENT",
          DisplayName: "Sam",
          ContactId: contactId,
          InitialContactId: contactId,
        };
        FakeSocket.latest.deliver({
          topic: "aws/chat",
          contentType: "application/json",
          content: JSON.stringify(item),
        });
      }
      await new Promise((resolve) => setTimeout(resolve));
    }
    return { received, transcriptLength };
  },
};
