// A customer's page. The library's script tag adds the global `connect`.
"use strict";

const find = (id) => document.getElementById(id);
const TYPING = "application/vnd.amazonaws.connect.event.typing";
const READ = "application/vnd.amazonaws.connect.event.message.read";
const TYPING_SHOWN_MS = 11_000;
const STATES = {
  idle: "Not started",
  connecting: "Connecting…",
  connected: "Connected",
  reconnecting: "Connection lost, reconnecting…",
  broken: "Disconnected",
  ended: "The chat has ended",
};
const STATUS = {
  SENDING: "Sending…",
  SENT: "Sent",
  DELIVERED: "Delivered",
  READ: "Read",
  FAILED: "Not sent",
};
const LINES = {
  "participant.joined": "joined",
  "participant.left": "left",
};

let session;
let typingTimer;
let lastRead;

// The simulator that serves this page stands in for the service. For a real instance, omit `endpoint`.
const simulator = new URL("../..", location.href).href;
connect.ChatSession.setGlobalConfig({ region: "us-west-2", endpoint: simulator });

/** Starts a chat. In production, your backend calls StartChatContact. The simulator includes such a backend. */
async function startChatContact() {
  const response = await fetch(`${simulator}start-chat`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ParticipantDetails: { DisplayName: "Alex" } }),
  });
  if (!response.ok) throw new Error(`The chat couldn't be started (${response.status}).`);
  return response.json();
}

async function start() {
  find("start").disabled = true;
  showError();
  try {
    session = connect.ChatSession.create({
      type: "CUSTOMER",
      chatDetails: await startChatContact(),
      disableCSM: true,
    });
    session.onConnectionStateChanged(({ data }) => showState(data.newState));
    session.onTranscriptUpdated(({ data }) => showTranscript(data.transcript));
    session.onTyping(({ data }) => showTyping(data));
    session.onEnded(() => showState("ended"));
    await session.connect();
    find("begin").hidden = true;
    find("text").focus();
  } catch (error) {
    showError(error.message);
  } finally {
    find("start").disabled = false;
  }
}

function showState(state) {
  find("status").dataset.state = state;
  find("status").textContent = STATES[state];
  // Messages are sent over HTTPS, so the user can send them even while the socket is down.
  const canSend = state === "connected" || state === "reconnecting";
  find("text").disabled = find("send").disabled = !canSend;
  find("end").hidden = !canSend;
  if (state === "ended") {
    find("typing").textContent = "";
    find("begin").hidden = false;
    find("begin").classList.add("again");
    find("start").textContent = "Start a new chat";
  }
}

/** Renders the complete transcript. The items are sorted, and outgoing messages have a status. */
function showTranscript(items) {
  const me = session.getChatDetails().participantId;
  const rows = items.map((item) => rowOf(item, me)).filter((row) => row !== undefined);
  find("messages").replaceChildren(...rows);
  find("log").scrollTop = find("log").scrollHeight;
  const newest = items.findLast((item) => item.Type === "MESSAGE" && item.ParticipantRole !== "CUSTOMER");
  if (newest && newest.Id !== lastRead && document.hasFocus()) sendReadReceipt(newest.Id);
}

function rowOf(item, me) {
  const row = document.createElement("li");
  if (item.Type === "EVENT") {
    const line = LINES[item.ContentType.split(".event.")[1]];
    if (!line) return undefined;
    row.className = "chat-line";
    row.textContent = `${item.DisplayName ?? item.ParticipantRole} ${line}`;
    return row;
  }
  if (item.Type !== "MESSAGE") return undefined;
  const outgoing = item.ParticipantId === me || item.ParticipantRole === "CUSTOMER";
  const status = item.MessageMetadata?.Status;
  row.className = outgoing ? "message own" : "message";
  const text = document.createElement("p");
  text.dir = "auto";
  text.textContent = item.Content;
  const note = document.createElement("small");
  note.textContent = outgoing ? (STATUS[status] ?? "Sent") : (item.DisplayName ?? "Agent");
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

function showTyping({ ParticipantId, DisplayName }) {
  if (ParticipantId === session.getChatDetails().participantId) return;
  find("typing").textContent = `${DisplayName ?? "The agent"} is typing…`;
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => (find("typing").textContent = ""), TYPING_SHOWN_MS);
}

function sendReadReceipt(messageId) {
  lastRead = messageId;
  find("typing").textContent = "";
  logRejection(session.sendEvent({ contentType: READ, content: JSON.stringify({ messageId }) }));
}

/** Logs a call's rejection. The transcript already shows failed messages. */
function logRejection(promise) {
  promise.catch((error) => console.info(error.message));
}

function showError(text = "") {
  find("error").textContent = text;
  find("error").hidden = text === "";
}

find("start").addEventListener("click", start);
find("end").addEventListener("click", async () => {
  try {
    await session.disconnectParticipant();
  } catch (error) {
    showError(error.message);
  }
});
find("text").addEventListener("input", () => logRejection(session.sendEvent({ contentType: TYPING })));
find("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const message = find("text").value.trim();
  if (message === "") return;
  find("text").value = "";
  logRejection(session.sendMessage({ contentType: "text/plain", message }));
});
