/** The service's operations: their inputs and outputs, their requests, and the required fields of their answers. */
import type { GetTranscriptData } from "../api/client";
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
import { ROUTES } from "./routes";

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

/** An operation's input. A member that is null or undefined is omitted from the request. */
export type Input<Name extends OperationName> = {
  [Member in keyof Operations[Name]["input"]]: Operations[Name]["input"][Member] | null;
};

type FieldTypes = Readonly<Record<string, "string" | "object" | "array">>;

/** The fields that the library needs in an operation's answer. The answers of other operations aren't checked. */
const REQUIRED_FIELDS: Readonly<Partial<Record<OperationName, FieldTypes>>> = {
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

/**
 * Encodes a path segment as RFC 3986 requires and as the SDK does: encodeURIComponent doesn't escape these characters.
 */
const encodePathSegment = (value: string): string =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A JSON replacer that omits null members; JSON.stringify already omits undefined ones. */
const omitNull = (_: string, value: unknown): unknown => value ?? undefined;

/** Builds the request of an operation. */
export function buildRequest<Name extends OperationName>(name: Name, input: Input<Name>): ServiceRequest {
  const { ConnectionToken, ParticipantToken, ViewToken, ...members }: JsonObject = input;
  const bearer = ConnectionToken ?? ParticipantToken;
  const headers = { ...(typeof bearer === "string" && { "x-amz-bearer": bearer }) };
  const path = ROUTES[name];
  return typeof ViewToken === "string"
    ? { method: "GET", path: path + encodePathSegment(ViewToken), headers, body: null }
    : {
        method: "POST",
        path,
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(members, omitNull),
      };
}

/** Whether an answer has the fields that the library needs, so that callers don't have to check them. */
export function hasRequiredFields<Name extends OperationName>(
  name: Name,
  response: JsonObject,
): response is JsonObject & Operations[Name]["output"] {
  return Object.entries(REQUIRED_FIELDS[name] ?? {}).every(([key, kind]) => {
    const value = response[key];
    if (kind === "array") return Array.isArray(value) && value.every(isObject);
    return kind === "object" ? isObject(value) : typeof value === "string";
  });
}
