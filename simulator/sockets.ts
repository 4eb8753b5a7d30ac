/** The sockets: participants' and agents' pages', by the protocol of the wire. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { Contact, Participant } from "./contact";
import { newToken } from "./contacts";
import { asSomebody, isHit, type FaultTarget } from "./fault-rules";
import type { Faults } from "./faults";
import { isObject, urlOf } from "./http";
import { newId, type Item } from "./items";
import { SocketSession } from "./socket-session";
import type { TrafficRecord } from "./traffic-record";

const PATH = "/socket";
const CHAT_TOPIC = "aws/chat";

/** One open socket, as a test sees it. */
export interface OpenSocket {
  readonly participantIds: readonly string[];
  readonly subscribed: boolean;
  /** Frames from the client, parsed, oldest first. */
  readonly received: readonly Readonly<Record<string, unknown>>[];
}

interface SocketUrl {
  readonly participants: readonly Participant[];
  expiresAt: number;
}

/** Which sockets are meant; all where it says nothing. */
export type SocketSelection = FaultTarget;

export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true, clientTracking: false });
  readonly #faults: Faults;
  readonly #now: () => number;
  readonly #urlLifeMs: number;
  readonly #record: TrafficRecord | null;
  readonly #urls = new Map<string, SocketUrl>();
  readonly #sessions = new Set<SocketSession>();
  #opened = 0;

  constructor(faults: Faults, now: () => number, urlLifeMs: number, record: TrafficRecord | null) {
    this.#faults = faults;
    this.#now = now;
    this.#urlLifeMs = urlLifeMs;
    this.#record = record;
    faults.onResume(() => this.#sessions.forEach((session) => session.resume()));
  }

  /** A path, relative to the simulator's address, that opens a socket for these participants. */
  sign(participants: readonly Participant[]): { path: string; expiry: string } {
    const token = newToken();
    const expiresAt = this.#now() + this.#urlLifeMs;
    this.#urls.set(token, { participants, expiresAt });
    return { path: `${PATH}?token=${token}`, expiry: new Date(expiresAt).toISOString() };
  }

  /** URLs given so far open no socket any more: those for one of the chosen participants, or all. */
  expireUrls(selection: SocketSelection = {}): void {
    for (const url of this.#urls.values())
      if (isHit(selection, url.participants.map(asSomebody))) url.expiresAt = 0;
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
    const refusal = valid ? this.#faults.takeRefusal(signed.participants.map(asSomebody)) : 403;
    if (!valid || refusal !== undefined) {
      // The stream is nobody's any more: it is destroyed once the answer is out, whether or not the client closes it.
      stream.on("error", () => stream.destroy()).once("finish", () => stream.destroy());
      stream.end(`HTTP/1.1 ${refusal ?? 403} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, stream, head, (socket) => this.#add(socket, signed.participants));
  }

  /** To every subscribed socket of the contact's participants, or of one of them. */
  fanOut(contact: Contact, item: Item, participantId?: string): void {
    const frame = JSON.stringify({
      topic: CHAT_TOPIC,
      contentType: "application/json",
      content: JSON.stringify(item),
    });
    for (const session of this.#sessions) {
      if (!session.subscribed) continue;
      const reached = session.participants.some(
        (each) =>
          each.contact === contact &&
          !each.left &&
          (participantId === undefined || each.participantId === participantId),
      );
      if (!reached) continue;
      session.deliver(frame, item, contact.contactId);
    }
  }

  /** Cuts sockets: without a goodbye, or with a close frame of `code`. Returns how many there were. */
  drop(selection: SocketSelection = {}, code?: number): number {
    const chosen = [...this.#sessions].filter(({ whose }) => isHit(selection, whose));
    for (const session of chosen) {
      // What was still to go out is lost with the socket, at this moment.
      session.ended();
      if (code === undefined) session.socket.terminate();
      else session.socket.close(code);
    }
    return chosen.length;
  }

  /** Closes the sockets that have nobody left in a chat; half-open ones hear of it with their next frame. */
  closeEnded(): void {
    for (const { socket, participants, stalled } of this.#sessions) {
      if (!stalled && !participants.some(isThere)) socket.close(1000);
    }
  }

  close(): void {
    this.drop();
    this.#sessions.clear();
    this.#server.close();
  }

  #add(socket: WebSocket, participants: readonly Participant[]): void {
    this.#opened += 1;
    const session = new SocketSession({
      socket,
      participants,
      faults: this.#faults,
      now: this.#now,
      record: this.#record,
      number: this.#opened,
    });
    this.#sessions.add(session);
    socket.on("close", () => {
      session.ended();
      this.#sessions.delete(session);
    });
    // A socket that fails is closed by `ws` right after; the close is what counts.
    socket.on("error", () => socket.terminate());
    socket.on("message", (data) =>
      session.take(() => {
        if (participants.some(isThere)) this.#receive(session, textOf(data));
        else socket.close(1000);
      }),
    );
  }

  #receive(session: SocketSession, text: string): void {
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

  #subscribe(session: SocketSession, content: unknown, send: (answer: unknown) => void): void {
    const topics: unknown = isObject(content) ? content["topics"] : undefined;
    const known =
      Array.isArray(topics) &&
      topics.length > 0 &&
      topics.every((topic) => topic === CHAT_TOPIC) &&
      !this.#faults.takeRefusedSubscription(session.whose);
    send({ topic: "aws/subscribe", content: { status: known ? "success" : "failure", topics } });
    if (!known) return;
    session.subscribe();
    // A customer is there when its socket is; an agent when it acknowledges the contact.
    for (const participant of session.participants) {
      if (participant.role === "CUSTOMER") participant.contact.join(participant);
    }
  }
}

/** Whether a participant still has a part in its chat. */
const isThere = ({ contact, left }: Participant): boolean => !contact.ended && !left;

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
