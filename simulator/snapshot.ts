/** The simulator's state as JSON, for example to save it, or to start a simulator or a test with it. */
import type { Behaviors } from "./behaviors";
import type { Participant } from "./contact";
import type { Contacts } from "./contacts";
import { copyOf, type Item, type ParticipantRole } from "./items";
import type { Service, ServiceState } from "./service";
import type { Storage } from "./storage";

export interface SnapshotParticipant {
  participantId: string;
  role: ParticipantRole;
  displayName: string;
  participantToken: string;
  joined: boolean;
  left: boolean;
  isPlayed: boolean;
}

export interface SnapshotContact {
  contactId: string;
  initialContactId: string;
  startedAt: string;
  ended: boolean;
  attributes: Record<string, string>;
  authenticationSessionId: string | null;
  behaviors: Behaviors;
  participants: SnapshotParticipant[];
  /** Part of GetTranscript's page tokens, which stay valid after a restore. */
  transcriptId: string;
  transcript: Item[];
  /** For each item that not everybody sees, by item ID: the only participant who sees it, or null for nobody. */
  viewers: Record<string, string | null>;
}

export interface SnapshotToken {
  token: string;
  participantId: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface SnapshotAnswer {
  /** The operation, the participant and the client token of the call. */
  key: string;
  answer: unknown;
}

export interface SnapshotAttachment {
  attachmentId: string;
  contactId: string;
  uploaderId: string | null;
  name: string;
  contentType: string;
  sizeInBytes: number;
  completed: boolean;
  /** Null if the file hasn't been uploaded. */
  base64: string | null;
}

/** The simulator's state, without sockets and faults. */
export interface Snapshot {
  version: 1;
  /** ISO 8601. */
  takenAt: string;
  /** Oldest first. */
  contacts: SnapshotContact[];
  connectionTokens: SnapshotToken[];
  /** The responses to send again when a call is repeated with its client token. */
  answers: SnapshotAnswer[];
  attachments: SnapshotAttachment[];
  views: Record<string, unknown>;
}

/** The objects whose state a snapshot contains. */
export interface State {
  readonly contacts: Contacts;
  readonly storage: Storage;
  readonly service: Service;
  readonly behaviorsOf: (contactId: string) => Behaviors;
}

export function takeSnapshot({ contacts, storage, service, behaviorsOf }: State, now: number): Snapshot {
  const snapshot: Snapshot = {
    version: 1,
    takenAt: new Date(now).toISOString(),
    contacts: contacts.all.map((contact) => ({
      contactId: contact.contactId,
      initialContactId: contact.initialContactId,
      startedAt: contact.startedAt,
      ended: contact.ended,
      attributes: { ...contact.attributes },
      authenticationSessionId: contact.authenticationSessionId,
      behaviors: behaviorsOf(contact.contactId),
      participants: contact.participants.map(({ contact: _, ...participant }) => participant),
      transcriptId: contact.transcript.id,
      transcript: [...contact.transcript.items],
      viewers: Object.fromEntries(contact.transcript.viewers),
    })),
    connectionTokens: contacts.connectionTokens,
    answers: [...service.state.answers].map(([key, answer]) => ({ key, answer })),
    attachments: storage.attachments.map(({ uploader, bytes, headersToInclude: _, ...attachment }) => ({
      ...attachment,
      uploaderId: uploader?.participantId ?? null,
      base64: bytes?.toString("base64") ?? null,
    })),
    views: Object.fromEntries(service.state.views),
  };
  // A copy, because the state keeps changing.
  return copyOf(snapshot);
}

/** Fills empty contacts and an empty storage from a snapshot that has been checked. Returns the service's state. */
export function fillFromSnapshot(
  { contacts, storage }: Pick<State, "contacts" | "storage">,
  snapshot: Snapshot,
): ServiceState {
  const { connectionTokens, answers, attachments, views, ...rest } = copyOf(snapshot);
  const participants = new Map<string, Participant>();
  for (const { participants: saved, transcript, viewers, ended, ...identity } of rest.contacts) {
    const contact = contacts.create(identity);
    for (const each of saved) {
      participants.set(each.participantId, contacts.addParticipant(contact, each));
    }
    for (const item of transcript) {
      if (!ended) completeAnswer(item);
      contact.transcript.add(item, viewers[item.Id]);
    }
    contact.authenticationSessionId = identity.authenticationSessionId;
    contact.resume({ ended });
  }
  for (const { token, participantId, expiresAt } of connectionTokens) {
    const participant = participants.get(participantId);
    if (participant) contacts.restoreConnectionToken(token, participant, expiresAt);
  }
  for (const { uploaderId, base64, completed, ...file } of attachments) {
    const uploader = uploaderId === null ? null : (participants.get(uploaderId) ?? null);
    const attachment = storage.announce({ ...file, uploader });
    attachment.completed = completed;
    attachment.bytes = base64 === null ? null : Buffer.from(base64, "base64");
  }
  return {
    answers: new Map(answers.map(({ key, answer }) => [key, answer])),
    views: new Map(Object.entries(views)),
  };
}

/** Completes a streamed answer with the text so far, because nobody sends its remaining pieces after a restore. */
function completeAnswer({ MessageMetadata }: Item): void {
  if (MessageMetadata?.MessageCompleted === false) MessageMetadata.MessageCompleted = true;
}
