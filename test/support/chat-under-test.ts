import type { ChatEventName } from "../../src/api/events";
import type { AgentChatSession, CustomerChatSession } from "../../src/api/session";
import type { ChatSnapshot } from "../../src/api/snapshot";
import { createLibrary, type ChatLibrary } from "../../src/session/library";
import { FakePlatform, type FakeSocket } from "./fake-platform";
import { FakeService } from "./fake-service";
import { NO_STREAMS } from "./no-streams";

export const EVENT = "application/vnd.amazonaws.connect.event.";

let contacts = 0;

type Session = CustomerChatSession | AgentChatSession;

/** A library instance on a fake platform and service, with a contact that no other test uses. */
export class ChatUnderTest {
  readonly platform = new FakePlatform();
  readonly service = new FakeService(this.platform);
  readonly library: ChatLibrary = createLibrary(this.platform, NO_STREAMS);
  readonly contactId: string;
  readonly participantId = "me";

  constructor() {
    contacts += 1;
    this.contactId = `contact-${contacts}`;
    this.library.ChatSession.setGlobalConfig({ endpoint: "https://service.test" });
  }

  /** `resume` is a snapshot of the contact's earlier session. */
  customer(details: Record<string, string> = {}, resume: ChatSnapshot | null = null): CustomerChatSession {
    return this.library.ChatSession.create({
      type: "CUSTOMER",
      chatDetails: {
        contactId: this.contactId,
        participantId: this.participantId,
        participantToken: "participant-token",
        ...details,
      },
      disableCSM: true,
      resume,
    });
  }

  agent(): AgentChatSession {
    return this.library.ChatSession.create({
      chatDetails: {
        contactId: this.contactId,
        participantId: this.participantId,
        participantToken: "participant-token",
        getConnectionToken: () =>
          Promise.resolve({ chatTokenTransport: { participantToken: "agent-token", expiry: null } }),
      },
    });
  }

  /** Connects the session, opens its socket and accepts its subscription. */
  async connected<Each extends Session>(session: Each): Promise<Each> {
    await session.connect();
    await this.platform.settle();
    await this.open();
    return session;
  }

  /** The server accepts the newest socket and its subscription. */
  async open(): Promise<FakeSocket> {
    const { socket } = this.platform;
    socket.open();
    this.acceptSubscription();
    await this.platform.settle();
    return socket;
  }

  /** Advances the clock until the library opens another socket. */
  async nextSocket(withinMs: number): Promise<void> {
    const before = this.platform.sockets.length;
    const until = this.platform.time + withinMs;
    while (this.platform.sockets.length === before) {
      if (this.platform.time >= until) throw new Error(`No socket was opened within ${withinMs} ms.`);
      await this.platform.advance(500);
    }
  }

  /** Takes the link down, runs `meanwhile`, and restores the link. The recovery's first request is then in flight. */
  async gap(meanwhile: () => void): Promise<void> {
    this.platform.socket.end();
    await this.platform.settle();
    meanwhile();
    await this.nextSocket(60_000);
    await this.open();
    await this.platform.advance(0);
  }

  acceptSubscription(): void {
    this.platform.socket.receive({
      topic: "aws/subscribe",
      content: { status: "success", topics: ["aws/chat"] },
    });
  }

  /** The server completes the closing handshake of each socket that the library closes. */
  completeCloses(): void {
    for (const socket of this.platform.sockets) if (socket.readyState === 2) socket.end();
  }

  /** Advances the clock while the server answers every heartbeat. */
  async advance(ms: number): Promise<void> {
    const until = this.platform.time + ms;
    while (this.platform.time < until) {
      await this.platform.advance(Math.min(1_000, until - this.platform.time));
      const socket = this.platform.sockets.at(-1);
      if (socket?.readyState !== 1) continue;
      socket.receive({ topic: "aws/heartbeat" });
      socket.receive({ topic: "aws/ping", statusCode: 200, statusContent: "OK" });
    }
    await this.platform.settle();
  }

  /** An item as the service would send it for this contact. */
  item(fields: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      Id: "item-1",
      Type: "MESSAGE",
      ContentType: "text/plain",
      Content: "hello",
      AbsoluteTime: "2026-01-01T00:00:01.000Z",
      ParticipantId: "them",
      ParticipantRole: "AGENT",
      ContactId: this.contactId,
      InitialContactId: this.contactId,
      ...fields,
    };
  }

  event(name: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
    return this.item({
      Id: `event-${name}`,
      Type: "EVENT",
      ContentType: EVENT + name,
      Content: undefined,
      ...fields,
    });
  }

  /** The service sends an item on the newest socket. */
  send(item: unknown): void {
    this.platform.socket.receive({
      topic: "aws/chat",
      contentType: "application/json",
      content: JSON.stringify(item),
    });
  }

  async receive(...items: unknown[]): Promise<void> {
    for (const item of items) this.send(item);
    await this.platform.settle();
  }

  /** The library's resources on the platform, which equal NOTHING_LEFT after all resources have been released. */
  get leftovers(): { timers: number; listeners: number; openSockets: number } {
    const { pendingTimers: timers, signalListeners: listeners, sockets } = this.platform;
    return { timers, listeners, openSockets: sockets.filter(({ readyState }) => readyState < 2).length };
  }
}

export const NOTHING_LEFT = { timers: 0, listeners: 0, openSockets: 0 };

/** Records the names of the events that a session emits, in order. */
export function record(session: Session, ...names: ChatEventName[]): string[] {
  const emitted: string[] = [];
  for (const name of names) session.on(name, () => emitted.push(name));
  return emitted;
}
