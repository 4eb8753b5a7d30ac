import type { NetworkOnlineCheck } from "../../src/api/config";
import { PublicManager, SOCKET_LINK } from "../../src/connection/public-manager";
import type { GetWebSocketTransport } from "../../src/connection/manager-events";
import type { SocketLink } from "../../src/connection/socket-link";
import { Logging } from "../../src/observability/logger";
import { FakePlatform, type FakeSocket } from "./fake-platform";

/** How long a socket may stay open: the shortest valid lifetime. */
export const LIFETIME_SECONDS = 300;

/** Returns a socket's transport details, which may be invalid. */
type TransportResponder = () => unknown;

class RecordingPlatform extends FakePlatform {
  /** When each socket was opened. */
  readonly openedAt: number[] = [];

  override openSocket(url: string): FakeSocket {
    this.openedAt.push(this.time);
    return super.openSocket(url);
  }

  /**
   * The manager only awaits promises, so settling needs no turn of the real event loop, and simulated hours pass fast.
   */
  override async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
}

export const CHAT_SUBSCRIBED = {
  topic: "aws/subscribe",
  content: { status: "success", topics: ["aws/chat"] },
};

/** A manager on a fake platform. The test acts as its server and provides its URLs. */
export class ManagerUnderTest {
  readonly platform = new RecordingPlatform();
  readonly manager: PublicManager;
  readonly start = this.platform.time;
  /** When each transport request was made. */
  readonly requestedAt: number[] = [];
  isNetworkOnline: NetworkOnlineCheck | null = null;
  /** The events that the manager emitted, in order. */
  readonly emitted: { name: string; payload: unknown }[] = [];
  respond: TransportResponder = () => this.transport();

  constructor() {
    const logs = new Logging(this.platform);
    logs.updateLoggerConfig({ level: "DEBUG", useDefaultLogger: true });
    this.manager = new PublicManager(this.platform, logs.getLogger(), {
      isNetworkOnline: () => this.isNetworkOnline,
      unencryptedHost: () => null,
    });
    this.manager.subscribeTopics(["aws/chat"]);
  }

  /** Transport details as the service returns them, with a new URL each time. */
  transport(fields: Record<string, unknown> = {}): unknown {
    const url = `wss://chat.test/${this.requestedAt.length}`;
    return {
      webSocketTransport: { url, expiry: null, transportLifeTimeInSeconds: LIFETIME_SECONDS, ...fields },
    };
  }

  readonly getTransport = (async () => {
    this.requestedAt.push(this.platform.time);
    return Promise.resolve(this.respond());
  }) as GetWebSocketTransport;

  /** Records the events that the manager emits. */
  record(): this {
    const recordAs =
      (name: string) =>
      (...payload: unknown[]): void =>
        void this.emitted.push({ name, payload: payload[0] });
    this.manager.onInitFailure(recordAs("initFailure"));
    this.manager.onConnectionOpen(recordAs("open"));
    this.manager.onConnectionClose(recordAs("close"));
    this.manager.onConnectionGain(recordAs("gain"));
    this.manager.onConnectionLost(recordAs("lost"));
    this.manager.onSubscriptionUpdate(recordAs("subscriptionUpdate"));
    this.manager.onSubscriptionFailure(recordAs("subscriptionFailure"));
    this.manager.onDeepHeartbeatSuccess(recordAs("deepSuccess"));
    this.manager.onDeepHeartbeatFailure(recordAs("deepFailure"));
    this.manager.onTopicFailure(recordAs("topicFailure"));
    this.manager.onAllMessage(recordAs("allMessage"));
    this.manager.onMessage("aws/chat", recordAs("chat"));
    this.link.listen((report) => {
      if (report.kind === "up") recordAs("up")();
      if (report.kind === "lost") recordAs("down")(report.cause);
      if (report.kind === "failed") recordAs("failed")(report.cause);
    });
    return this;
  }

  /** The link that the manager's sessions use. */
  get link(): SocketLink {
    return this.manager[SOCKET_LINK]();
  }

  /** Whether the link is up: its socket is open and all topics are subscribed. */
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

  /** Initializes the manager, and accepts its socket and subscription as the server. */
  async up(): Promise<FakeSocket> {
    await this.init();
    return this.accept();
  }

  /** The server answers a heartbeat on the old socket, which shows that everything it sent before has arrived. */
  drain(socket: FakeSocket): void {
    socket.receive({ topic: "aws/heartbeat" });
  }

  /** Advances the clock while the server answers every heartbeat on every socket, within its 5 s limit. */
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

  /** Advances the clock until the manager opens another socket. */
  async nextSocket(): Promise<FakeSocket> {
    const { length } = this.sockets;
    for (let steps = 0; this.sockets.length === length; steps += 1) {
      if (steps > 3_000) throw new Error("No socket was opened within five minutes.");
      await this.platform.advance(100);
    }
    return this.socket;
  }

  /** The manager's resources on the platform. */
  get leftovers(): { timers: number; listeners: number; openSockets: number } {
    const { pendingTimers: timers, signalListeners: listeners, sockets } = this.platform;
    return { timers, listeners, openSockets: sockets.filter(({ readyState }) => readyState < 2).length };
  }

  get logged(): string[] {
    return this.platform.printed.map(({ method, line }) => `${method} ${line}`);
  }
}

/** A chat frame that carries a message with this text. */
export const chatFrame = (content: string): Record<string, unknown> => ({
  topic: "aws/chat",
  contentType: "application/json",
  content: JSON.stringify({ Type: "MESSAGE", Id: content, Content: content }),
});
