"use strict";

// What the real panel and its shared worker do for an agent's page, with Streams' own parts: its conduit to the page and
// its socket manager, whose events are passed on as the worker passes them. What the service would know (the agent's
// contacts, tokens, the socket's URL) the test gives, by functions that it has put into the page.
(() => {
  const { ClientMethods, EventType, WebSocketEvents } = connect;
  const conduit = new connect.Conduit("ccp", null, new connect.WindowIOStream(window, parent));
  const tell =
    (event) =>
    (...data) =>
      conduit.sendDownstream(event, data[0]);

  // The manager accepts encrypted sockets only; on one's own machine there is no certificate.
  const Plain = window.WebSocket;
  window.WebSocket = class extends Plain {
    constructor(url, protocols) {
      super(url.replace(/^wss:/, "ws:"), protocols);
    }
  };

  const manager = connect.WebSocketManager.create();
  manager.onInitFailure(tell(WebSocketEvents.INIT_FAILURE));
  manager.onConnectionOpen(tell(WebSocketEvents.CONNECTION_OPEN));
  manager.onConnectionClose(tell(WebSocketEvents.CONNECTION_CLOSE));
  manager.onConnectionGain(tell(WebSocketEvents.CONNECTION_GAIN));
  manager.onConnectionLost(tell(WebSocketEvents.CONNECTION_LOST));
  manager.onSubscriptionUpdate(tell(WebSocketEvents.SUBSCRIPTION_UPDATE));
  manager.onSubscriptionFailure(tell(WebSocketEvents.SUBSCRIPTION_FAILURE));
  manager.onAllMessage(tell(WebSocketEvents.ALL_MESSAGE));
  conduit.onDownstream(WebSocketEvents.SEND, (message) => manager.sendMessage(message));
  conduit.onDownstream(WebSocketEvents.SUBSCRIBE, (topics) => manager.subscribeTopics(topics));

  conduit.onDownstream(EventType.SYNCHRONIZE, () =>
    conduit.sendDownstream(EventType.ACKNOWLEDGE, { id: "ccp" }),
  );
  conduit.onDownstream(EventType.BROADCAST, ({ event, data }) => void window.ccpHears(event, data));
  conduit.onDownstream(EventType.API_REQUEST, async ({ method, params, requestId }) => {
    const answer = method === ClientMethods.CREATE_TRANSPORT ? await window.ccpCreatesTransport(params) : {};
    conduit.sendDownstream(EventType.API_RESPONSE, {
      event: EventType.API_RESPONSE,
      requestId,
      err: answer === null ? { type: "error" } : null,
      data: answer,
    });
  });

  window.ccp = {
    /** How often a socket's subscription to the chats has succeeded. */
    subscriptions: 0,
    /** The agent's contacts are these now. */
    update: (agentData) => conduit.sendDownstream(connect.AgentEvents.UPDATE, agentData),
    /** Opens the one socket of the agent's chats. */
    openSocket: () => manager.init(async () => ({ webSocketTransport: await window.ccpSignsSocket() })),
    /** The panel tells the page an event, as it comes. */
    tell: (event, data) => conduit.sendDownstream(event, data),
  };
  manager.onSubscriptionUpdate(() => (window.ccp.subscriptions += 1));
  conduit.sendDownstream(EventType.ACKNOWLEDGE, { id: "ccp" });
})();
