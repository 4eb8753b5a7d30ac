/** The sockets: participants' and agents' pages', by the protocol of the wire. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { newToken, type Contact, type Participant } from "./contacts";
import type { Faults } from "./faults";
import { isObject, urlOf } from "./http";
import { newId, type Item } from "./items";

const PATH = "/socket";
const CHAT_TOPIC = "aws/chat";

/** One open socket, as a test sees it. */
export interface OpenSocket {
  readonly participantIds: readonly string[];
  readonly subscribed: boolean;
  /** Frames from the client, parsed, oldest first. */
  readonly received: readonly Readonly<Record<string, unknown>>[];
}

interface Session {
  readonly socket: WebSocket;
  readonly participants: readonly Participant[];
  readonly received: Record<string, unknown>[];
  subscribed: boolean;
}

interface SocketUrl {
  readonly participants: readonly Participant[];
  readonly expiresAt: number;
}

export interface SocketSelection {
  contactId?: string;
  participantId?: string;
}

export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true, clientTracking: false });
  readonly #faults: Faults;
  readonly #now: () => number;
  readonly #urlLifeMs: number;
  readonly #urls = new Map<string, SocketUrl>();
  readonly #sessions = new Set<Session>();

  constructor(faults: Faults, now: () => number, urlLifeMs: number) {
    this.#faults = faults;
    this.#now = now;
    this.#urlLifeMs = urlLifeMs;
  }

  /** A path, relative to the simulator's address, that opens a socket for these participants. */
  sign(participants: readonly Participant[]): { path: string; expiry: string } {
    const token = newToken();
    const expiresAt = this.#now() + this.#urlLifeMs;
    this.#urls.set(token, { participants, expiresAt });
    return { path: `${PATH}?token=${token}`, expiry: new Date(expiresAt).toISOString() };
  }

  get open(): OpenSocket[] {
    return [...this.#sessions].map(({ participants, subscribed, received }) => ({
      participantIds: participants.map(({ participantId }) => participantId),
      subscribed,
      received,
    }));
  }

  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const url = urlOf(request);
    const signed = this.#urls.get(url?.searchParams.get("token") ?? "");
    const valid =
      url?.pathname === PATH &&
      signed !== undefined &&
      signed.expiresAt > this.#now() &&
      signed.participants.some(isThere);
    if (!valid || this.#faults.takeRefusal()) {
      // The stream is nobody's any more: it is destroyed once the answer is out, whether or not the client closes it.
      stream.on("error", () => stream.destroy()).once("finish", () => stream.destroy());
      stream.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, stream, head, (socket) => this.#add(socket, signed.participants));
  }

  /** To every subscribed socket of the contact's participants. */
  fanOut(contact: Contact, item: Item): void {
    const frame = JSON.stringify({
      topic: CHAT_TOPIC,
      contentType: "application/json",
      content: JSON.stringify(item),
    });
    for (const session of this.#sessions) {
      if (!session.subscribed || this.#faults.stalled) continue;
      if (!session.participants.some((each) => each.contact === contact && !each.left)) continue;
      for (const text of this.#faults.passFrame(frame)) session.socket.send(text);
    }
  }

  /** Cuts sockets: without a goodbye, or with a close frame of `code`. Returns how many there were. */
  drop(selection: SocketSelection = {}, code?: number): number {
    const chosen = [...this.#sessions].filter(({ participants }) => matches(participants, selection));
    for (const { socket } of chosen) {
      if (code === undefined) socket.terminate();
      else socket.close(code);
    }
    return chosen.length;
  }

  /** Closes the sockets that have nobody left in a chat; half-open ones hear of it with their next frame. */
  closeEnded(): void {
    if (this.#faults.stalled) return;
    for (const { socket, participants } of this.#sessions) {
      if (!participants.some(isThere)) socket.close(1000);
    }
  }

  close(): void {
    for (const { socket } of this.#sessions) socket.terminate();
    this.#sessions.clear();
    this.#server.close();
  }

  #add(socket: WebSocket, participants: readonly Participant[]): void {
    const session: Session = { socket, participants, received: [], subscribed: false };
    this.#sessions.add(session);
    socket.on("close", () => this.#sessions.delete(session));
    // A socket that fails is closed by `ws` right after; the close is what counts.
    socket.on("error", () => socket.terminate());
    socket.on("message", (data) => {
      if (this.#faults.stalled) return;
      if (participants.some(isThere)) this.#receive(session, textOf(data));
      else socket.close(1000);
    });
  }

  #receive(session: Session, text: string): void {
    const frame = parse(text);
    const send = (answer: unknown): void => session.socket.send(JSON.stringify(answer));
    if (!frame) {
      send({ message: "Forbidden", connectionId: newId(), requestId: newId() });
      return;
    }
    session.received.push(frame);
    switch (frame["topic"]) {
      case "aws/heartbeat":
        send({ topic: "aws/heartbeat" });
        return;
      case "aws/ping":
        send({ topic: "aws/ping", statusCode: 200, statusContent: "OK" });
        return;
      case "aws/subscribe":
        this.#subscribe(session, frame["content"], send);
        return;
      default:
        send({ message: "Forbidden", connectionId: newId(), requestId: newId() });
    }
  }

  #subscribe(session: Session, content: unknown, send: (answer: unknown) => void): void {
    const topics: unknown = isObject(content) ? content["topics"] : undefined;
    const known = Array.isArray(topics) && topics.length > 0 && topics.every((topic) => topic === CHAT_TOPIC);
    send({ topic: "aws/subscribe", content: { status: known ? "success" : "failure", topics } });
    if (!known) return;
    session.subscribed = true;
    // A customer is there when its socket is; an agent when it acknowledges the contact.
    for (const participant of session.participants) {
      if (participant.role === "CUSTOMER") participant.contact.join(participant);
    }
  }
}

/** Whether a participant still has a part in its chat. */
const isThere = ({ contact, left }: Participant): boolean => !contact.ended && !left;

function matches(
  participants: readonly Participant[],
  { contactId, participantId }: SocketSelection,
): boolean {
  return participants.some(
    (each) =>
      (contactId === undefined || each.contact.contactId === contactId) &&
      (participantId === undefined || each.participantId === participantId),
  );
}

function textOf(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const frame: unknown = JSON.parse(text);
    return isObject(frame) ? { ...frame } : null;
  } catch {
    return null;
  }
}
