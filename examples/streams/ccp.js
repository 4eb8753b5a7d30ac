// Stands in for the real panel and its shared worker on an agent's page. This code uses the same parts of Streams: a
// conduit to the page, and a socket manager. Like the worker, it forwards the manager's events to the page. The
// simulator provides the chat.
"use strict";

const find = (id) => document.getElementById(id);
const { ClientMethods, EventType, WebSocketEvents } = connect;
const ARN = "arn:aws:connect:us-west-2:1:instance/1";
const conduit = new connect.Conduit("ccp", null, new connect.WindowIOStream(window, parent));

async function post(path, body, bearer) {
  const headers = { "Content-Type": "application/json", ...(bearer && { "X-Amz-Bearer": bearer }) };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${path} responded with ${response.status}.`);
  return response.json();
}

// The manager accepts only wss: URLs. If the page is served over http:, the simulator accepts only ws: URLs.
const SOCKET_SCHEME = location.protocol === "https:" ? "wss:" : "ws:";
const NativeWebSocket = window.WebSocket;
window.WebSocket = class extends NativeWebSocket {
  constructor(url, protocols) {
    super(url.replace(/^wss:/, SOCKET_SCHEME), protocols);
  }
};

const manager = connect.WebSocketManager.create();
const forwardedEvents = {
  onInitFailure: WebSocketEvents.INIT_FAILURE,
  onConnectionOpen: WebSocketEvents.CONNECTION_OPEN,
  onConnectionClose: WebSocketEvents.CONNECTION_CLOSE,
  onConnectionGain: WebSocketEvents.CONNECTION_GAIN,
  onConnectionLost: WebSocketEvents.CONNECTION_LOST,
  onSubscriptionUpdate: WebSocketEvents.SUBSCRIPTION_UPDATE,
  onSubscriptionFailure: WebSocketEvents.SUBSCRIPTION_FAILURE,
  onAllMessage: WebSocketEvents.ALL_MESSAGE,
};
for (const [method, event] of Object.entries(forwardedEvents)) {
  manager[method]((data) => conduit.sendDownstream(event, data));
}
conduit.onDownstream(WebSocketEvents.SEND, (frame) => manager.sendMessage(frame));
conduit.onDownstream(WebSocketEvents.SUBSCRIBE, (topics) => manager.subscribeTopics(topics));
conduit.onDownstream(EventType.SYNCHRONIZE, acknowledge);
conduit.onDownstream(EventType.API_REQUEST, async ({ method, requestId }) => {
  const isToken = method === ClientMethods.CREATE_TRANSPORT;
  const data = isToken ? await connectionToken() : {};
  conduit.sendDownstream(EventType.API_RESPONSE, {
    event: EventType.API_RESPONSE,
    requestId,
    err: null,
    data,
  });
});

let agent;
let contacts = [];
let customerToken;

/** Replies to the page's SYNCHRONIZE with the agent and with the contact, if there is one. */
function acknowledge() {
  conduit.sendDownstream(EventType.ACKNOWLEDGE, { id: "ccp" });
  conduit.sendDownstream(connect.AgentEvents.UPDATE, agentData(contacts));
  find("accept").disabled = contacts.length > 0;
}

const connectionToken = () =>
  post(
    "/agent/connection-token",
    { ContactId: agent.contactId, ParticipantId: agent.participantId },
    agent.participantToken,
  );

/** Starts a customer's chat and accepts it as the agent. */
async function accept() {
  find("accept").disabled = true;
  const customer = await post("/start-chat", { ParticipantDetails: { DisplayName: "Alex" } });
  const { ConnectionCredentials } = await post(
    "/participant/connection",
    { Type: ["CONNECTION_CREDENTIALS"], ConnectParticipant: true },
    customer.ParticipantToken,
  );
  customerToken = ConnectionCredentials.ConnectionToken;
  agent = await post("/join-agent", { ContactId: customer.ContactId, DisplayName: "Sam" });
  await manager.init(async () => {
    const { Websocket } = await post(
      "/participant/connection",
      { Type: ["WEBSOCKET"] },
      agent.participantToken,
    );
    return {
      webSocketTransport: {
        url: Websocket.Url.replace(/^ws:/, "wss:"),
        expiry: Websocket.ConnectionExpiry,
        transportLifeTimeInSeconds: 3540,
      },
    };
  });
  await say("Hello, I have a question about my order.");
  contacts = [contactOf(agent)];
  conduit.sendDownstream(connect.AgentEvents.UPDATE, agentData(contacts));
  find("note").textContent = "Chat accepted.";
  find("customer").hidden = false;
}

const say = (text) =>
  post(
    "/participant/message",
    { Content: text, ContentType: "text/plain", ClientToken: crypto.randomUUID() },
    customerToken,
  );

function contactOf({ contactId, initialContactId, participantId, participantToken }) {
  const state = { type: "connected", timestamp: new Date().toISOString() };
  const connectionData = JSON.stringify({ ConnectionAuthenticationToken: participantToken });
  return {
    contactId,
    initialContactId,
    type: "chat",
    state,
    connections: [
      { connectionId: "customer", type: "inbound", initial: true, state },
      { connectionId: participantId, type: "agent", state, chatMediaInfo: { connectionData } },
    ],
  };
}

function agentData(agentContacts) {
  return {
    configuration: {
      agentARN: `${ARN}/agent/1`,
      routingProfile: { queues: [], routingProfileId: `${ARN}/routing-profile/1` },
    },
    snapshot: { state: { name: "Available", type: "routable" }, contacts: agentContacts },
  };
}

const showError = (error) => (find("note").textContent = error.message);
find("accept").addEventListener("click", () => accept().catch(showError));
find("customer").addEventListener("submit", (event) => {
  event.preventDefault();
  say(find("message").value).then(() => (find("message").value = ""), showError);
});
acknowledge();
