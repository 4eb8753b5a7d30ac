/**
 * The control API's operations. This is the only list of the API's routes. The router, the OpenAPI document and the
 * handlers' types derive from it. Nothing here needs Node, because the panel's page also imports this file.
 */
import {
  ABSENT,
  anything,
  choice,
  flag,
  integer,
  list,
  map,
  object,
  optional,
  text,
  type AnySchema,
  type Schema,
  type ValueOf,
} from "./schema";
import {
  ACTIVE_FAULT,
  ADDED_AGENT,
  ATTRIBUTES,
  BEHAVIORS,
  BEHAVIOR_CHANGES,
  CONTACT,
  CONTACT_SUMMARY,
  delay,
  FAULT,
  ITEM,
  ITEM_CHANGES,
  JUST_ITEM,
  MEDIA_TYPE_TEXT,
  ROLE,
  SNAPSHOT,
  STARTED_CHAT,
  STATUS,
  TRAFFIC_ENTRY,
  TRANSFER,
  WAIT,
} from "./schemas";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The statuses of errors that only some operations can return. */
export type ErrorStatus = 404 | 408 | 409;

/** The content type of an operation's response. */
export type Produces = "application/json" | "application/octet-stream" | "text/event-stream";

/** An operation's type for the router and the OpenAPI document. */
export interface AnyOperation {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly query: AnySchema;
  readonly body: AnySchema;
  readonly answer: AnySchema;
  readonly produces: Produces;
  readonly errors: readonly ErrorStatus[];
}

export interface Operation<Path extends string, Query, Body, Answer> extends AnyOperation {
  readonly path: Path;
  readonly query: Schema<Query>;
  readonly body: Schema<Body>;
  readonly answer: Schema<Answer>;
}

const NOTHING = object({});

/** The defaults, which operations with a query or a body override. */
const NO_INPUT = { query: ABSENT, body: ABSENT };

function operation<const Path extends string, Query, Body, Answer>({
  errors,
  produces = "application/json",
  ...definition
}: {
  method: Method;
  path: Path;
  summary: string;
  query: Schema<Query>;
  body: Schema<Body>;
  answer: Schema<Answer>;
  /** Default: 404 if the path has parameters. */
  errors?: readonly ErrorStatus[];
  produces?: Produces;
}): Operation<Path, Query, Body, Answer> {
  return { ...definition, produces, errors: errors ?? (definition.path.includes("{") ? [404] : []) };
}

/** The errors of an operation on a chat that must not have ended. */
const IN_CHAT: readonly ErrorStatus[] = [404, 409];

const DISPLAY_NAME = text("The name that other participants see.", { minLength: 1, maxLength: 256 });
const byRole = { role: optional(ROLE), displayName: optional(DISPLAY_NAME) };
const CONTENT_TYPE = text("A content type.", { minLength: 1 });

