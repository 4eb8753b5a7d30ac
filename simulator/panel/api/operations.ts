/** The operations of the control API that the panel uses. */
import type { AnswerOf, BodyOf, Operations, PathParametersOf } from "../../control/operations";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The compiler checks the paths against the API's own table, and a test checks the methods. */
export const ROUTES = {
  getStatus: ["GET", "/_control/status"],
  listContacts: ["GET", "/_control/contacts"],
  startContact: ["POST", "/_control/contacts"],
  getContact: ["GET", "/_control/contacts/{contactId}"],
  sendMessage: ["POST", "/_control/contacts/{contactId}/messages"],
  sendEvent: ["POST", "/_control/contacts/{contactId}/events"],
  sendReceipt: ["POST", "/_control/contacts/{contactId}/receipts"],
  sendInteractive: ["POST", "/_control/contacts/{contactId}/interactive"],
  sendAttachment: ["POST", "/_control/contacts/{contactId}/attachments"],
  streamAnswer: ["POST", "/_control/contacts/{contactId}/streams"],
  joinParticipant: ["POST", "/_control/contacts/{contactId}/participants"],
  removeParticipant: ["DELETE", "/_control/contacts/{contactId}/participants/{participantId}"],
  renameParticipant: ["PATCH", "/_control/contacts/{contactId}/participants/{participantId}"],
  transferContact: ["POST", "/_control/contacts/{contactId}/transfer"],
  setIdle: ["POST", "/_control/contacts/{contactId}/idle"],
  authentication: ["POST", "/_control/contacts/{contactId}/authentication"],
  setBehaviors: ["PATCH", "/_control/contacts/{contactId}/behaviors"],
  changeItem: ["PATCH", "/_control/contacts/{contactId}/items/{itemId}"],
  endContact: ["POST", "/_control/contacts/{contactId}/end"],
  listTraffic: ["GET", "/_control/traffic"],
  clearTraffic: ["DELETE", "/_control/traffic"],
  listFaults: ["GET", "/_control/faults"],
  addFault: ["POST", "/_control/faults"],
  removeFault: ["DELETE", "/_control/faults/{faultId}"],
  clearFaults: ["DELETE", "/_control/faults"],
  setView: ["PUT", "/_control/views/{viewToken}"],
  reset: ["POST", "/_control/reset"],
  getSnapshot: ["GET", "/_control/snapshot"],
  restoreSnapshot: ["PUT", "/_control/snapshot"],
} as const satisfies { readonly [Name in keyof Operations]?: readonly [Method, Operations[Name]["path"]] };

export type OperationName = keyof typeof ROUTES;

/** The values in an operation's path. */
export type PathOf<Name extends OperationName> = PathParametersOf<Name>;
/** Undefined if the operation takes no body. */
export type Body<Name extends OperationName> = BodyOf<Name>;
export type Answer<Name extends OperationName> = AnswerOf<Name>;

/** Fills in an operation's path. */
export function pathOf<Name extends OperationName>(operation: Name, values: PathOf<Name>): string {
  const parameters = new Map<string, string>(Object.entries(values));
  return ROUTES[operation][1].replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(parameters.get(name) ?? ""),
  );
}

/** A call that the panel made, and the response. */
export type Call = {
  [Name in OperationName]: {
    readonly operation: Name;
    readonly path: PathOf<Name>;
    readonly body: Body<Name>;
    readonly answer: Answer<Name>;
  };
}[OperationName];
