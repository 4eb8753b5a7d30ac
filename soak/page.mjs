/* global window, location */
// In the page: one session, whose socket is an object of ours that is fed items as fast as they are taken.

const ITEMS_A_TURN = 500;
/** As a chat would have them, one a second. */
const BEGIN = Date.UTC(2026, 0, 1);

/** A WebSocket whose server is this page: it subscribes, answers beats, and brings what it is fed. */
class FedSocket {
  static latest = null;
  readyState = 0;
  onopen = null;
  onmessage = null;
  onerror = null;
  onclose = null;

  constructor() {
    FedSocket.latest = this;
    setTimeout(() => {
      this.readyState = 1;
      this.onopen?.(new Event("open"));
    });
  }

  send(text) {
    const frame = JSON.parse(text);
    if (frame.topic === "aws/subscribe") frame.content = { ...frame.content, status: "success" };
    if (frame.topic === "aws/ping") Object.assign(frame, { statusCode: 200, statusContent: "OK" });
    setTimeout(() => this.bring(frame));
  }

  close() {
    this.readyState = 3;
    this.onclose?.(new CloseEvent("close", { code: 1000 }));
  }

  bring(frame) {
    this.onmessage?.(new MessageEvent("message", { data: JSON.stringify(frame) }));
  }
}

let told = 0;
let fed = 0;
let contactId = "";
let kept = 0;

window.soak = {
  async connect({ chat, keepsTranscript }) {
    window.WebSocket = FedSocket;
    contactId = chat.ContactId;
    window.connect.ChatSession.setGlobalConfig({ endpoint: location.origin });
    const session = window.connect.ChatSession.create({
      type: "CUSTOMER",
      chatDetails: chat,
      disableCSM: true,
    });
    session.onMessage(() => (told += 1));
    // What the application holds of it is its own: here a number.
    if (keepsTranscript) session.onTranscriptUpdated(({ data }) => (kept = data.transcript.length));
    const established = new Promise((resolve) => session.onConnectionEstablished(resolve));
    await session.connect();
    await established;
  },

  /** Brings so many items more; answers how many were told, and how many the transcript held last. */
  async feed(count) {
    for (const until = fed + count; fed < until;) {
      for (let turn = 0; turn < ITEMS_A_TURN && fed < until; turn += 1) {
        fed += 1;
        const item = {
          Id: `item-${fed}-0000-4000-8000-000000000000`,
          AbsoluteTime: new Date(BEGIN + fed * 1000).toISOString(),
          Type: "MESSAGE",
          ContentType: "text/plain",
          Content: `Message ${fed} of a very long conversation, as long as messages are.`,
          ParticipantId: "agent",
          ParticipantRole: "AGENT",
          DisplayName: "Sam",
          ContactId: contactId,
          InitialContactId: contactId,
        };
        FedSocket.latest.bring({
          topic: "aws/chat",
          contentType: "application/json",
          content: JSON.stringify(item),
        });
      }
      await new Promise((resolve) => setTimeout(resolve));
    }
    return { told, kept };
  },
};
