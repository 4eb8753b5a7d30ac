/**
 * A model of the Participant Service that is based only on its public interface. It's independent of `simulator/`,
 * because models that share code would also share misunderstandings, and tests couldn't reveal them.
 */
import type { RandomSource } from "./random";
import type { VirtualClock } from "./clock";
import { Contact, eventItem, type Commit, type Participant, type TranscriptHabits } from "./contact";
import { CONTENT_TYPE, isoOf, jsonOf, operationOf, type WireItem, type WireReceipt } from "./wire";

export interface ServiceRequest {
  readonly method: string;
  readonly path: string;
  readonly bearer: string | null;
  readonly body: string;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The effects of faults on the service itself. The service evaluates them on each use. */
export interface ServiceConditions {
  /** How far transcripts lag behind the sockets. */
  lagMs(): number;
  /** How far the next item's AbsoluteTime lies in the past. */
  lateByMs(): number;
  /** The outcome of a subscription request. */
  subscription(): { readonly kind: "granted" | "refused" | "ignored"; readonly delayMs: number };
  isPingHealthy(): boolean;
  /** Whether CreateParticipantConnection responds with an empty socket URL. */
  hasEmptyUrl(): boolean;
}

export interface ServiceHabits extends TranscriptHabits {
  /** Whether receipts on the socket contain the contact's ID. */
  readonly namesReceipts: boolean;
  readonly hasDisconnectFlow: boolean;
  /** Whether the customer's messages are processed before other participants receive them. */
  readonly processesMessages: boolean;
  readonly scansAttachments: boolean;
  /** Whether a streamed answer's chunks have their own times. Transcripts use the first chunk's time. */
  readonly stampsPieces: boolean;
  readonly connectionTokenLifeMs: number;
  /** Whether an ended chat's transcript can still be read. */
  readonly isReadableAfterEnd: boolean;
}

/** A participant in a contact. */
export interface Seat {
  readonly contact: Contact;
  readonly participant: Participant;
}

interface IssuedUrl {
  readonly seats: readonly Seat[];
  readonly outlastsChats: boolean;
  readonly untilMs: number;
}

/** The service's end of a socket. */
export class ServiceSocket {
  readonly id: number;
  readonly seats: readonly Seat[];
  readonly outlastsChats: boolean;
  isSubscribed = false;
  /** When the service granted the subscription and started to push items. */
  subscribedAtMs: number | null = null;
  isOpen = true;
  /** The network sets this callback. */
  transmit: (text: string, commit: Commit | null) => void = () => undefined;
  drop: (code: number) => void = () => undefined;

  constructor(id: number, { seats, outlastsChats }: IssuedUrl) {
    this.id = id;
    this.seats = seats;
    this.outlastsChats = outlastsChats;
  }

  /** Whether no chat needs the socket anymore. */
  get isDone(): boolean {
    return !this.outlastsChats && this.seats.every(({ contact }) => contact.endedAtMs !== null);
  }
}

const URL_LIFE_MS = 100_000;

export class Service {
  readonly contacts = new Map<string, Contact>();
  readonly sockets = new Set<ServiceSocket>();
  readonly #clock: VirtualClock;
  readonly #random: RandomSource;
  readonly #conditions: ServiceConditions;
  readonly #habits: ServiceHabits;
  readonly #urls = new Map<string, IssuedUrl>();
  readonly #files = new Map<string, { readonly name: string; readonly type: string; isStored: boolean }>();
  /** The seats by participant token. */
  readonly #seats = new Map<string, Seat>();
  /** The seats and expiry times by valid connection token. */
  readonly #validTokens = new Map<string, { readonly seat: Seat; readonly expiresAtMs: number }>();
  #lastSocketId = 0;
  /** Called for each pushed version of an item. */
  onCommit: (contact: Contact, commit: Commit) => void = () => undefined;

  constructor(
    clock: VirtualClock,
    random: RandomSource,
    conditions: ServiceConditions,
    habits: ServiceHabits,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#conditions = conditions;
    this.#habits = habits;
  }

  // --- contacts ------------------------------------------------------------------------------------------------------

