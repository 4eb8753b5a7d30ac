/**
 * The Participant Service's operations as the AWS SDK's own model describes them: methods, paths, header bindings,
 * labels and idempotency members, read from its schemas. The build does the reading (webpack.config.js): the bundle holds
 * the table alone.
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
import type { StaticOperationSchema } from "@smithy/types";
import { isObject } from "../util/json";

/** Where a member of an operation's input goes: a header by its name, the path, or the body; a token is made if not given. */
export type MemberPlace = { readonly header: string } | "label" | "token" | "body";

export interface Route {
  readonly method: string;
  /** With `{Member}` for each label. */
  readonly path: string;
  readonly members: Readonly<Record<string, MemberPlace>>;
}

/** Bits of a member's traits in the SDK's schemas. */
const HTTP_LABEL = 1;
const IDEMPOTENCY_TOKEN = 4;

function routeOf([, , , traits, input]: StaticOperationSchema): Route {
  const http: unknown = isObject(traits) ? traits["http"] : undefined;
  if (!Array.isArray(http)) throw new TypeError("The SDK's schema has no http trait.");
  return { method: String(http[0]), path: String(http[1]), members: membersOf(input) };
}

/** A structure's members: `[kind, namespace, name, traits, names, schemas]`, a schema with traits being `[target, traits]`. */
function membersOf(schema: unknown): Route["members"] {
  const structure: unknown = typeof schema === "function" ? Reflect.apply(schema, undefined, []) : schema;
  if (!Array.isArray(structure) || !Array.isArray(structure[4]) || !Array.isArray(structure[5])) {
    throw new TypeError("The SDK's schema is no structure.");
  }
  const schemas: readonly unknown[] = structure[5];
  return Object.fromEntries(
    structure[4].map((member, index) => [
      String(member),
      placeOf(Array.isArray(schemas[index]) ? schemas[index][1] : 0),
    ]),
  );
}

function placeOf(traits: unknown): MemberPlace {
  const header = isObject(traits) ? traits["httpHeader"] : undefined;
  if (typeof header === "string") return { header: header.toLowerCase() };
  const bits = typeof traits === "number" ? traits : 0;
  return bits & HTTP_LABEL ? "label" : bits & IDEMPOTENCY_TOKEN ? "token" : "body";
}

export const ROUTES = {
  CancelParticipantAuthentication: routeOf(CancelParticipantAuthentication$),
  CompleteAttachmentUpload: routeOf(CompleteAttachmentUpload$),
  CreateParticipantConnection: routeOf(CreateParticipantConnection$),
  DescribeView: routeOf(DescribeView$),
  DisconnectParticipant: routeOf(DisconnectParticipant$),
  GetAttachment: routeOf(GetAttachment$),
  GetAuthenticationUrl: routeOf(GetAuthenticationUrl$),
  GetTranscript: routeOf(GetTranscript$),
  SendEvent: routeOf(SendEvent$),
  SendMessage: routeOf(SendMessage$),
  StartAttachmentUpload: routeOf(StartAttachmentUpload$),
};
