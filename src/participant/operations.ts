/** What each operation takes and gives, its request, and what its answer must hold. */
import type {
  CancelParticipantAuthenticationRequest,
  CancelParticipantAuthenticationResponse,
  CompleteAttachmentUploadRequest,
  CompleteAttachmentUploadResponse,
  CreateParticipantConnectionRequest,
  CreateParticipantConnectionResponse,
  DescribeViewRequest,
  DescribeViewResponse,
  DisconnectParticipantRequest,
  DisconnectParticipantResponse,
  GetAttachmentRequest,
  GetAttachmentResponse,
  GetAuthenticationUrlRequest,
  GetAuthenticationUrlResponse,
  GetTranscriptRequest,
  SendEventRequest,
  SendEventResponse,
  SendMessageRequest,
  SendMessageResponse,
  StartAttachmentUploadRequest,
  StartAttachmentUploadResponse,
} from "@aws-sdk/client-connectparticipant";
import { isObject, type JsonObject } from "../util/json";
import { ROUTES, type Route } from "./routes";
import type { GetTranscriptData } from "./types";

export interface Operations {
  CancelParticipantAuthentication: {
    input: CancelParticipantAuthenticationRequest;
    output: CancelParticipantAuthenticationResponse;
  };
  CompleteAttachmentUpload: {
    input: CompleteAttachmentUploadRequest;
    output: CompleteAttachmentUploadResponse;
  };
  CreateParticipantConnection: {
    input: CreateParticipantConnectionRequest;
    output: CreateParticipantConnectionResponse;
  };
  DescribeView: { input: DescribeViewRequest; output: DescribeViewResponse };
  DisconnectParticipant: { input: DisconnectParticipantRequest; output: DisconnectParticipantResponse };
  GetAttachment: { input: GetAttachmentRequest; output: GetAttachmentResponse };
  GetAuthenticationUrl: { input: GetAuthenticationUrlRequest; output: GetAuthenticationUrlResponse };
  GetTranscript: { input: GetTranscriptRequest; output: GetTranscriptData };
  SendEvent: { input: SendEventRequest; output: SendEventResponse };
  SendMessage: { input: SendMessageRequest; output: SendMessageResponse };
  StartAttachmentUpload: { input: StartAttachmentUploadRequest; output: StartAttachmentUploadResponse };
}

export type OperationName = keyof Operations;

/** An operation's input. Null, like undefined, leaves a member out of the request. */
export type Input<Name extends OperationName> = {
  [Member in keyof Operations[Name]["input"]]: Operations[Name]["input"][Member] | null;
};

type Shape = Readonly<Record<string, "string" | "object" | "array">>;

/** What an operation's answer must hold for the library to go on; where nothing is named, it may be anything. */
const ANSWERS: Readonly<Partial<Record<OperationName, Shape>>> = {
  DescribeView: { View: "object" },
  GetAttachment: { Url: "string" },
  GetTranscript: { Transcript: "array" },
  SendEvent: { Id: "string", AbsoluteTime: "string" },
  SendMessage: { Id: "string", AbsoluteTime: "string" },
  StartAttachmentUpload: { AttachmentId: "string", UploadMetadata: "object" },
};

export interface ServiceRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** RFC 3986: beyond what encodeURIComponent escapes, the SDK escapes these in a path. */
const encodeLabel = (value: string): string =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The request of an operation, as its route lays it out; `newToken` fills an idempotency token not given. */
export function buildRequest<Name extends OperationName>(
  name: Name,
  input: Input<Name>,
  newToken: () => string,
): ServiceRequest {
  const { method, path: template, members }: Route = ROUTES[name];
  const headers: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  let path = template;
  for (const member of new Set([...Object.keys(members), ...Object.keys(input)])) {
    const place = members[member];
    const given: unknown = Reflect.get(input, member);
    const value: unknown = given ?? (place === "token" ? newToken() : undefined);
    if (value === undefined) continue;
    if (typeof value === "string" && typeof place === "object") headers[place.header] = value;
    else if (typeof value === "string" && place === "label")
      path = path.replace(`{${member}}`, encodeLabel(value));
    else body[member] = value;
  }
  if (method === "GET") return { method, path, headers, body: null };
  headers["content-type"] = "application/json";
  return { method, path, headers, body: JSON.stringify(body) };
}

/** Whether an answer holds what its operation promises, so that nothing further in has to doubt it. */
export function isAnswer<Name extends OperationName>(
  name: Name,
  answer: JsonObject,
): answer is JsonObject & Operations[Name]["output"] {
  return Object.entries(ANSWERS[name] ?? {}).every(([key, kind]) => {
    const value = answer[key];
    if (kind === "array") return Array.isArray(value) && value.every(isObject);
    return kind === "object" ? isObject(value) : typeof value === "string";
  });
}