export const OPERATIONS = {
  getStatus: operation({
    ...NO_INPUT,
    method: "GET",
    path: "/_control/status",
    summary: "Returns the simulator's version, addresses, settings and counts.",
    answer: STATUS,
  }),
  listContacts: operation({
    ...NO_INPUT,
    method: "GET",
    path: "/_control/contacts",
    summary: "Lists all contacts, the newest first.",
    answer: object({ contacts: list(CONTACT_SUMMARY) }),
  }),
  startContact: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts",
    summary: "Starts a chat, like StartChatContact.",
    body: object({
      displayName: optional(DISPLAY_NAME),
      initialMessage: optional(text("The customer's first message.", { minLength: 1 })),
      attributes: optional(ATTRIBUTES),
    }),
    answer: STARTED_CHAT,
  }),
  getContact: operation({
    ...NO_INPUT,
    method: "GET",
    path: "/_control/contacts/{contactId}",
    summary: "Returns a contact with its transcript.",
    answer: CONTACT,
  }),
  sendMessage: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/messages",
    summary: "Sends a message from the first participant with that role, or from a made-up participant.",
    body: object({
      content: anything("The text. An object or an array is sent as JSON text."),
      contentType: optional(CONTENT_TYPE),
      participantId: optional(text("The sender's participant ID. Overrides role.", { minLength: 1 })),
      ...byRole,
    }),
    answer: JUST_ITEM,
    errors: IN_CHAT,
  }),
  sendEvent: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/events",
    summary: "Sends an event.",
    body: object({
      name: text("The end of the event's content type, such as typing or participant.idle.", {
        minLength: 1,
      }),
      role: optional(ROLE),
      participantId: optional(text("The sender's participant ID. Overrides role.", { minLength: 1 })),
      content: optional(text("The event's content.")),
    }),
    answer: JUST_ITEM,
    errors: IN_CHAT,
  }),
  sendReceipt: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/receipts",
    summary: "Sends a read or delivered receipt for a message, from the agent by default.",
    body: object({
      kind: choice(["read", "delivered"]),
      messageId: text("The message's ID.", { minLength: 1 }),
      role: optional(ROLE),
      participantId: optional(text("The sender's participant ID. Overrides role.", { minLength: 1 })),
    }),
    answer: JUST_ITEM,
    errors: IN_CHAT,
  }),
  sendInteractive: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/interactive",
    summary: "Sends an interactive message, such as a list picker, from SYSTEM by default.",
    body: object({
      template: map(anything("A field."), "The template: templateType, version and data."),
      participantId: optional(text("The sender's participant ID. Overrides role.", { minLength: 1 })),
      ...byRole,
    }),
    answer: JUST_ITEM,
    errors: IN_CHAT,
  }),
  sendAttachment: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/attachments",
    summary: "Sends a file, within the instance's limits.",
    body: object({
      name: text("The file's name, with its extension.", { minLength: 1, maxLength: 256 }),
      contentType: MEDIA_TYPE_TEXT,
      base64: text("The file's bytes in Base64."),
      participantId: optional(text("The sender's participant ID. Overrides role.", { minLength: 1 })),
      ...byRole,
    }),
    answer: object({ item: ITEM, attachmentId: text("The attachment's ID.") }),
    errors: IN_CHAT,
  }),
  getAttachment: operation({
    ...NO_INPUT,
    method: "GET",
    path: "/_control/contacts/{contactId}/attachments/{attachmentId}",
    summary: "Downloads one of the contact's files, even if it hasn't been approved.",
    answer: anything("The bytes."),
    produces: "application/octet-stream",
  }),
  streamAnswer: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/streams",
    summary: "Sends a bot's answer in pieces, in the background, and then completes it.",
    body: object({
      pieces: list(text("A piece of the answer.")),
      intervalMs: optional(delay("The time between two pieces. Default 150.")),
      displayName: optional(DISPLAY_NAME),
    }),
    answer: object({ id: text("The ID of the answer's message.") }),
    errors: IN_CHAT,
  }),
  joinParticipant: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/participants",
    summary: "Adds a participant, who joins immediately unless acknowledged is false.",
    body: object({
      role: choice(["AGENT", "SUPERVISOR"]),
      displayName: optional(DISPLAY_NAME),
      acknowledged: optional(
        flag(
          "Whether the control API plays the participant. If false, a page must acknowledge the contact. Default true.",
        ),
      ),
    }),
    answer: ADDED_AGENT,
    errors: IN_CHAT,
  }),
  removeParticipant: operation({
    ...NO_INPUT,
    method: "DELETE",
    path: "/_control/contacts/{contactId}/participants/{participantId}",
    summary: "Disconnects a participant, as DisconnectParticipant does. This may end the chat.",
    answer: object({
      left: flag("Whether the participant has left."),
      ended: flag("Whether the chat has ended."),
    }),
    errors: IN_CHAT,
  }),
  renameParticipant: operation({
    ...NO_INPUT,
    method: "PATCH",
    path: "/_control/contacts/{contactId}/participants/{participantId}",
    summary: "Changes the display name of a participant's future items.",
    body: object({ displayName: DISPLAY_NAME }),
    answer: JUST_ITEM,
    errors: IN_CHAT,
  }),
  transferContact: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/transfer",
    summary: "Transfers the contact to the next agent, or makes the transfer fail.",
    body: object({
      displayName: optional(DISPLAY_NAME),
      outcome: optional(choice(["succeeded", "failed"], "Default succeeded.")),
      acknowledged: optional(
        flag(
          "Whether the control API plays the next agent. If false, a page must acknowledge the contact. Default true.",
        ),
      ),
    }),
    answer: TRANSFER,
    errors: IN_CHAT,
  }),
  setIdle: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/idle",
    summary:
      "Reports a participant as idle or returned, or disconnects an idle participant. The default is the customer.",
    body: object({ state: choice(["idle", "returned", "disconnected"]), role: optional(ROLE) }),
    answer: JUST_ITEM,
    errors: IN_CHAT,
  }),
  authentication: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/authentication",
    summary: "Asks the customer to sign in, or sends the sign-in's result.",
    body: object({
      action: choice(["initiate", "succeed", "fail", "timeOut", "expire"]),
      sessionId: optional(text("The session's ID, for initiate. Default: a new ID.", { minLength: 1 })),
    }),
    answer: object({
      sessionId: optional(text("The session's ID.")),
      item: optional(ITEM),
    }),
    errors: IN_CHAT,
  }),
  setBehaviors: operation({
    ...NO_INPUT,
    method: "PATCH",
    path: "/_control/contacts/{contactId}/behaviors",
    summary: "Sets what the simulator does automatically in a contact.",
    body: BEHAVIOR_CHANGES,
    answer: object({ behaviors: BEHAVIORS }),
    errors: IN_CHAT,
  }),
  changeItem: operation({
    ...NO_INPUT,
    method: "PATCH",
    path: "/_control/contacts/{contactId}/items/{itemId}",
    summary: "Changes a transcript item and sends it again under the same Id.",
    body: ITEM_CHANGES,
    answer: JUST_ITEM,
    errors: IN_CHAT,
  }),
  endContact: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/end",
    summary: "Ends the chat.",
    answer: object({ ended: flag("Always true.") }),
  }),
  waitFor: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/contacts/{contactId}/wait",
    summary: "Returns the first item that matches. If the transcript has no such item, waits for it.",
    body: WAIT,
    answer: JUST_ITEM,
    errors: [404, 408, 409],
  }),
  listTraffic: operation({
    ...NO_INPUT,
    method: "GET",
    path: "/_control/traffic",
    summary:
      "Lists calls, uploads, downloads, socket events and frames, oldest first. The last 5,000 are kept.",
    query: object({
      contactId: optional(text("Only this contact's traffic.")),
      sinceNumber: optional(integer("Only entries with a higher number.", { minimum: 0 })),
      limit: optional(
        integer("The maximum number of entries. Default 1,000.", { minimum: 1, maximum: 5_000 }),
      ),
    }),
    answer: object({
      entries: list(TRAFFIC_ENTRY),
      next: integer("The sinceNumber for the rest of the list."),
    }),
  }),
  clearTraffic: operation({
    ...NO_INPUT,
    method: "DELETE",
    path: "/_control/traffic",
    summary: "Deletes the recorded traffic.",
    answer: NOTHING,
  }),
  listFaults: operation({
    ...NO_INPUT,
    method: "GET",
    path: "/_control/faults",
    summary: "Lists the planned and active faults.",
    answer: object({ faults: list(ACTIVE_FAULT) }),
  }),
  addFault: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/faults",
    summary: "Adds a fault. dropSockets, expireTokens, expireSocketUrls and restart act once, immediately.",
    body: FAULT,
    answer: object({
      id: text("The fault's ID."),
      dropped: optional(integer("How many open sockets dropSockets has dropped.", { minimum: 0 })),
    }),
    errors: [404],
  }),
  removeFault: operation({
    ...NO_INPUT,
    method: "DELETE",
    path: "/_control/faults/{faultId}",
    summary: "Removes a fault.",
    answer: NOTHING,
  }),
  clearFaults: operation({
    ...NO_INPUT,
    method: "DELETE",
    path: "/_control/faults",
    summary: "Removes all faults.",
    answer: NOTHING,
  }),
  setView: operation({
    ...NO_INPUT,
    method: "PUT",
    path: "/_control/views/{viewToken}",
    summary: "Sets DescribeView's response for a view token.",
    body: map(anything("A field."), "The view: Id, Arn, Name, Version and Content."),
    answer: NOTHING,
    errors: [],
  }),
  reset: operation({
    ...NO_INPUT,
    method: "POST",
    path: "/_control/reset",
    summary: "Drops all contacts, sockets, faults, views and traffic.",
    answer: NOTHING,
  }),
  getSnapshot: operation({
    ...NO_INPUT,
    method: "GET",
    path: "/_control/snapshot",
    summary: "Returns the simulator's state, without sockets and faults.",
    answer: SNAPSHOT,
  }),
  restoreSnapshot: operation({
    ...NO_INPUT,
    method: "PUT",
    path: "/_control/snapshot",
    summary: "Replaces the simulator's state. Connected pages reconnect and continue.",
    body: SNAPSHOT,
    answer: object({ contacts: integer("How many contacts there are now.") }),
  }),
  events: operation({
    ...NO_INPUT,
    method: "GET",
    path: "/_control/events",
    summary:
      "Streams events: contact, item, traffic, socket, fault and reset. With Last-Event-ID, begins after that event.",
    query: object({ contactId: optional(text("Only this contact's events, faults and resets.")) }),
    answer: anything("Server-sent events."),
    produces: "text/event-stream",
  }),
  getOpenApi: operation({
    ...NO_INPUT,
    method: "GET",
    path: "/_control/openapi.json",
    summary: "Returns this document.",
    answer: anything("An OpenAPI 3.1 document."),
  }),
} as const;

export type Operations = typeof OPERATIONS;
export type OperationId = keyof Operations;

/** The names of the parameters in a path. */
export type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

/** The names of the parameters in a path, in order. */
export const parametersIn = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);

/** The parameters in an operation's path. */
export type PathParametersOf<Id extends OperationId> = {
  readonly [Name in NamesIn<Operations[Id]["path"]>]: string;
};
export type QueryOf<Id extends OperationId> = ValueOf<Operations[Id]["query"]>;
export type BodyOf<Id extends OperationId> = ValueOf<Operations[Id]["body"]>;
export type AnswerOf<Id extends OperationId> = ValueOf<Operations[Id]["answer"]>;
