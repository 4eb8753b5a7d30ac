// In the page, before any library: the sockets that a row needs, and one way to drive ours, upstream and the bare floor.
"use strict";

window.bench = (() => {
  /** The text of a message that is timed: no two are the same. */
  const TIMED = /Timed message \d+/;

  // --- sockets ---------------------------------------------------------------------------------------------------------

  const scripted = [];

  /** A WebSocket without a wire: it answers subscriptions and beats, and `deliver` hands it frames. */
  class ScriptedSocket extends EventTarget {
    static CONNECTING = 0;
    static OPEN = 1;
    static CLOSING = 2;
    static CLOSED = 3;
    readyState = 0;
    binaryType = "blob";
    bufferedAmount = 0;
    onopen = null;
    onmessage = null;
    onerror = null;
    onclose = null;
    #listens = false;

    constructor(url) {
      super();
      this.url = String(url);
      scripted.push(this);
      setTimeout(() => {
        this.readyState = 1;
        this.fire("open", new Event("open"));
      }, 0);
    }

    addEventListener(...args) {
      this.#listens = true;
      super.addEventListener(...args);
    }

    fire(type, event) {
      this[`on${type}`]?.(event);
      if (this.#listens) this.dispatchEvent(event);
    }

    send(text) {
      const { topic, content } = JSON.parse(text);
      const answers = {
        "aws/subscribe": () => ({ topic, content: { status: "success", topics: content.topics } }),
        "aws/heartbeat": () => ({ topic }),
        "aws/ping": () => ({ topic, statusCode: 200, statusContent: "OK" }),
      };
      const answer = answers[topic]?.();
      if (answer)
        setTimeout(() => this.fire("message", new MessageEvent("message", { data: JSON.stringify(answer) })));
    }

    close() {
      this.readyState = 3;
      scripted.splice(scripted.indexOf(this), 1);
      setTimeout(() => this.fire("close", new Event("close")), 0);
    }
  }

  /** When each timed message came to the page, by its text. */
  const arrivals = new Map();

  /** The browser's own socket; the first listener of each notes when a timed message arrives. */
  class NotedSocket extends WebSocket {
    constructor(...args) {
      super(...args);
      super.addEventListener("message", ({ data }) => {
        const text = TIMED.exec(data)?.[0];
        if (text !== undefined) arrivals.set(text, performance.now());
      });
    }
  }

  function useSockets(kind) {
    if (kind === "scripted") window.WebSocket = ScriptedSocket;
    if (kind === "noted") window.WebSocket = NotedSocket;
  }

  // --- calls -----------------------------------------------------------------------------------------------------------

  const wireFetch = window.fetch.bind(window);

  /** SendMessage is answered in the page, at once; the other calls go over the wire. */
  async function scriptedFetch(input, init) {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.endsWith("/participant/message")) return wireFetch(input, init);
    made += 1;
    const body = JSON.stringify({
      Id: `scripted-${made}`,
      AbsoluteTime: new Date(START_MS + made).toISOString(),
    });
    return new Response(body, { headers: { "content-type": "application/json" } });
  }

  function useFetch(kind) {
    if (kind === "scripted") window.fetch = scriptedFetch;
  }

  // --- subjects --------------------------------------------------------------------------------------------------------

  /** The least that a chat needs: one socket, one fetch a call, and JSON. */
  async function openBare(endpoint, { participantToken }) {
    const call = async (path, bearer, body) => {
      const response = await fetch(endpoint + path, {
        method: "POST",
        headers: { "x-amz-bearer": bearer, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      return response.json();
    };
    const { Websocket, ConnectionCredentials } = await call("/participant/connection", participantToken, {
      Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"],
    });
    const socket = new window.WebSocket(Websocket.Url);
    const handlers = [];
    const subscribed = new Promise((resolve) => {
      socket.onmessage = ({ data }) => {
        const { topic, content } = JSON.parse(data);
        if (topic === "aws/subscribe") resolve();
        if (topic !== "aws/chat") return;
        const item = JSON.parse(content);
        for (const handler of handlers) handler({ data: item });
      };
    });
    await new Promise((resolve) => (socket.onopen = resolve));
    socket.send('{"topic":"aws/subscribe","content":{"topics":["aws/chat"]}}');
    await subscribed;
    return {
      onMessage: (handler) => handlers.push(handler),
      sendMessage: ({ message, contentType }) =>
        call("/participant/message", ConnectionCredentials.ConnectionToken, {
          Content: message,
          ContentType: contentType,
          ClientToken: crypto.randomUUID(),
        }),
    };
  }

  let handled = 0;
  let onHandled = null;
  const countOne = () => {
    handled += 1;
    onHandled?.();
  };

  /** A session, connected and established; `prepare(session)` may add handlers before. */
  async function open(subject, endpoint, chat, prepare) {
    if (subject === "bare") {
      const session = await openBare(endpoint, chat);
      prepare?.(session);
      return session;
    }
    window.connect.ChatSession.setGlobalConfig({ endpoint });
    const { type = "CUSTOMER", manager, ...chatDetails } = chat;
    const session = window.connect.ChatSession.create({
      chatDetails,
      type,
      disableCSM: true,
      ...(manager && { websocketManager: manager }),
    });
    const established = new Promise((resolve) => session.onConnectionEstablished(resolve));
    prepare?.(session);
    const { connectSuccess } = await session.connect();
    if (!connectSuccess) throw new Error("connect() did not succeed.");
    await established;
    return session;
  }

  // --- frames ----------------------------------------------------------------------------------------------------------

  let made = 0;
  const START_MS = Date.now();

  /** Chat frames as the service sends them, ready to be handed over; `chats` get them in turn. */
  function framesFor(chats, count) {
    return Array.from({ length: count }, () => {
      const { contactId, initialContactId = contactId } = chats[made % chats.length];
      made += 1;
      const item = {
        AbsoluteTime: new Date(START_MS + made).toISOString(),
        Content: `This is message number ${made} of the bench, about as long as people write.`,
        ContentType: "text/plain",
        Id: crypto.randomUUID(),
        Type: "MESSAGE",
        ParticipantId: "11111111-2222-4333-8444-555555555555",
        DisplayName: "Agent",
        ParticipantRole: "AGENT",
        InitialContactId: initialContactId,
        ContactId: contactId,
      };
      const frame = { content: JSON.stringify(item), contentType: "application/json", topic: "aws/chat" };
      return new MessageEvent("message", { data: JSON.stringify(frame) });
    });
  }

  /** Hands frames to the socket, one after the other; resolves with the time from the first to the last handler, in ms. */
  function deliver(frames) {
    const [socket] = scripted;
    return new Promise((resolve) => {
      const expected = handled + frames.length;
      let startedAt = 0;
      onHandled = () => {
        if (handled < expected) return;
        onHandled = null;
        resolve(performance.now() - startedAt);
      };
      startedAt = performance.now();
      for (const frame of frames) socket.fire("message", frame);
    });
  }

  // --- rows ------------------------------------------------------------------------------------------------------------

  let session = null;
  let frames = [];

  /** Runs a script's text as a page would: parse, compile and run, in ms. */
  async function load(url, salt) {
    // V8 keeps what it compiled by the text: another text each time.
    const text = `${await (await fetch(url)).text()}\n//${salt}`;
    return () => {
      const script = document.createElement("script");
      script.textContent = text;
      const startedAt = performance.now();
      document.head.append(script);
      return performance.now() - startedAt;
    };
  }

  return {
    useSockets,
    useFetch,
    async prepareLoad(url, salt) {
      window.runLoad = await load(url, salt);
    },
    async open(subject, endpoint, chat) {
      session = await open(subject, endpoint, chat, (each) => each.onMessage(countOne));
    },
    async send(count) {
      for (let n = 0; n < count; n += 1) {
        await session.sendMessage({ message: `Message ${n} of the bench.`, contentType: "text/plain" });
      }
    },
    makeFrames(chats, count) {
      frames = framesFor(chats, count);
    },
    /** Hands them over; resolves with the time from the first to the last handler by the clock, in ms. */
    deliverFrames: () => deliver(frames),
    /** Latencies of `count` frames that come over the wire, in ms. */
    latencies: null,
    async openForLatency(subject, endpoint, chat) {
      arrivals.clear();
      const latencies = [];
      window.bench.latencies = latencies;
      await open(subject, endpoint, chat, (each) =>
        each.onMessage(({ data }) => {
          const arrivedAt = arrivals.get(data.Content);
          if (arrivedAt !== undefined) latencies.push(performance.now() - arrivedAt);
        }),
      );
    },
    /**
     * As `inbound`, while a subscriber holds the whole transcript. `reads`: "each" looks at every event's transcript,
     * "last" keeps the event and looks when it draws. A library without onTranscriptUpdated leaves the list to the
     * application, which then copies and appends, as a React state would.
     */
    async openWithTranscript(subject, endpoint, chat, reads) {
      let held = [];
      let lastEvent = null;
      window.bench.heldItems = () => (lastEvent ? lastEvent.data.transcript : held).length;
      let has = false;
      await open(subject, endpoint, chat, (each) => {
        has = typeof each.onTranscriptUpdated === "function";
        if (has) {
          each.onTranscriptUpdated((event) => {
            if (reads === "each") held = event.data.transcript;
            else lastEvent = event;
            countOne();
          });
        } else {
          each.onMessage(({ data }) => {
            held = reads === "each" ? [...held, data] : (held.push(data), held);
            countOne();
          });
        }
      });
      return has;
    },
    /** Chats that share one manager of the library's own. */
    async openShared(endpoint, agents) {
      const manager = window.connect.WebSocketManager.create({});
      const opened = new Promise((resolve) => manager.onConnectionGain(resolve));
      manager.init(() =>
        Promise.resolve({
          webSocketTransport: {
            url: "ws://127.0.0.1:1/shared",
            expiry: new Date(Date.now() + 3_600_000).toISOString(),
            transportLifeTimeInSeconds: 3_600,
          },
        }),
      );
      await opened;
      for (const {
        connectionToken,
        connectionTokenExpiry,
        contactId,
        initialContactId,
        participantId,
      } of agents) {
        await open(
          "library",
          endpoint,
          {
            type: "AGENT",
            manager,
            contactId,
            initialContactId,
            participantId,
            participantToken: null,
            getConnectionToken: () =>
              Promise.resolve({
                chatTokenTransport: { participantToken: connectionToken, expiry: connectionTokenExpiry },
              }),
          },
          (each) => each.onMessage(countOne),
        );
      }
    },
  };
})();
