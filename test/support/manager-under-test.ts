import type { IsNetworkOnline } from "../../src/api/config";
import { PublicManager, SOCKET_LINK } from "../../src/connection/public-manager";
import type { GetWebSocketTransport } from "../../src/connection/manager-events";
import type { SocketLink } from "../../src/connection/socket-link";
import { Logging } from "../../src/observability/logger";
import { FakePlatform, type FakeSocket } from "./fake-platform";

/** How long a socket may stay open: the shortest that is valid. */
export const LIFE_SECONDS = 300;

/** How a socket's details are asked for: what it returns is taken as it is, valid or not. */
type TransportAnswer = () => unknown;

class RecordingPlatform extends FakePlatform {
  /** When each socket was opened. */
  readonly openedAt: number[] = [];

  override openSocket(url: string): FakeSocket {
    this.openedAt.push(this.time);
    return super.openSocket(url);
  }

  /** A manager waits for promises alone, so that no turn of the real event loop is needed: hours pass quickly. */
  override async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
}

export const CHAT_SUBSCRIBED = {
  topic: "aws/subscribe",
  content: { status: "success", topics: ["aws/chat"] },
};

/** A manager on a fake platform, whose server and whose source of URLs are the test. */
export class ManagerUnderTest {
  readonly platform = new RecordingPlatform();
  readonly manager: PublicManager;
  readonly start = this.platform.time;
  /** When a socket's details were asked for. */
  readonly askedAt: number[] = [];
  isNetworkOnline: IsNetworkOnline | null = null;
  /** The events that the manager emitted, in order. */
  readonly emitted: { name: string; payload: unknown }[] = [];
  answer: TransportAnswer = () => this.transport();

  constructor() {
    const logs = new Logging(this.platform);
    logs.updateLoggerConfig({ level: "DEBUG", useDefaultLogger: true });
    this.manager = new PublicManager(this.platform, logs.getLogger(), {
      isNetworkOnline: () => this.isNetworkOnline,
      plainHost: () => null,
    });
    this.manager.subscribeTopics(["aws/chat"]);
  }

  /** Details as the service gives them, each with a URL of its own. */
  transport(fields: Record<string, unknown> = {}): unknown {
    const url = `wss://chat.test/${this.askedAt.length}`;
    return { webSocketTransport: { url, expiry: null, transportLifeTimeInSeconds: LIFE_SECONDS, ...fields } };
  }

  readonly getTransport = (async () => {
    this.askedAt.push(this.platform.time);
    return Promise.resolve(this.answer());
  }) as GetWebSocketTransport;

  /** Records what the manager emits. */
  record(): this {
    const note =
      (name: string) =>
      (...payload: unknown[]): void =>
        void this.emitted.push({ name, payload: payload[0] });
    this.manager.onInitFailure(note("initFailure"));
    this.manager.onConnectionOpen(note("open"));
    this.manager.onConnectionClose(note("close"));
    this.manager.onConnectionGain(note("gain"));
    this.manager.onConnectionLost(note("lost"));
    this.manager.onSubscriptionUpdate(note("subscriptionUpdate"));
    this.manager.onSubscriptionFailure(note("subscriptionFailure"));
    this.manager.onDeepHeartbeatSuccess(note("deepSuccess"));
    this.manager.onDeepHeartbeatFailure(note("deepFailure"));
    this.manager.onTopicFailure(note("topicFailure"));
    this.manager.onAllMessage(note("allMessage"));
    this.manager.onMessage("aws/chat", note("chat"));
    this.link.listen((report) => {
      if (report.kind === "up") note("up")();
      if (report.kind === "lost") note("down")(report.cause);
      if (report.kind === "failed") note("failed")(report.cause);
    });
    return this;
  }

  /** The manager's link, as the sessions on it have it. */
  get link(): SocketLink {
    return this.manager[SOCKET_LINK]();
  }

  /** Whether the link is up: its socket open, and all topics subscribed. */
  get isUp(): boolean {
    return this.link.status?.kind === "up";
  }

  get names(): string[] {
    return this.emitted.map(({ name }) => name);
  }

  payloads(name: string): unknown[] {
    return this.emitted.filter((each) => each.name === name).map(({ payload }) => payload);
  }

  get socket(): FakeSocket {
    return this.platform.socket;
  }

  get sockets(): readonly FakeSocket[] {
    return this.platform.sockets;
  }

  socketAt(index: number): FakeSocket {
    const socket = this.sockets[index];
    if (!socket) throw new Error(`There is no socket ${index}.`);
    return socket;
  }

  async init(): Promise<this> {
    void this.manager.init(this.getTransport);
    await this.platform.settle();
    return this;
  }

  /** The server accepts the newest socket and its subscription. */
  async accept(): Promise<FakeSocket> {
    const { socket } = this;
    socket.open();
    socket.receive(CHAT_SUBSCRIBED);
    await this.platform.settle();
    return socket;
  }

  /** Open and subscribed. */
  async up(): Promise<FakeSocket> {
    await this.init();
    return this.accept();
  }

  /** The server answers a beat on an ageing socket: what it had sent on it before has arrived. */
  drain(socket: FakeSocket): void {
    socket.receive({ topic: "aws/heartbeat" });
  }

  /** Steps the clock while the server answers every beat on every socket, within the 5 s that it has. */
  async advance(ms: number): Promise<void> {
    const until = this.platform.time + ms;
    while (this.platform.time < until) {
      await this.platform.advance(Math.min(4_000, until - this.platform.time));
      for (const socket of this.sockets) {
        if (socket.readyState !== 1) continue;
        socket.receive({ topic: "aws/heartbeat" });
        socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" });
      }
    }
    await this.platform.settle();
  }

  /** Steps the clock until the manager opens another socket. */
  async nextSocket(): Promise<FakeSocket> {
    const { length } = this.sockets;
    for (let steps = 0; this.sockets.length === length; steps += 1) {
      if (steps > 3_000) throw new Error("No socket was opened within five minutes.");
      await this.platform.advance(100);
    }
    return this.socket;
  }

  /** Nothing of the manager is left running on the platform. */
  get leftovers(): { timers: number; listeners: number; openSockets: number } {
    const { pendingTimers: timers, signalListeners: listeners, sockets } = this.platform;
    return { timers, listeners, openSockets: sockets.filter(({ readyState }) => readyState < 2).length };
  }

  get logged(): string[] {
    return this.platform.printed.map(({ method, line }) => `${method} ${line}`);
  }
}

/** A frame of the chat with an item that has this text. */
export const chatFrame = (content: string): Record<string, unknown> => ({
  topic: "aws/chat",
  contentType: "application/json",
  content: JSON.stringify({ Type: "MESSAGE", Id: content, Content: content }),
});
