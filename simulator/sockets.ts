/** The WebSocket side: signs socket URLs, accepts sockets, and implements the wire protocol. */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { closeCodeIn } from "./close-codes";
import type { Contact, Participant } from "./contact";
import { newToken } from "./contacts";
import { ExpiringMap } from "./expiring-map";
import { participantRef, isHit, type FaultTarget } from "./fault-rules";
import type { Faults } from "./faults";
import { isObject, urlOf } from "./http";
import { isTooDeep } from "./json";
import { newId, type Item } from "./items";
import type { SimulatorEvent } from "./observer";
import { internalProblem, type ReportProblem } from "./problems";
import { SocketSession } from "./socket-session";

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

/** Selects sockets by contact or participant. Without either field, selects all sockets. */
export type SocketSelection = FaultTarget;

export interface SocketsParts {
  readonly faults: Faults;
  readonly now: () => number;
  readonly urlLifeMs: number;
  readonly report: (event: SimulatorEvent) => void;
  readonly reportProblem: ReportProblem;
  /** How many of a client's latest frames each socket's `received` keeps. */
  readonly maxReceived: number;
}

export class Sockets {
  readonly #server = new WebSocketServer({ noServer: true, clientTracking: false });
  readonly #parts: SocketsParts;
  readonly #urls: ExpiringMap<SocketUrl>;
  readonly #sessions = new Set<SocketSession>();
  #opened = 0;

  constructor(parts: SocketsParts) {
    this.#parts = parts;
    this.#urls = new ExpiringMap(parts.now);
    parts.faults.onStallsChanged(() => this.#sessions.forEach((session) => session.updateStall()));
  }

  /** Signs a path, relative to the simulator's URL, that opens a socket for these participants. */
  sign(participants: readonly Participant[]): { path: string; expiry: string } {
    const token = newToken();
    const expiresAt = this.#parts.now() + this.#parts.urlLifeMs;
    this.#urls.set(token, { participants, expiresAt });
    return { path: `${PATH}?token=${token}`, expiry: new Date(expiresAt).toISOString() };
  }

  /** Expires the URLs signed so far for the selected participants, or all URLs without a selection. */
  expireUrls(selection: SocketSelection = {}): void {
    for (const url of this.#urls.values())
      if (isHit(selection, url.participants.map(participantRef))) url.expiresAt = 0;
  }

  get open(): OpenSocket[] {
    return [...this.#sessions].map(({ participants, subscribed, received }) => ({
      participantIds: participants.map(({ participantId }) => participantId),
      subscribed,
      received,
    }));
  }

  /** Accepts or refuses a socket. Returns the HTTP status. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): number {
    const url = urlOf(request);
    const signed = this.#urls.get(url?.searchParams.get("token") ?? "");
    const valid =
      url?.pathname === PATH &&
      signed !== undefined &&
      signed.expiresAt > this.#parts.now() &&
      signed.participants.some(isInChat);
    const owners = signed?.participants.map(participantRef) ?? [];
    const refusal = valid ? this.#parts.faults.takeRefusal(owners) : undefined;
    if (!valid || refusal) {
      const status = refusal?.fault ?? 403;
      this.#parts.report({
        ...({ kind: "refusal", of: "socket", owners, at: this.#parts.now(), status } as const),
        ...(refusal && { faultId: refusal.id }),
      });
      // Nothing else owns the stream now, so destroy it after the response is written, even if the client doesn't close
      // it.
      stream.on("error", () => stream.destroy()).once("finish", () => stream.destroy());
      stream.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return status;
    }
    this.#server.handleUpgrade(request, stream, head, (socket) => this.#add(socket, signed.participants));
    return 101;
  }

  /** Whether a participant has a subscribed socket. */
  isConnected(participantId: string): boolean {
    return [...this.#sessions].some(
      ({ connected, owners }) => connected && owners.some((each) => each.participantId === participantId),
    );
  }

