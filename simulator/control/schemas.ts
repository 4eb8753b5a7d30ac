/** The schemas of the control API's types. */
import { CLOSE_CODES } from "../close-codes";
import { MAX_MEDIA_TYPE_LENGTH, MEDIA_TYPE } from "../media-type";
import {
  anything,
  choice,
  constant,
  either,
  flag,
  integer,
  list,
  map,
  named,
  nullable,
  number,
  object,
  optional,
  text,
  variants,
  type Schema,
} from "./schema";
import { MAX_DELAY_MS, MAX_FAULT_MS } from "../fault-limits";
import { ANY_OPERATION, SERVICE_OPERATIONS, type FaultOperation } from "../service-operations";
import type {
  ActiveFault,
  AttachmentInfo,
  Behaviors,
  ContactDetails,
  ContactSummary,
  Fault,
  FaultScopeInput,
  FaultTargetInput,
  Item,
  LastItem,
  ParticipantRole,
  ParticipantSummary,
  Snapshot,
  SnapshotAnswer,
  SnapshotAttachment,
  SnapshotContact,
  SnapshotParticipant,
  SnapshotToken,
  Status,
  TrafficEntry,
  WaitCondition,
} from "./types";

const MAX_PATTERN_LENGTH = 200;

const time = (description: string): Schema<string> => text(`${description} ISO 8601.`);
const id = (description: string): Schema<string> => text(description, { minLength: 1 });
/** An attachment's content type. It becomes a header of each download. */
export const MEDIA_TYPE_TEXT: Schema<string> = text("The file's type, such as image/png.", {
  maxLength: MAX_MEDIA_TYPE_LENGTH,
  format: { pattern: MEDIA_TYPE, expected: "a media type such as image/png" },
});
export const delay = (description: string): Schema<number> =>
  integer(description, { minimum: 0, maximum: MAX_DELAY_MS });

export const ROLE: Schema<ParticipantRole> = named(
  "ParticipantRole",
  choice(["AGENT", "CUSTOMER", "SYSTEM", "SUPERVISOR", "CUSTOM_BOT"]),
);

const ATTACHMENT_INFO: Schema<AttachmentInfo> = object({
  AttachmentId: id("The attachment's ID."),
  AttachmentName: text("The file's name."),
  ContentType: text("The file's type."),
  Status: choice(["IN_PROGRESS", "APPROVED", "REJECTED"]),
});

const MESSAGE_METADATA: Schema<NonNullable<Item["MessageMetadata"]>> = object({
  MessageId: id("The message's ID."),
  Receipts: optional(
    list(
      object({
        RecipientParticipantId: id("The ID of the participant who received or read the message."),
        DeliveredTimestamp: optional(time("When it was delivered.")),
        ReadTimestamp: optional(time("When it was read.")),
      }),
    ),
  ),
  MessageProcessingStatus: optional(choice(["PROCESSING", "FAILED", "REJECTED"])),
  MessageCompleted: optional(flag("Whether a streamed answer is complete.")),
  ChunkNumber: optional(integer("The number of a streamed answer's piece, from 1.")),
});

const ITEM_TYPE = choice(["MESSAGE", "EVENT", "ATTACHMENT", "MESSAGEMETADATA"]);

export const ITEM: Schema<Item> = named(
  "Item",
  object(
    {
      Id: id("The item's ID."),
      AbsoluteTime: time("When it was sent."),
      Type: ITEM_TYPE,
      ContentType: text("The content type."),
      Content: optional(text("The text. For content types other than text, JSON.")),
      ParticipantId: optional(text("The sender's ID.")),
      ParticipantRole: optional(ROLE),
      DisplayName: optional(text("The sender's name.")),
      Attachments: optional(list(ATTACHMENT_INFO)),
      MessageMetadata: optional(MESSAGE_METADATA),
      ContactId: optional(text("The contact's ID.")),
      InitialContactId: optional(text("The ID of the first contact of the chat.")),
    },
    "An item as the Participant Service sends it.",
  ),
);