  startContact(): Contact {
    const id = this.#random.uuid();
    const contact = new Contact(id, id, this.#habits);
    this.contacts.set(id, contact);
    for (const [role, name] of [
      ["CUSTOMER", "Customer"],
      ["AGENT", "Agent"],
      ["SYSTEM", "BOT"],
    ] as const) {
      const participant: Participant = {
        id: this.#random.uuid(),
        role,
        name,
        token: `participant-token-${this.#random.uuid()}`,
        connectionTokens: new Set(),
        responses: new Map(),
      };
      contact.participants.push(participant);
      this.#seats.set(participant.token, { contact, participant });
    }
    return contact;
  }

  /** Issues a connection token, as Streams' `getConnectionToken()` does. */
  issueToken(seat: Seat): { token: string; expiresAtMs: number } {
    const { participant } = seat;
    const token = `connection-token-${this.#random.uuid()}`;
    const expiresAtMs = this.#clock.nowMs + this.#habits.connectionTokenLifeMs;
    participant.connectionTokens.add(token);
    this.#validTokens.set(token, { seat, expiresAtMs });
    return { token, expiresAtMs };
  }

  /**
   * Issues a socket URL for all these seats. `outlastsChats` is true for an agent's socket, which stays open after the
   * last chat ends.
   */
  issueUrl(seats: readonly Seat[], outlastsChats = false): string {
    const key = this.#random.uuid();
    this.#urls.set(key, { seats, outlastsChats, untilMs: this.#clock.nowMs + URL_LIFE_MS });
    const date = isoOf(this.#clock.nowMs).replace(/[-:]|\.\d+/g, "");
    return `wss://socket.example/prod?X-Amz-Date=${date}&X-Amz-Signature=socket-secret-${key}`;
  }

  /** Invalidates all connection tokens, as a service deployment does. */
  expireTokens(): void {
    this.#validTokens.clear();
  }

  /** Sends a message from a participant without a simulated application. */
  say(contact: Contact, by: Participant, content: string, more: Partial<WireItem> = {}): WireItem {
    const item = this.#item(contact, by, {
      Type: "MESSAGE",
      ContentType: CONTENT_TYPE.text,
      Content: content,
      ...more,
    });
    this.push(contact, item);
    return item;
  }

  /** Stores a version of an item and pushes it to the contact's subscribed sockets. */
  push(contact: Contact, item: WireItem, onlyRecipient: string | null = null, transcriptItem = item): Commit {
    const commit = contact.commit(
      item,
      this.#clock.nowMs,
      this.#conditions.lagMs(),
      onlyRecipient,
      transcriptItem,
    );
    this.onCommit(contact, commit);
    const text = JSON.stringify({
      topic: "aws/chat",
      contentType: "application/json",
      content: jsonOf(item),
    });
    for (const socket of this.sockets) {
      if (!socket.isSubscribed) continue;
      const receives = socket.seats.some(
        (seat) =>
          seat.contact === contact && (onlyRecipient === null || onlyRecipient === seat.participant.id),
      );
      if (receives) socket.transmit(text, commit);
    }
    return commit;
  }

