/**
 * The Participant Service's operations as the AWS SDK's own model describes them: routes, header bindings, labels and
 * idempotency members are read from its schemas, inputs and outputs are its types.
 */
import {
  CancelParticipantAuthentication$,
  CompleteAttachmentUpload$,
  CreateParticipantConnection$,
  DescribeView$,
  DisconnectParticipant$,
  GetAttachment$,
  GetAuthenticationUrl$,
  GetTranscript$,
  SendEvent$,
  SendMessage$,
  StartAttachmentUpload$,
} from "@aws-sdk/client-connectparticipant";
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
import type { StaticOperationSchema } from "@smithy/types";
import { isObject, type JsonObject } from "../util/json";
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

type Shape = Readonly<Record<string, "string" | "object" | "array">>;

/** Each operation's schema, and what its answer must hold for the library to go on. */
const OPERATIONS: Readonly<Record<OperationName, { schema: StaticOperationSchema; answer: Shape }>> = {
  CancelParticipantAuthentication: { schema: CancelParticipantAuthentication$, answer: {} },
  CompleteAttachmentUpload: { schema: CompleteAttachmentUpload$, answer: {} },
  CreateParticipantConnection: { schema: CreateParticipantConnection$, answer: {} },
  DescribeView: { schema: DescribeView$, answer: { View: "object" } },
  DisconnectParticipant: { schema: DisconnectParticipant$, answer: {} },
  GetAttachment: { schema: GetAttachment$, answer: { Url: "string" } },
  GetAuthenticationUrl: { schema: GetAuthenticationUrl$, answer: {} },
  GetTranscript: { schema: GetTranscript$, answer: { Transcript: "array" } },
  SendEvent: { schema: SendEvent$, answer: { Id: "string", AbsoluteTime: "string" } },
  SendMessage: { schema: SendMessage$, answer: { Id: "string", AbsoluteTime: "string" } },
  StartAttachmentUpload: {
    schema: StartAttachmentUpload$,
    answer: { AttachmentId: "string", UploadMetadata: "object" },
  },
};

export interface ServiceRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** Bits of a member's traits in the SDK's schemas. */
const HTTP_LABEL = 1;
const IDEMPOTENCY_TOKEN = 4;

/** RFC 3986: beyond what encodeURIComponent escapes, the SDK escapes these in a path. */
const encodeLabel = (value: string): string =>
  encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** The request of an operation, as the SDK's schema lays it out; `newToken` fills an idempotency token not given. */
export function buildRequest<Name extends OperationName>(
  name: Name,
  input: Operations[Name]["input"],
  newToken: () => string,
): ServiceRequest {
  const [, , , traits, inputSchema] = OPERATIONS[name].schema;
  const [method, uri] = httpTrait(traits);
  const headers: Record<string, string> = {};
  const body: Record<string, unknown> = {};
  let path = uri;
  for (const { member, bits, header } of membersOf(inputSchema)) {
    const given: unknown = Reflect.get(input, member);
    const value: unknown = given ?? (bits & IDEMPOTENCY_TOKEN ? newToken() : undefined);
    if (value === undefined) continue;
    if (typeof value === "string" && header !== undefined) headers[header.toLowerCase()] = value;
    else if (typeof value === "string" && bits & HTTP_LABEL)
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
  return Object.entries(OPERATIONS[name].answer).every(([key, kind]) => {
    const value = answer[key];
    if (kind === "array") return Array.isArray(value) && value.every(isObject);
    return kind === "object" ? isObject(value) : typeof value === "string";
  });
}

function httpTrait(traits: unknown): readonly [method: string, uri: string] {
  const http: unknown = isObject(traits) ? traits["http"] : undefined;
  if (!Array.isArray(http)) throw new TypeError("The SDK's schema has no http trait.");
  return [String(http[0]), String(http[1])];
}

interface Member {
  readonly member: string;
  readonly bits: number;
  readonly header: string | undefined;
}

/** A structure's members: `[kind, namespace, name, traits, names, schemas]`, a schema with traits being `[target, traits]`. */
function membersOf(schema: unknown): Member[] {
  const structure: unknown = typeof schema === "function" ? Reflect.apply(schema, undefined, []) : schema;
  if (!Array.isArray(structure) || !Array.isArray(structure[4]) || !Array.isArray(structure[5])) {
    throw new TypeError("The SDK's schema is no structure.");
  }
  const schemas: readonly unknown[] = structure[5];
  return structure[4].map((member, index) => {
    const traits: unknown = Array.isArray(schemas[index]) ? schemas[index][1] : 0;
    const header = isObject(traits) ? traits["httpHeader"] : undefined;
    return {
      member: String(member),
      bits: typeof traits === "number" ? traits : 0,
      header: typeof header === "string" ? header : undefined,
    };
  });
}