/** New values for an item's fields. Null removes a field. */
export const ITEM_CHANGES = object(
  {
    AbsoluteTime: optional(time("When it was sent.")),
    Type: optional(ITEM_TYPE),
    ContentType: optional(text("The content type.")),
    Content: optional(nullable(text("The text."))),
    ParticipantId: optional(nullable(text("The sender's ID."))),
    ParticipantRole: optional(nullable(ROLE)),
    DisplayName: optional(nullable(text("The sender's name."))),
    Attachments: optional(nullable(list(ATTACHMENT_INFO))),
    MessageMetadata: optional(nullable(MESSAGE_METADATA)),
    ContactId: optional(nullable(text("The contact's ID."))),
    InitialContactId: optional(nullable(text("The ID of the first contact of the chat."))),
  },
  "New values for the item's fields. null removes a field.",
);

const PARTICIPANT: Schema<ParticipantSummary> = named(
  "Participant",
  object({
    participantId: id("The participant's ID."),
    role: ROLE,
    displayName: text("The name that other participants see."),
    joined: flag("Whether participant.joined has been sent."),
    left: flag("Whether the participant has left."),
    connected: flag("Whether the participant has a subscribed socket right now."),
    isPlayed: flag("Whether the control API plays the participant, so that no page is needed."),
  }),
);

const LAST_ITEM: Schema<LastItem> = object({
  at: time("When it was sent."),
  role: nullable(ROLE),
  text: text("The message's text, the file's name, or the event's name."),
});

const SUMMARY = {
  contactId: id("The contact's ID."),
  initialContactId: id("The ID of the first contact of the chat."),
  startedAt: time("When the contact started."),
  ended: flag("Whether the chat has ended."),
  displayName: text("The customer's name."),
  participants: list(PARTICIPANT),
  items: integer("How many items the transcript has."),
  lastItem: nullable(LAST_ITEM),
};

export const CONTACT_SUMMARY: Schema<ContactSummary> = named("ContactSummary", object(SUMMARY));

const BEHAVIOR = {
  bot: nullable(choice(["echo"], "echo answers each of the customer's messages and attachments.")),
  disconnectFlow: choice(
    ["none", "survey"],
    "survey asks the customer to rate the chat when a DisconnectParticipant call would end it.",
  ),
  processing: choice(
    ["none", "redact", "fail", "reject"],
    "What happens to clients' messages before others receive them. redact replaces numbers with four or more digits.",
  ),
  processingDelayMs: delay("How long processing takes. Default 1,000."),
  scanning: choice(
    ["none", "approve", "reject"],
    "What happens to clients' attachments before they can be downloaded.",
  ),
  scanningDelayMs: delay("How long scanning takes. Default 1,000."),
};

export const BEHAVIORS: Schema<Behaviors> = named("Behaviors", object(BEHAVIOR));

export const BEHAVIOR_CHANGES = object({
  bot: optional(BEHAVIOR.bot),
  disconnectFlow: optional(BEHAVIOR.disconnectFlow),
  processing: optional(BEHAVIOR.processing),
  processingDelayMs: optional(BEHAVIOR.processingDelayMs),
  scanning: optional(BEHAVIOR.scanning),
  scanningDelayMs: optional(BEHAVIOR.scanningDelayMs),
});

export const ATTRIBUTES = map(text("The attribute's value."), "The contact's attributes.");

export const CONTACT: Schema<ContactDetails> = named(
  "Contact",
  object({
    ...SUMMARY,
    attributes: ATTRIBUTES,
    behaviors: BEHAVIORS,
    authenticationSessionId: nullable(text("The session ID of the sign-in in progress.")),
    transcript: list(ITEM, "Oldest item first."),
  }),
);

export const STATUS: Schema<Status> = named(
  "Status",
  object({
    version: text("The package's version."),
    endpoint: text("The address for setGlobalConfig({ endpoint }), as the caller sees the simulator."),
    startedAt: time("When the simulator started."),
    contacts: integer("How many contacts there are."),
    sockets: integer("How many sockets are open."),
    faults: integer("How many faults are active."),
    bot: nullable(choice(["echo", "script"], "The bot of new chats.")),
    seed: integer("The seed of the faults' random source."),
    latencyMs: integer("The delay of every call."),
    transcriptLagMs: integer("How far transcripts lag behind."),
  }),
);

