/** The Participant Service's operations, as seen by a client. */
import { socketAddress } from "./address";
import { EVENT } from "./items";
import type { Participant } from "./contact";
import type { Contacts } from "./contacts";
import { participantRef } from "./fault-rules";
import type { Faults } from "./faults";
import { Refusal, type Body } from "./http";
import { SimulatorInputError } from "./input-error";
import { isTooDeep, MAX_JSON_DEPTH } from "./json";
import type { Limits } from "./limits";
import type { Sockets } from "./sockets";
import type { Storage } from "./storage";
import {
  count,
  messageIdOf,
  optionalCount,
  optionalFlag,
  optionalText,
  text,
  textList,
  transcriptQuery,
  wellFormedText,
} from "./validation";

/** The range that GetAttachment accepts for UrlExpiryInSeconds. */
const URL_EXPIRY_SECONDS = [5, 300] as const;

const RECEIPTS: Readonly<Record<string, "read" | "delivered">> = {
  [`${EVENT}message.read`]: "read",
  [`${EVENT}message.delivered`]: "delivered",
};

export interface ServiceOptions {
  readonly receiptContactIds: "with" | "without" | "alternate";
  readonly limits: Limits;
  /** How many of the latest responses to calls with a client token to keep. */
  readonly maxIdempotentResponses: number;
  readonly now: () => number;
  readonly faults: Faults;
}

/** An incoming call. */
export interface Call {
  readonly operation: string;
  readonly bearer: string;
  readonly body: Body;
  /** The address that the caller used. The URLs in the response start with this address. */
  readonly address: string;
  /** DescribeView's view token. */
  readonly viewToken?: string;
}

/** The service's state other than contacts and attachments. */
export interface ServiceState {
  /** The responses to send again when a call is repeated with its client token, by operation, participant and token. */
  readonly answers: ReadonlyMap<string, unknown>;
  readonly views: ReadonlyMap<string, unknown>;
}

export class Service {
  readonly #contacts: Contacts;
  readonly #sockets: Sockets;
  readonly #storage: Storage;
  readonly #options: ServiceOptions;
  /** Responses by operation, participant and ClientToken. The service doesn't document how long it keeps responses. */
  readonly #idempotentAnswers = new Map<string, unknown>();
  readonly #views = new Map<string, unknown>();
  #receipts = 0;

  constructor(contacts: Contacts, sockets: Sockets, storage: Storage, options: ServiceOptions) {
    this.#contacts = contacts;
    this.#sockets = sockets;
    this.#storage = storage;
    this.#options = options;
  }

  /** Sets DescribeView's response for a view token. */
  setView(viewToken: string, view: unknown): void {
    if (isTooDeep(view))
      throw new SimulatorInputError("view", `must not be nested deeper than ${MAX_JSON_DEPTH} levels.`);
    this.#views.set(viewToken, view);
  }

