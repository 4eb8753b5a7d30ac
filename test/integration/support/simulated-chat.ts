import { randomUUID } from "node:crypto";
import { afterEach, beforeEach } from "@jest/globals";
import { startSimulator, type Item, type Simulator, type SimulatorOptions } from "../../../simulator/index";
import { callService, type Answer } from "./call-service";
import { TestSocket } from "./test-socket";
import { until } from "./wait";

export const EVENT = "application/vnd.amazonaws.connect.event.";

/** Somebody in a chat who holds a connection token. */
export interface Party {
  readonly contactId: string;
  readonly participantId: string;
  readonly participantToken: string;
  readonly token: string;
}

export interface ConnectedParty extends Party {
  readonly socket: TestSocket;
}

/** A field of an answer, as an object. */
export function part(body: unknown, field: string): Record<string, unknown> {
  const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, field) : undefined;
  if (typeof value !== "object" || value === null) throw new Error(`There is no ${field}.`);
  return { ...value };
}

/** What GetTranscript answered. */
export const itemsOf = ({ body }: Answer): Item[] => body["Transcript"] as Item[];
export const textsOf = (answer: Answer): (string | undefined)[] =>
  itemsOf(answer).map(({ Content }) => Content);

/** The ends of the content types of events, in their order. */
export const eventsOf = (items: readonly Item[]): string[] =>
  items.filter(({ Type }) => Type === "EVENT").map(({ ContentType }) => ContentType.replace(EVENT, ""));

/** One simulator a test, with a clock that stands still, and bare clients of it. */
export class SimulatedChat {
  simulator!: Simulator;
  now = 0;
  readonly #sockets: TestSocket[] = [];

  async start(options: SimulatorOptions): Promise<void> {
    this.now = Date.parse("2026-01-01T00:00:00.000Z");
    this.simulator = await startSimulator({ now: () => this.now, ...options });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.splice(0)) socket.close();
    await this.simulator.close();
  }

  call(path: string, bearer: string, body?: unknown): Promise<Answer> {
    return callService(this.simulator.url + path, bearer, body);
  }

  /** A socket that has opened, and has not subscribed. */
  async open(url: string): Promise<TestSocket> {
    const socket = new TestSocket(url);
    this.#sockets.push(socket);
    await socket.opened;
    return socket;
  }

  async subscribe(url: string): Promise<TestSocket> {
    const socket = await this.open(url);
    socket.send({ topic: "aws/subscribe", content: { topics: ["aws/chat"] } });
    await until(() => socket.frames("aws/subscribe").length > 0);
    return socket;
  }

  socketUrl(...parties: Party[]): string {
    return this.simulator.signSocket(parties.map(({ participantId }) => participantId)).url;
  }

  /** A customer with a token, without a socket. */
  customer(): Promise<Party> {
    const { ContactId, ParticipantId, ParticipantToken } = this.simulator.startChat();
    return this.#connect(ContactId, ParticipantId, ParticipantToken);
  }

  /** An agent with a token, who has acknowledged the contact unless told otherwise. */
  agent(contactId: string, acknowledges = true): Promise<Party> {
    const { participantId, participantToken } = this.simulator.joinAgent(contactId);
    return this.#connect(contactId, participantId, participantToken, acknowledges);
  }

  async withSocket(party: Party | Promise<Party>): Promise<ConnectedParty> {
    const known = await party;
    return { ...known, socket: await this.subscribe(this.socketUrl(known)) };
  }

  /** A customer and an agent, each with a socket. */
  async pair(): Promise<{ one: ConnectedParty; other: ConnectedParty }> {
    const one = await this.withSocket(this.customer());
    const other = await this.withSocket(this.agent(one.contactId));
    return { one, other };
  }

  send(party: Party, content: string, clientToken: string = randomUUID()): Promise<Answer> {
    const body = { Content: content, ContentType: "text/plain", ClientToken: clientToken };
    return this.call("/participant/message", party.token, body);
  }

  /** An event by the end of its content type. */
  sendEvent(party: Party, name: string, content?: unknown): Promise<Answer> {
    return this.call("/participant/event", party.token, {
      ContentType: `${EVENT}${name}`,
      ...(content !== undefined && { Content: JSON.stringify(content) }),
      ClientToken: randomUUID(),
    });
  }

  leave(party: Party, clientToken: string = randomUUID()): Promise<Answer> {
    return this.call("/participant/disconnect", party.token, { ClientToken: clientToken });
  }

  /** What transcripts of the chat hold. */
  stored({ contactId }: Party): readonly Item[] {
    return this.simulator.contact(contactId).transcript;
  }

  async #connect(
    contactId: string,
    participantId: string,
    participantToken: string,
    acknowledges = false,
  ): Promise<Party> {
    const { body } = await this.call("/participant/connection", participantToken, {
      Type: ["CONNECTION_CREDENTIALS"],
      ...(acknowledges && { ConnectParticipant: true }),
    });
    const token = String(part(body, "ConnectionCredentials")["ConnectionToken"]);
    return { contactId, participantId, participantToken, token };
  }
}

/** The simulated chat of a file's tests: started before each of them, closed after. */
export function simulateChat(options: SimulatorOptions = {}): SimulatedChat {
  const chat = new SimulatedChat();
  beforeEach(() => chat.start(options));
  afterEach(() => chat.close());
  return chat;
}