const TARGET_FIELDS = {
  contactId: optional(id("Only participants of this contact.")),
  participantId: optional(id("Only this participant.")),
};

const TARGET: Schema<FaultTargetInput> = named(
  "FaultTarget",
  object(TARGET_FIELDS, "Whom the fault hits. Without either field, everybody."),
);

export const SCOPE: Schema<FaultScopeInput> = named(
  "FaultScope",
  object(
    {
      ...TARGET_FIELDS,
      times: optional(integer("How many times it hits.", { minimum: 1 })),
      chance: optional(number("The probability of each hit.", { minimum: 0, maximum: 1 })),
      forMs: optional(
        integer("How long it lasts, in milliseconds, up to 24 hours.", { minimum: 1, maximum: MAX_FAULT_MS }),
      ),
      untilCleared: optional(flag("Whether it lasts until it is removed. Excludes times and forMs.")),
    },
    "Whom the fault hits, how often, and for how long. Without times, chance, forMs and untilCleared, error, cut, " +
      "garble, frames and storage hit once. latency, transcriptLag, halfOpen, refuseSockets and refuseSubscriptions " +
      "last until they are removed.",
  ),
);

const OPERATION: Schema<FaultOperation> = choice(
  [...SERVICE_OPERATIONS, ANY_OPERATION],
  "An operation, or * for all.",
);
const STATUS_CODE = integer("The HTTP status.", { minimum: 400, maximum: 599 });
const scoped = { scope: optional(SCOPE) };
const targeted = { scope: optional(TARGET) };

const PLANNED_FAULTS = {
  latency: object(
    {
      kind: choice(["latency"]),
      delayMs: delay("How long each call waits."),
      jitterMs: optional(delay("The maximum random extra delay.")),
      operation: optional(OPERATION),
      ...scoped,
    },
    "Delays calls, uploads and downloads. With an operation, delays only its calls.",
  ),
  error: object(
    {
      kind: choice(["error"]),
      operation: OPERATION,
      status: STATUS_CODE,
      from: optional(
        choice(
          ["service", "gateway", "proxy", "nobody"],
          "Who refuses: the service (default), an API gateway, a proxy (with HTML), or nobody (an empty response).",
        ),
      ),
      retryAfterSeconds: optional(integer("Sent as Retry-After.", { minimum: 0 })),
      message: optional(text("The error's message.")),
      ...scoped,
    },
    "Refuses calls before the service acts.",
  ),
  cut: object(
    {
      kind: choice(["cut"]),
      operation: OPERATION,
      when: choice(
        ["before", "after", "midAnswer"],
        "Before the service acts, after that, or in the middle of the response.",
      ),
      ...scoped,
    },
    "Breaks the connection of calls.",
  ),
  garble: object(
    {
      kind: choice(["garble"]),
      operation: OPERATION,
      body: optional(text("The body to send instead of the service's response. Default: an HTML page.")),
      ...scoped,
    },
    "Lets the service act, then sends another body with status 200.",
  ),
  halfOpen: object(
    {
      kind: choice(["halfOpen"]),
      frames: choice(["lose", "hold"], "Whether frames are lost, or held back until the fault ends."),
      ...scoped,
    },
    "Keeps sockets open, but passes no frames in either direction. Each socket counts once: with times, the fault " +
      "hits that many sockets, first the open ones, and each hit lasts until that socket closes or the fault ends.",
  ),
  refuseSockets: object(
    { kind: choice(["refuseSockets"]), status: optional(STATUS_CODE), ...scoped },
    "Refuses new sockets, by default with 403. Open sockets stay open.",
  ),
  refuseSubscriptions: object(
    { kind: choice(["refuseSubscriptions"]), ...scoped },
    "Makes subscriptions fail.",
  ),
  frames: object(
    {
      kind: choice(["frames"]),
      transform: choice(["drop", "duplicate", "reorder", "truncate", "corrupt", "corruptContent", "delay"]),
      delayMs: optional(delay("The delay, for the transform delay. Default 1,000.")),
      ...scoped,
    },
    "Changes chat frames.",
  ),
  transcriptLag: object(
    { kind: choice(["transcriptLag"]), lagMs: delay("How far the transcript lags behind."), ...scoped },
    "Makes GetTranscript omit items that are newer than lagMs.",
  ),
  storage: object(
    {
      kind: choice(["storage"]),
      action: choice(["put", "get"], "Uploads or downloads."),
      status: optional(STATUS_CODE),
      code: optional(text("The code in the XML error. Default AccessDenied.")),
      delayMs: optional(delay("Delays the upload or download instead of refusing it.")),
      ...scoped,
    },
    "Refuses uploads or downloads. Without a status or a delay, breaks their connection.",
  ),
};

