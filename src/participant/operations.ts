/** The service's operations: inputs, outputs, requests, and the response fields that the library requires. */
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

/** An operation's input. Members that are null or undefined are omitted from the request. */
export type Input<Name extends OperationName> = {
  [Member in keyof Operations[Name]["input"]]: Operations[Name]["input"][Member] | null;
};

type FieldTypes = Readonly<Record<string, "string" | "object" | "array">>;

/** The response fields that the library requires, by operation. Other operations' responses aren't checked. */
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

/** Percent-encodes a path segment per RFC 3986, as the AWS SDK does. `encodeURIComponent` leaves `!'()*` unescaped. */
const encodePathSegment = (value: string): string =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** A JSON replacer that drops null members. `JSON.stringify` already drops undefined members. */
const omitNull = (_: string, value: unknown): unknown => value ?? undefined;

/** Builds an operation's HTTP request. */
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

/** Returns whether a response has the fields that the library requires. Callers can then rely on these fields. */
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