  /** Drops all sockets, and forgets all sockets and URLs. */
  clear(): void {
    this.drop();
    for (const session of this.#sessions) this.#remove(session);
    this.#urls.clear();
  }

  /** Sends an item to every subscribed socket of the contact's participants, or of one of them. */
  fanOut(contact: Contact, item: Item, participantId?: string): void {
    const frame = JSON.stringify({
      topic: CHAT_TOPIC,
      contentType: "application/json",
      content: JSON.stringify(item),
    });
    for (const session of this.#sessions) {
      if (!session.subscribed) continue;
      const isRecipient = session.participants.some(
        (each) =>
          each.contact === contact &&
          !each.left &&
          (participantId === undefined || each.participantId === participantId),
      );
      if (!isRecipient) continue;
      session.deliver(frame, item, contact.contactId);
    }
  }

  /**
   * Drops sockets. If there is a `code` other than 1006, sends a close frame with it first. Returns the number of dropped
   * sockets. Throws a RangeError if no close frame can have the code.
   */
  drop(selection: SocketSelection = {}, requestedCode?: number): number {
    const code = closeCodeIn(requestedCode);
    const selected = [...this.#sessions].filter(({ owners }) => isHit(selection, owners));
    // A socket that is already closing has been counted before.
    const dropped = selected.filter(({ ended }) => !ended).length;
    for (const session of selected) {
      // Unsent frames are lost now, even if closing takes a while.
      session.end(code);
      if (code === undefined) session.socket.terminate();
      else session.socket.close(code);
    }
    return dropped;
  }

  /**
   * Closes sockets whose participants have all left. A half-open socket closes only after its next frame from the
   * client.
   */
  closeEnded(): void {
    for (const { socket, participants, stalled } of this.#sessions) {
      if (!stalled && !participants.some(isInChat)) socket.close(1000);
    }
  }

  close(): void {
    this.clear();
    this.#server.close();
  }

  #add(socket: WebSocket, participants: readonly Participant[]): void {
    this.#opened += 1;
    const { faults, now, report } = this.#parts;
    const session = new SocketSession({ socket, participants, faults, now, report, number: this.#opened });
    this.#sessions.add(session);
    socket.on("close", (code) => this.#remove(session, code));
    // `ws` emits "close" right after "error", and that handler does the cleanup.
    socket.on("error", () => socket.terminate());
    socket.on("message", (data) =>
      session.receive(() => {
        try {
          if (participants.some(isInChat)) this.#receive(session, textOf(data));
          else socket.close(1000);
        } catch (error) {
          // `ws` doesn't catch a handler's error, which would end the process.
          this.#parts.reportProblem(internalProblem("The handler of a socket's frame", error));
          socket.close(1011);
        }
      }),
    );
  }

  #remove(session: SocketSession, code?: number): void {
    if (!this.#sessions.delete(session)) return;
    session.end(code);
  }

  #receive(session: SocketSession, text: string): void {
    const frame = parse(text);
    const send = (answer: unknown): void => {
      session.reportFrame("out", answer);
      session.socket.send(JSON.stringify(answer));
    };
    session.reportFrame("in", frame ?? text);
    if (!frame) {
      send({ message: "Forbidden", connectionId: newId(), requestId: newId() });
      return;
    }
    session.received.push(frame);
    if (session.received.length > this.#parts.maxReceived) session.received.shift();
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
    const isChatOnly =
      Array.isArray(topics) && topics.length > 0 && topics.every((topic) => topic === CHAT_TOPIC);
    const refusal = isChatOnly ? this.#parts.faults.takeRefusedSubscription(session.owners) : undefined;
    const accepted = isChatOnly && !refusal;
    const echoed = isTooDeep(topics) ? undefined : topics;
    send({ topic: "aws/subscribe", content: { status: accepted ? "success" : "failure", topics: echoed } });
    if (!accepted) {
      this.#parts.report({
        ...({ kind: "refusal", of: "subscription", owners: session.owners, at: this.#parts.now() } as const),
        ...(refusal && { faultId: refusal.id }),
      });
      return;
    }
    session.subscribe();
    // Customers join when their socket subscribes. Agents join by acknowledging the contact.
    for (const participant of session.participants) {
      if (participant.role === "CUSTOMER") participant.contact.join(participant);
    }
  }
}

/** Whether a participant is still in its chat. */
const isInChat = ({ contact, left }: Participant): boolean => !contact.ended && !left;

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