  end(contact: Contact): void {
    if (contact.endedAtMs !== null) return;
    contact.endedAtMs = this.#clock.nowMs;
    this.push(contact, eventItem(contact, this.#random.uuid(), CONTENT_TYPE.ended, this.#clock.nowMs));
    // A socket closes shortly after its last chat has ended.
    for (const socket of [...this.sockets]) {
      if (socket.isDone) this.#clock.after(2_000, () => this.closeSocket(socket, 1000));
    }
  }

  receipt(contact: Contact, by: Participant, kind: "read" | "delivered", messageId: string): void {
    const timeMs = this.#clock.nowMs;
    const receipt: WireReceipt = {
      RecipientParticipantId: by.id,
      ...(kind === "read" ? { ReadTimestamp: isoOf(timeMs) } : { DeliveredTimestamp: isoOf(timeMs) }),
    };
    contact.addReceipt(messageId, receipt, timeMs + this.#conditions.lagMs());
    this.push(contact, {
      Id: this.#random.uuid(),
      AbsoluteTime: isoOf(timeMs),
      Type: "MESSAGEMETADATA",
      ContentType: CONTENT_TYPE.receipt,
      MessageMetadata: { MessageId: messageId, Receipts: [receipt] },
      ...(this.#habits.namesReceipts && { ContactId: contact.id, InitialContactId: contact.initialId }),
    });
  }

  #item(
    contact: Contact,
    by: Participant,
    item: Omit<Partial<WireItem>, "AbsoluteTime"> & Pick<WireItem, "Type" | "ContentType">,
  ): WireItem {
    return {
      Id: this.#random.uuid(),
      AbsoluteTime: isoOf(this.#clock.nowMs - this.#conditions.lateByMs()),
      ParticipantId: by.id,
      ParticipantRole: by.role,
      DisplayName: by.name,
      ContactId: contact.id,
      InitialContactId: contact.initialId,
      ...item,
    };
  }

  // --- API calls -----------------------------------------------------------------------------------------------------

  handle(request: ServiceRequest): ServiceResponse {
    const operation = operationOf(request.method, request.path);
    if (operation === "Upload") return this.#stored(request);
    if (operation === "Download") return respond(200, undefined, { "content-type": "text/plain" });
    if (operation === "CreateParticipantConnection") return this.#connect(request);
    const seat = this.#seatOf(request.bearer);
    if (seat === null || !this.#mayCall(seat, operation)) return errorResponse(403, "AccessDeniedException");
    const body = JSON.parse(request.body || "{}") as Record<string, unknown>;
    switch (operation) {
      case "SendMessage":
        return this.#once(seat, operation, body, () => this.#message(seat, body));
      case "SendEvent":
        return this.#once(seat, operation, body, () => this.#event(seat, body));
      case "GetTranscript":
        return this.#transcript(seat, body);
      case "DisconnectParticipant":
        return this.#once(seat, operation, body, () => this.#disconnect(seat));
      case "StartAttachmentUpload":
        return this.#once(seat, operation, body, () => this.#startUpload(body));
      case "CompleteAttachmentUpload":
        return this.#once(seat, operation, body, () => this.#completeUpload(seat, body));
      case "DescribeView":
        return respond(200, { View: { Id: "view", Content: {} } });
      default:
        return errorResponse(404, "ResourceNotFoundException");
    }
  }

  #mayCall({ contact }: Seat, operation: string): boolean {
    return contact.endedAtMs === null || (operation === "GetTranscript" && this.#habits.isReadableAfterEnd);
  }

  #seatOf(connectionToken: string | null): Seat | null {
    const valid = this.#validTokens.get(connectionToken ?? "");
    return valid && valid.expiresAtMs > this.#clock.nowMs ? valid.seat : null;
  }

  #connect({ bearer, body }: ServiceRequest): ServiceResponse {
    // An agent whose token came from Streams acknowledges the connection with that token.
    const seat = this.#seats.get(bearer ?? "") ?? this.#seatOf(bearer);
    if (seat === null || seat.contact.endedAtMs !== null) return errorResponse(403, "AccessDeniedException");
    const { Type } = JSON.parse(body || "{}") as { Type?: readonly string[] | null };
    const { token, expiresAtMs } = this.issueToken(seat);
    return respond(200, {
      ...(Type?.includes("WEBSOCKET") && {
        Websocket: {
          Url: this.#conditions.hasEmptyUrl() ? "" : this.issueUrl([seat]),
          ConnectionExpiry: isoOf(this.#clock.nowMs + URL_LIFE_MS),
        },
      }),
      ...(Type?.includes("CONNECTION_CREDENTIALS") && {
        ConnectionCredentials: { ConnectionToken: token, Expiry: isoOf(expiresAtMs) },
      }),
    });
  }

  /** Runs a call once per idempotency token. A repeated call gets the first call's response. */
  #once(
    { participant }: Seat,
    operation: string,
    { ClientToken }: Record<string, unknown>,
    act: () => ServiceResponse,
  ): ServiceResponse {
    if (typeof ClientToken !== "string") return act();
    const key = `${operation} ${ClientToken}`;
    const before = participant.responses.get(key) as ServiceResponse | undefined;
    if (before) return before;
    const first = act();
    if (first.status === 200) participant.responses.set(key, first);
    return first;
  }

  #message(
    { contact, participant }: Seat,
    { Content, ContentType }: Record<string, unknown>,
  ): ServiceResponse {
    const isProcessed = this.#habits.processesMessages && participant.role === "CUSTOMER";
    const item = this.#item(contact, participant, {
      Type: "MESSAGE",
      ContentType: String(ContentType),
      Content: String(Content),
    });
    const result = { Id: item.Id, AbsoluteTime: item.AbsoluteTime };
    if (!isProcessed) {
      this.push(contact, item);
      return respond(200, result);
    }
    const processing = { MessageProcessingStatus: "PROCESSING" } as const;
    this.push(contact, { ...item, MessageMetadata: processing }, participant.id);
    this.#clock.after(this.#random.logUniform(200, 3_000), () => {
      if (contact.endedAtMs !== null) return;
      const outcome = this.#random.next();
      if (outcome < 0.15) {
        const MessageProcessingStatus = outcome < 0.07 ? "FAILED" : "REJECTED";
        this.push(contact, { ...item, MessageMetadata: { MessageProcessingStatus } }, participant.id);
      } else if (outcome < 0.5) this.push(contact, { ...item, Content: `${String(Content)} (redacted)` });
      else this.push(contact, item);
    });
    return respond(200, { ...result, MessageMetadata: processing });
  }

  #event({ contact, participant }: Seat, { ContentType, Content }: Record<string, unknown>): ServiceResponse {
    if (ContentType === CONTENT_TYPE.read || ContentType === CONTENT_TYPE.delivered) {
      const { messageId } = JSON.parse(String(Content)) as { messageId: string };
      this.receipt(contact, participant, ContentType === CONTENT_TYPE.read ? "read" : "delivered", messageId);
    } else
      this.push(
        contact,
        this.#item(contact, participant, { Type: "EVENT", ContentType: String(ContentType) }),
      );
    return respond(200, { Id: this.#random.uuid(), AbsoluteTime: isoOf(this.#clock.nowMs) });
  }

  #transcript({ contact, participant }: Seat, body: Record<string, unknown>): ServiceResponse {
    const { StartPosition = {}, NextToken } = body;
    const page = contact.page(
      {
        maxResults: Number(body["MaxResults"] ?? 15),
        isForward: body["ScanDirection"] === "FORWARD",
        isAscending: body["SortOrder"] !== "DESCENDING",
        startPosition: StartPosition as { Id?: string; AbsoluteTime?: string; MostRecent?: number },
        nextToken: typeof NextToken === "string" && NextToken !== "" ? NextToken : null,
      },
      this.#clock.nowMs,
      participant.id,
    );
    if (page === null) return errorResponse(400, "ValidationException");
    return respond(200, {
      InitialContactId: contact.initialId,
      Transcript: page.items,
      ...(page.nextToken !== null && { NextToken: page.nextToken }),
    });
  }

  #disconnect({ contact, participant }: Seat): ServiceResponse {
    const isFirst = !contact.isInFlow;
    if (this.#habits.hasDisconnectFlow && participant.role === "CUSTOMER" && isFirst) {
      contact.isInFlow = true;
      const system = contact.participants.find(({ role }) => role === "SYSTEM");
      this.#clock.after(this.#random.logUniform(300, 5_000), () => {
        if (system && contact.endedAtMs === null) this.say(contact, system, "How did we do? 1 to 5");
      });
      this.#clock.after(this.#random.between(20_000, 60_000), () => this.end(contact));
    } else this.#clock.after(this.#random.logUniform(20, 1_500), () => this.end(contact));
    return respond(200, {});
  }

  // --- attachments ---------------------------------------------------------------------------------------------------

  #startUpload({ AttachmentName, ContentType }: Record<string, unknown>): ServiceResponse {
    const id = this.#random.uuid();
    this.#files.set(id, { name: String(AttachmentName), type: String(ContentType), isStored: false });
    return respond(200, {
      AttachmentId: id,
      UploadMetadata: {
        Url: `https://service.example/storage/${id}?X-Amz-Signature=storage-secret-${this.#random.uuid()}`,
        UrlExpiry: isoOf(this.#clock.nowMs + 900_000),
        HeadersToInclude: {},
      },
    });
  }

  #stored({ path }: ServiceRequest): ServiceResponse {
    const file = this.#files.get(path.split("/").at(-1) ?? "");
    if (file === undefined) return respond(404, undefined, { "content-type": "application/xml" });
    file.isStored = true;
    return respond(200, undefined, {});
  }

  #completeUpload(
    { contact, participant }: Seat,
    { AttachmentIds }: Record<string, unknown>,
  ): ServiceResponse {
    const [id] = AttachmentIds as readonly string[];
    const file = this.#files.get(id ?? "");
    if (id === undefined || !file?.isStored) return errorResponse(400, "ValidationException");
    this.attach(contact, participant, id, file.name, file.type);
    return respond(200, {});
  }

  attach(contact: Contact, by: Participant, attachmentId: string, name: string, type: string): void {
    const item = this.#item(contact, by, { Type: "ATTACHMENT", ContentType: type });
    const fileItem = (Status: "IN_PROGRESS" | "APPROVED" | "REJECTED"): WireItem => ({
      ...item,
      Attachments: [{ AttachmentId: attachmentId, AttachmentName: name, ContentType: type, Status }],
    });
    if (!this.#habits.scansAttachments) {
      this.push(contact, fileItem("APPROVED"));
      return;
    }
    this.push(contact, fileItem("IN_PROGRESS"));
    // A recovery starts ten seconds before the last item, and many scans take longer than that.
    const scanMs = this.#random.chance(0.5)
      ? this.#random.logUniform(300, 10_000)
      : this.#random.between(10_000, 60_000);
    this.#clock.after(scanMs, () => {
      if (contact.endedAtMs === null)
        this.push(contact, fileItem(this.#random.chance(0.8) ? "APPROVED" : "REJECTED"));
    });
  }

  /** Sends a bot's answer in chunks, and then sends the completed answer. */
  stream(contact: Contact, by: Participant, words: readonly string[], everyMs: number): void {
    const first = this.#item(contact, by, { Type: "MESSAGE", ContentType: CONTENT_TYPE.text });
    contact.streamingAnswers += 1;
    words.forEach((word, index) => {
      this.#clock.after(index * everyMs, () => {
        if (contact.endedAtMs !== null) return;
        const chunk: WireItem = {
          ...first,
          ...this.#stamp(),
          Content: word,
          MessageMetadata: { MessageCompleted: false, ChunkNumber: index + 1 },
        };
        this.push(contact, chunk, null, {
          ...chunk,
          AbsoluteTime: first.AbsoluteTime,
          Content: words.slice(0, index + 1).join(""),
        });
      });
    });
    this.#clock.after(words.length * everyMs, () => {
      contact.streamingAnswers -= 1;
      if (contact.endedAtMs !== null) return;
      const completedAnswer = {
        ...first,
        Content: words.join(""),
        MessageMetadata: { MessageCompleted: true },
      };
      this.push(contact, { ...completedAnswer, ...this.#stamp() }, null, completedAnswer);
    });
  }

  #stamp(): Partial<WireItem> {
    return this.#habits.stampsPieces ? { AbsoluteTime: isoOf(this.#clock.nowMs) } : {};
  }

  // --- sockets -------------------------------------------------------------------------------------------------------

  /** Opens the service's end of a new socket. Returns null if the URL is invalid or expired. */
  accept(url: string): ServiceSocket | null {
    const key = /socket-secret-([^&]+)/.exec(url)?.[1] ?? "";
    const issued = this.#urls.get(key);
    if (issued === undefined || issued.untilMs < this.#clock.nowMs) return null;
    const socket = new ServiceSocket((this.#lastSocketId += 1), issued);
    if (socket.isDone) return null;
    this.sockets.add(socket);
    return socket;
  }

  receive(socket: ServiceSocket, text: string): void {
    if (!socket.isOpen) return;
    const frame = JSON.parse(text) as { topic?: string; content?: unknown };
    switch (frame.topic) {
      case "aws/subscribe":
        this.#subscribe(socket, frame.content);
        return;
      case "aws/heartbeat":
        socket.transmit(JSON.stringify({ topic: "aws/heartbeat" }), null);
        return;
      case "aws/ping": {
        const isHealthy = this.#conditions.isPingHealthy();
        const status = isHealthy
          ? { statusCode: 200, statusContent: "OK" }
          : { statusCode: 500, statusContent: "FAILED" };
        socket.transmit(JSON.stringify({ topic: "aws/ping", ...status }), null);
        return;
      }
      default:
        socket.transmit(JSON.stringify({ message: "Forbidden", connectionId: "c", requestId: "r" }), null);
    }
  }

  #subscribe(socket: ServiceSocket, content: unknown): void {
    const { topics = [] } = (content ?? {}) as { topics?: readonly string[] };
    const { kind, delayMs } = this.#conditions.subscription();
    if (kind === "ignored") return;
    this.#clock.after(delayMs, () => {
      if (!socket.isOpen) return;
      if (kind === "granted" && !socket.isSubscribed) {
        socket.isSubscribed = true;
        socket.subscribedAtMs = this.#clock.nowMs;
      }
      const status = kind === "granted" ? "success" : "failure";
      socket.transmit(JSON.stringify({ topic: "aws/subscribe", content: { status, topics } }), null);
    });
  }

  /** Closes a socket on the service's side. */
  closeSocket(socket: ServiceSocket, code: number): void {
    if (!socket.isOpen) return;
    this.forget(socket);
    socket.drop(code);
  }

  forget(socket: ServiceSocket): void {
    socket.isOpen = false;
    this.sockets.delete(socket);
  }
}

const respond = (
  status: number,
  data: unknown,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
): ServiceResponse => ({ status, headers, body: data === undefined ? "" : jsonOf(data) });

const errorResponse = (status: number, type: string): ServiceResponse =>
  respond(
    status,
    { message: type },
    { "content-type": "application/json", "x-amzn-errortype": `${type}:http://internal.amazon.com/` },
  );