  get state(): ServiceState {
    return { answers: this.#idempotentAnswers, views: this.#views };
  }

  /** Replaces the state. Without an argument, clears it. */
  restore({ answers, views }: ServiceState = { answers: new Map(), views: new Map() }): void {
    this.#idempotentAnswers.clear();
    this.#views.clear();
    for (const [key, answer] of answers) this.#keepAnswer(key, answer);
    for (const [viewToken, view] of views) this.#views.set(viewToken, view);
  }

  /** Performs a call and returns the response. Throws a Refusal if the call isn't allowed. */
  perform(call: Call): unknown {
    const participant = this.participantOf(call);
    if (!participant) throw new Refusal(403, "Access denied: the token is wrong or has expired.");
    const clientToken = call.body["ClientToken"];
    if (clientToken !== undefined && (typeof clientToken !== "string" || clientToken.length > 500)) {
      throw new Refusal(400, "ClientToken must be a string of at most 500 characters.");
    }
    const key = `${call.operation} ${participant.participantId} ${clientToken ?? ""}`;
    if (clientToken !== undefined && this.#idempotentAnswers.has(key))
      return this.#idempotentAnswers.get(key);
    // For GetTranscript, this is a guess: the service doesn't document how long a transcript stays readable after the
    // end.
    if (participant.contact.ended || participant.left)
      throw new Refusal(403, "Access denied: the chat has ended.");
    const answer = this.#dispatch(call, participant);
    if (clientToken !== undefined) this.#keepAnswer(key, answer);
    return answer;
  }

  #keepAnswer(key: string, answer: unknown): void {
    const answers = this.#idempotentAnswers;
    answers.set(key, answer);
    if (answers.size <= this.#options.maxIdempotentResponses) return;
    const [oldest] = answers.keys();
    if (oldest !== undefined) answers.delete(oldest);
  }

  /**
   * Returns the token's owner. CreateParticipantConnection takes a participant token, and all other operations take a
   * connection token.
   */
  participantOf({ operation, bearer }: Pick<Call, "operation" | "bearer">): Participant | undefined {
    return operation === "CreateParticipantConnection"
      ? (this.#contacts.byParticipantToken(bearer) ?? this.#agentByConnectionToken(bearer))
      : this.#contacts.byConnectionToken(bearer);
  }

  /**
   * Returns a connection token's agent. Unlike customers, agents can acknowledge their contact with a connection token.
   */
  #agentByConnectionToken(bearer: string): Participant | undefined {
    const found = this.#contacts.byConnectionToken(bearer);
    return found?.role === "AGENT" ? found : undefined;
  }

  #dispatch(call: Call, participant: Participant): unknown {
    const { operation, body, viewToken, address } = call;
    switch (operation) {
      case "CreateParticipantConnection":
        return this.#createConnection(call, participant);
      case "SendMessage":
        return this.#sendMessage(body, participant);
      case "SendEvent":
        return this.#sendEvent(body, participant);
      case "GetTranscript":
        return this.#getTranscript(body, participant);
      case "DisconnectParticipant":
        participant.contact.disconnect(participant);
        this.#sockets.closeEnded();
        return {};
      case "StartAttachmentUpload":
        return this.#startUpload(call, participant);
      case "CompleteAttachmentUpload":
        return this.#completeUpload(body, participant);
      case "GetAttachment":
        return this.#getAttachment(call, participant);
      case "DescribeView":
        return this.#describeView(viewToken ?? "");
      case "GetAuthenticationUrl": {
        const redirect = encodeURIComponent(wellFormedText(body, "RedirectUri"));
        const session = encodeURIComponent(authenticationSession(body, participant));
        return {
          AuthenticationUrl: `${address}/authenticate?session=${session}&redirect_uri=${redirect}`,
        };
      }
      case "CancelParticipantAuthentication":
        authenticationSession(body, participant);
        participant.contact.endAuthentication("authentication.cancelled", participant);
        return {};
      default:
        throw new Refusal(404, "Unknown operation.", "gateway");
    }
  }

  #createConnection({ body, address }: Call, participant: Participant): unknown {
    const types = body["Type"] === undefined ? [] : textList(body, "Type");
    const acknowledge = optionalFlag(body, "ConnectParticipant");
    if (types.length === 0 && !acknowledge) throw new Refusal(400, "Type or ConnectParticipant is required.");
    const unknown = types.find((type) => !["WEBSOCKET", "CONNECTION_CREDENTIALS"].includes(type));
    if (unknown !== undefined)
      throw new Refusal(400, `Type must be WEBSOCKET or CONNECTION_CREDENTIALS; got ${unknown}.`);
    if (acknowledge) participant.contact.join(participant);
    const socket = types.includes("WEBSOCKET") ? this.#sockets.sign([participant]) : null;
    const token = types.includes("CONNECTION_CREDENTIALS")
      ? this.#contacts.issueConnectionToken(participant)
      : null;
    return {
      ...(socket && {
        Websocket: {
          Url: socketAddress(address) + socket.path,
          ConnectionExpiry: socket.expiry,
        },
      }),
      ...(token && { ConnectionCredentials: { ConnectionToken: token.token, Expiry: token.expiry } }),
    };
  }

