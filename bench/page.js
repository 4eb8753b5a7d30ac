// Runs in the page before any library. Defines the sockets that the rows need, and one interface to the three subjects:
// our library, upstream, and "bare", the minimum code for a chat.
"use strict";

window.bench = (() => {
  /** Matches the text of a timed message. Each text is unique. */
  const TIMED = /Timed message \d+/;

  // --- sockets -------------------------------------------------------------------------------------------------------

  const scripted = [];

  /** A WebSocket without a network. It answers subscriptions and heartbeats, and `deliver` fires its messages. */
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

  /** When each timed message arrived in the page, by text. */
  const arrivals = new Map();

  /** The browser's own socket, with a first listener that records when timed messages arrive. */
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

  // --- calls ---------------------------------------------------------------------------------------------------------

  const networkFetch = window.fetch.bind(window);

  /** Responds to SendMessage immediately in the page. Other calls use the network. */
  async function scriptedFetch(input, init) {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.endsWith("/participant/message")) return networkFetch(input, init);
    frameCount += 1;
    const body = JSON.stringify({
      Id: `scripted-${frameCount}`,
      AbsoluteTime: new Date(START_MS + frameCount).toISOString(),
    });
    return new Response(body, { headers: { "content-type": "application/json" } });
  }

  function useFetch(kind) {
    if (kind === "scripted") window.fetch = scriptedFetch;
  }

  // --- subjects ------------------------------------------------------------------------------------------------------

  /** The minimum for a chat, which is one socket, one fetch per call, and JSON. */
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

  /** Creates a session and waits until it's established. `prepare(session)` can add handlers first. */
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

  // --- frames --------------------------------------------------------------------------------------------------------

  let frameCount = 0;
  const START_MS = Date.now();

  /** Creates chat frames as the service sends them, for `chats` in turn. */
  function framesFor(chats, count) {
    return Array.from({ length: count }, () => {
      const { contactId, initialContactId = contactId } = chats[frameCount % chats.length];
      frameCount += 1;
      const item = {
        AbsoluteTime: new Date(START_MS + frameCount).toISOString(),
        Content: `This is message number ${frameCount} of the bench, about as long as people write.`,
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

  /** Delivers frames one after another. Resolves with the time from the first frame to the last handler, in ms. */
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

  // --- rows ----------------------------------------------------------------------------------------------------------

  let session = null;
  let frames = [];

  /** Returns a function that parses, compiles and runs a script as a page would, and returns the time in ms. */
  async function load(url, salt) {
    // V8 caches compiled code by source text, so each run needs a different text.
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
    /** Delivers the frames. Resolves with the wall-clock time from the first frame to the last handler, in ms. */
    deliverFrames: () => deliver(frames),
    /** The latencies of the timed messages so far, in ms. */
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
     * Opens a session whose subscriber keeps the complete transcript. With `reads: "each"`, the subscriber reads every
     * event's transcript. With "last", it keeps the last event, and reads that event's transcript when it draws. For a
     * subject without onTranscriptUpdated, the application maintains the list itself: "each" copies the list for each
     * message, like React state, and "last" appends to the list.
     */
    async openWithTranscript(subject, endpoint, chat, reads) {
      let held = [];
      let lastEvent = null;
      window.bench.heldItems = () => (lastEvent ? lastEvent.data.transcript : held).length;
      let hasTranscript = false;
      await open(subject, endpoint, chat, (each) => {
        hasTranscript = typeof each.onTranscriptUpdated === "function";
        if (hasTranscript) {
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
      return hasTranscript;
    },
    /** Opens chats that share one of the library's WebSocket managers. */
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
