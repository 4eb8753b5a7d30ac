import { randomUUID } from "node:crypto";
import { afterEach, beforeEach } from "@jest/globals";
import { startSimulator, type Item, type Simulator, type SimulatorOptions } from "../../../simulator/index";
import { callService, type ServiceResponse } from "./call-service";
import { TestSocket } from "./test-socket";
import { until } from "./wait";

export const EVENT = "application/vnd.amazonaws.connect.event.";

/** A participant with a connection token. */
export interface Party {
  readonly contactId: string;
  readonly participantId: string;
  readonly participantToken: string;
  readonly token: string;
}

export interface ConnectedParty extends Party {
  readonly socket: TestSocket;
}

/** Returns a field of a response, as an object. */
export function part(body: unknown, field: string): Record<string, unknown> {
  const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, field) : undefined;
  if (typeof value !== "object" || value === null) throw new Error(`The response has no ${field}.`);
  return { ...value };
}

/** The items in a GetTranscript response. */
export const itemsOf = ({ body }: ServiceResponse): Item[] => body["Transcript"] as Item[];
export const textsOf = (response: ServiceResponse): (string | undefined)[] =>
  itemsOf(response).map(({ Content }) => Content);

/** The last parts of the events' content types, in order. */
export const eventsOf = (items: readonly Item[]): string[] =>
  items.filter(({ Type }) => Type === "EVENT").map(({ ContentType }) => ContentType.replace(EVENT, ""));

/** A simulator with a manual clock, and clients that don't use the library. */
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

  call(path: string, bearer: string, body?: unknown): Promise<ServiceResponse> {
    return callService(this.simulator.url + path, bearer, body);
  }

  /** Opens a socket without subscribing. */
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

  /** Adds a customer with a token but without a socket. */
  customer(): Promise<Party> {
    const { ContactId, ParticipantId, ParticipantToken } = this.simulator.startChat();
    return this.#connect(ContactId, ParticipantId, ParticipantToken);
  }

  /** Adds an agent with a token, who acknowledges the contact by default. */
  agent(contactId: string, acknowledges = true): Promise<Party> {
    const { participantId, participantToken } = this.simulator.joinAgent(contactId);
    return this.#connect(contactId, participantId, participantToken, acknowledges);
  }

  async withSocket(party: Party | Promise<Party>): Promise<ConnectedParty> {
    const resolved = await party;
    return { ...resolved, socket: await this.subscribe(this.socketUrl(resolved)) };
  }

  /** Adds a customer and an agent, each with a socket. */
  async pair(): Promise<{ customer: ConnectedParty; agent: ConnectedParty }> {
    const customer = await this.withSocket(this.customer());
    const agent = await this.withSocket(this.agent(customer.contactId));
    return { customer, agent };
  }

  send(party: Party, content: string, clientToken: string = randomUUID()): Promise<ServiceResponse> {
    const body = { Content: content, ContentType: "text/plain", ClientToken: clientToken };
    return this.call("/participant/message", party.token, body);
  }

  /** Sends an event, given the last part of its content type. */
  sendEvent(party: Party, name: string, content?: unknown): Promise<ServiceResponse> {
    return this.call("/participant/event", party.token, {
      ContentType: `${EVENT}${name}`,
      ...(content !== undefined && { Content: JSON.stringify(content) }),
      ClientToken: randomUUID(),
    });
  }

  leave(party: Party, clientToken: string = randomUUID()): Promise<ServiceResponse> {
    return this.call("/participant/disconnect", party.token, { ClientToken: clientToken });
  }

  /** The chat's stored items. */
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

/** A simulated chat for a test file. It's started before each test and closed after each test. */
export function simulateChat(options: SimulatorOptions = {}): SimulatedChat {
  const chat = new SimulatedChat();
  beforeEach(() => chat.start(options));
  afterEach(() => chat.close());
  return chat;
}