  #sendMessage(body: Body, participant: Participant): unknown {
    const Content = text(body, "Content");
    const ContentType = text(body, "ContentType");
    this.#options.limits.checkMessage(ContentType, Content);
    const item = participant.contact.say({ Type: "MESSAGE", ContentType, Content }, participant);
    const status = item.MessageMetadata?.MessageProcessingStatus;
    return {
      Id: item.Id,
      AbsoluteTime: item.AbsoluteTime,
      ...(status && { MessageMetadata: { MessageProcessingStatus: status } }),
    };
  }

  #sendEvent(body: Body, participant: Participant): unknown {
    const ContentType = text(body, "ContentType");
    const content = optionalText(body, "Content");
    const { contact } = participant;
    const kind = RECEIPTS[ContentType];
    if (kind) {
      if (contact.activeParticipants.length > 2) {
        throw new Refusal(409, "Receipts are not supported with more than two participants.");
      }
      const item = contact.receipt(kind, messageIdOf(content), participant, this.nextReceiptHasContactIds());
      return { Id: item.Id, AbsoluteTime: item.AbsoluteTime };
    }
    if (!ContentType.startsWith(EVENT)) throw new Refusal(400, `ContentType must begin with "${EVENT}".`);
    const stored = ContentType !== `${EVENT}typing`;
    const item = contact.add(
      { Type: "EVENT", ContentType, ...(content !== undefined && { Content: content }) },
      participant,
      stored,
    );
    return { Id: item.Id, AbsoluteTime: item.AbsoluteTime };
  }

  /** Whether the next receipt has contact IDs. The service sends receipts with and without them. */
  nextReceiptHasContactIds(): boolean {
    if (this.#options.receiptContactIds !== "alternate") return this.#options.receiptContactIds === "with";
    this.#receipts += 1;
    return this.#receipts % 2 === 1;
  }

  #startUpload({ body, address }: Call, participant: Participant): unknown {
    const { limits } = this.#options;
    const name = text(body, "AttachmentName");
    const contentType = text(body, "ContentType");
    const size = count(body, "AttachmentSizeInBytes", [1, limits.attachmentBytes]);
    limits.checkFileName(name);
    const attachment = this.#storage.announce({
      ...{ name, contentType, sizeInBytes: size, uploader: participant },
      contactId: participant.contact.contactId,
    });
    const { path, expiry } = this.#storage.sign("put", attachment);
    return {
      AttachmentId: attachment.attachmentId,
      UploadMetadata: {
        Url: address + path,
        UrlExpiry: expiry,
        HeadersToInclude: attachment.headersToInclude,
      },
    };
  }

  #completeUpload(body: Body, participant: Participant): unknown {
    // Check all attachments before completing the first one, so that a refused call doesn't complete any.
    const attachments = textList(body, "AttachmentIds").map((attachmentId) => {
      const attachment = this.#storage.find(attachmentId);
      if (attachment?.uploader !== participant)
        throw new Refusal(400, `The caller has no attachment ${attachmentId}.`);
      if (attachment.bytes === null)
        throw new Refusal(409, `Attachment ${attachmentId} hasn't been uploaded.`);
      return attachment;
    });
    for (const attachment of attachments) {
      if (attachment.completed) continue;
      attachment.completed = true;
      const { attachmentId, name, contentType } = attachment;
      participant.contact.attach(
        { AttachmentId: attachmentId, AttachmentName: name, ContentType: contentType },
        participant,
      );
    }
    return {};
  }

  #getAttachment({ body, address }: Call, participant: Participant): unknown {
    const attachmentId = text(body, "AttachmentId");
    const attachment = this.#storage.find(attachmentId);
    if (!attachment || !participant.contact.transcript.hasApproved(attachmentId)) {
      throw new Refusal(400, `The chat has no approved attachment ${attachmentId}.`);
    }
    const lifeSeconds = optionalCount(body, "UrlExpiryInSeconds", URL_EXPIRY_SECONDS);
    const { path, expiry } = this.#storage.sign("get", attachment, lifeSeconds);
    return {
      Url: address + path,
      UrlExpiry: expiry,
      AttachmentSizeInBytes: attachment.sizeInBytes,
    };
  }

  #getTranscript(body: Body, participant: Participant): unknown {
    const { contact, participantId } = participant;
    const contactId = optionalText(body, "ContactId");
    if (contactId !== undefined && contactId !== contact.contactId)
      throw new Refusal(400, "ContactId must be this chat's contact ID.");
    const { now, faults } = this.#options;
    const lag = faults.takeLag([participantRef(participant)]);
    const untilMs = lag.ms > 0 ? now() - lag.ms : null;
    const page = contact.transcript.page(transcriptQuery(body), participantId, untilMs);
    if (page === null) throw new Refusal(400, "StartPosition or NextToken is not valid.");
    return {
      InitialContactId: contact.initialContactId,
      Transcript: page.transcript,
      ...(page.nextToken !== undefined && { NextToken: page.nextToken }),
    };
  }

  #describeView(viewToken: string): unknown {
    const view = this.#views.get(viewToken);
    if (view === undefined) throw new Refusal(404, "There is no view for this ViewToken.");
    return { View: view };
  }
}

/** Reads SessionId. While an authentication is in progress, only its session ID is accepted. */
function authenticationSession(body: Body, { contact: { authenticationSessionId } }: Participant): string {
  const sessionId = wellFormedText(body, "SessionId");
  if (authenticationSessionId !== null && sessionId !== authenticationSessionId) {
    throw new Refusal(400, "SessionId isn't that of the authentication in progress.");
  }
  return sessionId;
}