/** Faults that act once, when they are added. */
const INSTANT_FAULTS = {
  dropSockets: object(
    {
      kind: choice(["dropSockets"]),
      code: optional(
        integer("The close code. If it is missing or 1006, sockets break without a close frame.", {
          ranges: CLOSE_CODES,
        }),
      ),
      ...targeted,
    },
    "Drops all open sockets.",
  ),
  expireTokens: object(
    { kind: choice(["expireTokens"]), ...targeted },
    "Expires the connection tokens issued so far.",
  ),
  expireSocketUrls: object(
    { kind: choice(["expireSocketUrls"]), ...targeted },
    "Expires the socket URLs issued so far.",
  ),
  restart: object(
    { kind: choice(["restart"]), downMs: delay("How long the simulator is down.") },
    "Stops the simulator, and starts it again with the same state.",
  ),
};

export const FAULT: Schema<Fault> = named(
  "Fault",
  variants("kind", { ...PLANNED_FAULTS, ...INSTANT_FAULTS }),
);

const DESCRIBED_FAULT: Schema<ActiveFault["fault"]> = named(
  "DescribedFault",
  variants("kind", {
    ...PLANNED_FAULTS,
    custom: object(
      { kind: choice(["custom"]), text: text("What the fault does."), ...scoped },
      "A fault that a test's code added and that this API can't express.",
    ),
  }),
);

export const ACTIVE_FAULT: Schema<ActiveFault> = named(
  "ActiveFault",
  object({
    id: id("The fault's ID."),
    addedAt: time("When it was added."),
    fault: DESCRIBED_FAULT,
    hits: integer("The number of hits so far."),
    hitsLeft: nullable(
      integer(
        "The number of remaining hits; null if unlimited. 0 for halfOpen while the stalled sockets are open.",
      ),
    ),
    endsAt: nullable(time("When it ends; null if it isn't limited in time.")),
  }),
);

export const TRAFFIC_ENTRY: Schema<TrafficEntry> = named(
  "TrafficEntry",
  object({
    number: integer("Counts up from 1."),
    at: time("When the call, transfer, event or frame began."),
    contactId: nullable(text("The contact's ID.")),
    participantId: nullable(text("The participant's ID.")),
    role: nullable(ROLE),
    kind: choice(["call", "storage", "socket", "frame"]),
    direction: nullable(choice(["in", "out"], "From the simulator's point of view.")),
    name: text(
      "The operation; put or get; opened, subscribed, closed or refused; a frame's topic or content type.",
    ),
    status: optional(integer("The HTTP status, or a socket's close code; 0 if a connection broke.")),
    durationMs: optional(integer("The duration.")),
    origin: optional(text("The origin of the page that made a call, from the Origin header.")),
    fault: optional(text("The ID of the fault that affected this entry.")),
    request: optional(anything("The body, with tokens and signed URLs redacted.")),
    response: optional(anything("The response, with tokens and signed URLs redacted.")),
  }),
);

