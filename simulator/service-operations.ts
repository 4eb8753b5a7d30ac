/** The Participant Service's operations. Nothing here needs Node, because the panel's page also imports this file. */

/** The path of each operation. Null: the operation's token is part of its path. */
const PATHS = {
  CreateParticipantConnection: "/participant/connection",
  SendMessage: "/participant/message",
  SendEvent: "/participant/event",
  GetTranscript: "/participant/transcript",
  DisconnectParticipant: "/participant/disconnect",
  StartAttachmentUpload: "/participant/start-attachment-upload",
  CompleteAttachmentUpload: "/participant/complete-attachment-upload",
  GetAttachment: "/participant/attachment",
  DescribeView: null,
  GetAuthenticationUrl: "/participant/authentication-url",
  CancelParticipantAuthentication: "/participant/cancel-authentication",
} as const satisfies Readonly<Record<string, string | null>>;

export type ServiceOperation = keyof typeof PATHS;

/** Matches all service operations. */
export const ANY_OPERATION = "*";

/** The operations that a fault hits: one, or all. */
export type FaultOperation = ServiceOperation | typeof ANY_OPERATION;

const isOperation = (name: string): name is ServiceOperation => Object.hasOwn(PATHS, name);

export const SERVICE_OPERATIONS: readonly ServiceOperation[] = Object.keys(PATHS).filter(isOperation);

export const isFaultOperation = (name: string): name is FaultOperation =>
  name === ANY_OPERATION || isOperation(name);

/** Operations by path, without DescribeView. */
export const ROUTES: Readonly<Record<string, ServiceOperation>> = Object.fromEntries(
  SERVICE_OPERATIONS.flatMap((operation) => {
    const path = PATHS[operation];
    return path === null ? [] : [[path, operation] as const];
  }),
);
