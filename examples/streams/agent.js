// An agent's page. Streams creates the session, and the page shows the chat.
"use strict";

const find = (id) => document.getElementById(id);
const EVENT = "application/vnd.amazonaws.connect.event.";
const TYPING_SHOWN_MS = 11_000;
const STATES = {
  idle: "Waiting for a contact",
  connecting: "Connecting…",
  connected: "Connected",
  reconnecting: "Connection lost, reconnecting…",
  broken: "Disconnected",
  ended: "The chat has ended",
};
const LINES = { "participant.joined": "joined", "participant.left": "left" };

let session;
let typingTimer;
let lastRead;

// The simulator stands in for the service. For a real instance, omit this call, because Streams sets the region.
connect.ChatSession.setGlobalConfig({ endpoint: location.origin });

connect.core.initCCP(find("ccp"), {
  // Your URL is https://YOUR-INSTANCE.my.connect.aws/ccp-v2. This stand-in plays both the panel and the customer.
  ccpUrl: new URL("ccp.html", location.href).href,
  chat: {},
  // For a real instance, omit `provider`, because the real panel replies to Streams' requests about a contact.
  provider: { id: "stand-in", getProxy: () => ({ request: async () => ({ region: "us-west-2" }) }) },
});

connect.contact((contact) => {
  if (contact.getType() !== connect.ContactType.CHAT) return;
  contact.onConnected(() => show(contact).catch((error) => showError(error.message)));
});

async function show(contact) {
  session = await contact.getAgentConnection().getMediaController();
  // These handlers receive every event that connect() causes, because the events fire in a later task.
  session.onConnectionStateChanged(({ data }) => showState(data.newState));
  session.onTranscriptUpdated(({ data }) => showTranscript(data.transcript));
  session.onTyping(({ data }) => data.ParticipantRole === "CUSTOMER" && showTyping(data.DisplayName));
  session.onEnded(() => showState("ended"));
  showState(session.connectionState);
  find("chat-title").textContent = "Chat with a customer";
}

function showState(state) {
  find("status").dataset.state = state;
  find("status").textContent = STATES[state];
  find("text").disabled = find("send").disabled = state !== "connected" && state !== "reconnecting";
}

function showTranscript(items) {
  const rows = items.map(rowOf).filter((row) => row !== undefined);
  find("messages").replaceChildren(...rows);
  find("log").scrollTop = find("log").scrollHeight;
  const newest = items.findLast((item) => item.Type === "MESSAGE" && item.ParticipantRole === "CUSTOMER");
  if (!newest || newest.Id === lastRead) return;
  lastRead = newest.Id;
  showTyping();
  const content = JSON.stringify({ messageId: newest.Id });
  logRejection(session.sendEvent({ contentType: `${EVENT}message.read`, content }));
}

function rowOf(item) {
  const row = document.createElement("li");
  if (item.Type === "EVENT") {
    const line = LINES[item.ContentType.replace(EVENT, "")];
    if (!line) return undefined;
    row.className = "chat-line";
    row.textContent = `${item.DisplayName ?? item.ParticipantRole} ${line}`;
    return row;
  }
  if (item.Type !== "MESSAGE") return undefined;
  const outgoing = item.ParticipantRole === "AGENT";
  row.className = outgoing ? "message own" : "message";
  const text = document.createElement("p");
  text.dir = "auto";
  text.textContent = item.Content;
  const note = document.createElement("small");
  const status = item.MessageMetadata?.Status ?? "SENT";
  note.textContent = outgoing
    ? status.charAt(0) + status.slice(1).toLowerCase()
    : (item.DisplayName ?? "Customer");
  row.append(text, note);
  if (status === "FAILED") {
    row.classList.add("failed");
    const again = document.createElement("button");
    again.className = "again";
    again.type = "button";
    again.textContent = "Try again";
    again.addEventListener("click", () => logRejection(session.resendMessage(item.Id)));
    note.append(" ", again);
  }
  return row;
}

function showTyping(name) {
  clearTimeout(typingTimer);
  find("typing").textContent = name ? `${name} is typing…` : "";
  if (name) typingTimer = setTimeout(showTyping, TYPING_SHOWN_MS);
}

/** Logs a call's rejection. The transcript already shows failed messages. */
function logRejection(promise) {
  promise.catch((error) => console.info(error.message));
}

function showError(text) {
  find("error").textContent = text;
  find("error").hidden = false;
}

find("text").addEventListener("input", () =>
  logRejection(session.sendEvent({ contentType: `${EVENT}typing` })),
);
find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const message = find("text").value.trim();
  if (message === "") return;
  find("text").value = "";
  logRejection(session.sendMessage({ contentType: "text/plain", message }));
});