export const WAIT: Schema<WaitCondition & { timeoutMs?: number }> = named(
  "Wait",
  object({
    for: choice(["message", "event", "attachment", "receipt", "end", "connected"]),
    matches: optional(
      text(
        "A substring of a message's content, an event's content, a file's name, or the ID of a receipt's message.",
      ),
    ),
    pattern: optional(
      text(
        "A JavaScript regular expression for the same text. It runs on the simulator, which serves nothing else " +
          "meanwhile, so avoid nested repetition such as (a+)+.",
        { maxLength: MAX_PATTERN_LENGTH },
      ),
    ),
    contentType: optional(text("The item's content type.")),
    name: optional(text("The end of an event's content type, such as typing.")),
    role: optional(ROLE),
    sinceId: optional(id("Only items after this one.")),
    timeoutMs: optional(integer("How long to wait. Default 5,000.", { minimum: 0, maximum: 120_000 })),
  }),
);

const SNAPSHOT_PARTICIPANT: Schema<SnapshotParticipant> = object({
  participantId: id("The participant's ID."),
  role: ROLE,
  displayName: text("The name that other participants see."),
  participantToken: id("The participant token."),
  joined: flag("Whether participant.joined has been sent."),
  left: flag("Whether the participant has left."),
  isPlayed: flag("Whether the control API plays the participant."),
});

const SNAPSHOT_CONTACT: Schema<SnapshotContact> = object({
  contactId: id("The contact's ID."),
  initialContactId: id("The ID of the first contact of the chat."),
  startedAt: time("When the contact started."),
  ended: flag("Whether the chat has ended."),
  attributes: ATTRIBUTES,
  authenticationSessionId: nullable(text("The session ID of the sign-in in progress.")),
  behaviors: BEHAVIORS,
  participants: list(SNAPSHOT_PARTICIPANT),
  transcriptId: id("Part of GetTranscript's page tokens, which stay valid after a restore."),
  transcript: list(ITEM),
  viewers: map(
    nullable(text("The participant who sees the item, or null for nobody.")),
    "The viewers of items that not everybody sees, by item ID.",
  ),
});

const SNAPSHOT_TOKEN: Schema<SnapshotToken> = object({
  token: id("The connection token."),
  participantId: id("The participant's ID."),
  expiresAt: number("Epoch milliseconds."),
});

const SNAPSHOT_ANSWER: Schema<SnapshotAnswer> = object({
  key: id("The operation, the participant and the client token of the call."),
  answer: anything("The response to send again."),
});

const SNAPSHOT_ATTACHMENT: Schema<SnapshotAttachment> = object({
  attachmentId: id("The attachment's ID."),
  contactId: id("The contact's ID."),
  uploaderId: nullable(text("The participant who uploaded it.")),
  name: text("The file's name."),
  contentType: MEDIA_TYPE_TEXT,
  sizeInBytes: integer("The file's size.", { minimum: 0 }),
  completed: flag("Whether the upload is complete."),
  base64: nullable(text("The bytes; null if they haven't been uploaded.")),
});

export const SNAPSHOT: Schema<Snapshot> = named(
  "Snapshot",
  object({
    version: constant(1),
    takenAt: time("When it was taken."),
    contacts: list(SNAPSHOT_CONTACT, "Oldest first."),
    connectionTokens: list(SNAPSHOT_TOKEN),
    answers: list(
      SNAPSHOT_ANSWER,
      "The responses to send again when a call is repeated with its client token.",
    ),
    attachments: list(SNAPSHOT_ATTACHMENT),
    views: map(anything("The view."), "DescribeView's responses, by view token."),
  }),
);

export const ADDED_AGENT = named(
  "AgentConnection",
  object({
    contactId: id("The contact's ID."),
    initialContactId: id("The ID of the first contact of the chat."),
    participantId: id("The participant's ID."),
    participantToken: id("The participant token, for a page that plays the participant."),
    connectionToken: id("A connection token."),
    connectionTokenExpiry: time("When the connection token expires."),
    displayName: text("The name that other participants see."),
  }),
);

export const STARTED_CHAT = named(
  "StartedChat",
  object(
    {
      ContactId: id("The contact's ID."),
      ParticipantId: id("The customer's participant ID."),
      ParticipantToken: id("The customer's participant token."),
    },
    "StartChatContact's response. Pass it to ChatSession.create as chatDetails.",
  ),
);

export const JUST_ITEM = object({ item: ITEM });
export const TRANSFER = either(ADDED_AGENT, JUST_ITEM);
