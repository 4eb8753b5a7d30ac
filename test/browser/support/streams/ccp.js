"use strict";

// Does what the real panel and its shared worker do for an agent's page, with Streams' own conduit and socket manager.
// The manager's events are forwarded to the page as the worker forwards them. The test provides the service's data (the
// agent's contacts, tokens, the socket URL) through functions that it exposes in the page.
(() => {
  const { ClientMethods, EventType, WebSocketEvents } = connect;
  const conduit = new connect.Conduit("ccp", null, new connect.WindowIOStream(window, parent));
  const forward =
    (event) =>
    (...data) =>
      conduit.sendDownstream(event, data[0]);

  // The manager accepts only wss: URLs, but the local simulator has no certificate.
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(url, protocols) {
      super(url.replace(/^wss:/, "ws:"), protocols);
    }
  };

  const manager = connect.WebSocketManager.create();
  manager.onInitFailure(forward(WebSocketEvents.INIT_FAILURE));
  manager.onConnectionOpen(forward(WebSocketEvents.CONNECTION_OPEN));
  manager.onConnectionClose(forward(WebSocketEvents.CONNECTION_CLOSE));
  manager.onConnectionGain(forward(WebSocketEvents.CONNECTION_GAIN));
  manager.onConnectionLost(forward(WebSocketEvents.CONNECTION_LOST));
  manager.onSubscriptionUpdate(forward(WebSocketEvents.SUBSCRIPTION_UPDATE));
  manager.onSubscriptionFailure(forward(WebSocketEvents.SUBSCRIPTION_FAILURE));
  manager.onAllMessage(forward(WebSocketEvents.ALL_MESSAGE));
  conduit.onDownstream(WebSocketEvents.SEND, (message) => manager.sendMessage(message));
  conduit.onDownstream(WebSocketEvents.SUBSCRIBE, (topics) => manager.subscribeTopics(topics));

  conduit.onDownstream(EventType.SYNCHRONIZE, () =>
    conduit.sendDownstream(EventType.ACKNOWLEDGE, { id: "ccp" }),
  );
  conduit.onDownstream(EventType.BROADCAST, ({ event, data }) => void window.ccpReceives(event, data));
  conduit.onDownstream(EventType.API_REQUEST, async ({ method, params, requestId }) => {
    const response =
      method === ClientMethods.CREATE_TRANSPORT ? await window.ccpCreatesTransport(params) : {};
    conduit.sendDownstream(EventType.API_RESPONSE, {
      event: EventType.API_RESPONSE,
      requestId,
      err: response === null ? { type: "error" } : null,
      data: response,
    });
  });

  window.ccp = {
    /** The number of successful subscriptions to the chats. */
    subscriptions: 0,
    /** Sends the agent's current contacts to the page. */
    update: (agentData) => conduit.sendDownstream(connect.AgentEvents.UPDATE, agentData),
    /** Opens the socket for all of the agent's chats. */
    openSocket: () => manager.init(async () => ({ webSocketTransport: await window.ccpSignsSocket() })),
    /** Sends an event to the page. */
    emit: (event, data) => conduit.sendDownstream(event, data),
  };
  manager.onSubscriptionUpdate(() => (window.ccp.subscriptions += 1));
  conduit.sendDownstream(EventType.ACKNOWLEDGE, { id: "ccp" });
})();
