import * as sdk from "@aws-sdk/client-connectparticipant";
import { expect, test } from "@jest/globals";
import { ROUTES } from "../../../src/participant/routes";
import { isObject } from "../../../src/util/json";

/** Bits of a member's traits in the SDK's schemas. */
const HTTP_LABEL = 1;
const IDEMPOTENCY_TOKEN = 4;

/** A schema is a list. The fourth element is an operation's traits, and the fifth element is the operation's input. */
function listOf(schema: unknown): readonly unknown[] {
  const list: unknown = typeof schema === "function" ? Reflect.apply(schema, undefined, []) : schema;
  if (!Array.isArray(list)) throw new TypeError("The SDK's schema isn't a list.");
  return list;
}

/**
 * Returns each member outside the body with its location. Elements 4 and 5 of a structure are its member names and
 * schemas.
 */
function membersOutsideBody(input: unknown): Record<string, string> {
  const names = listOf(listOf(input)[4]);
  const schemas = listOf(listOf(input)[5]);
  const places = names.map((name, index): [string, string | null] => {
    const schema = schemas[index];
    const traits: unknown = Array.isArray(schema) ? schema[1] : 0;
    if (isObject(traits) && "httpHeader" in traits) return [String(name), String(traits["httpHeader"])];
    const bits = typeof traits === "number" ? traits : 0;
    return [String(name), bits & HTTP_LABEL ? "label" : bits & IDEMPOTENCY_TOKEN ? "token" : null];
  });
  return Object.fromEntries(places.filter((place): place is [string, string] => place[1] !== null));
}

const BEARER = { ConnectionToken: "X-Amz-Bearer" };
const IDEMPOTENT = [
  "CompleteAttachmentUpload",
  "DisconnectParticipant",
  "SendEvent",
  "SendMessage",
  "StartAttachmentUpload",
];

test.each(Object.entries(ROUTES))(
  "%s: the route and the members outside the body match the SDK's model",
  (name, path) => {
    const [, , , traits, input] = listOf(Reflect.get(sdk, `${name}$`));
    const http = listOf(isObject(traits) ? traits["http"] : null);
    const isView = name === "DescribeView";
    expect(http.slice(0, 2)).toEqual(isView ? ["GET", `${path}{ViewToken}`] : ["POST", path]);
    expect(membersOutsideBody(input)).toEqual({
      ...(name === "CreateParticipantConnection" ? { ParticipantToken: "X-Amz-Bearer" } : BEARER),
      ...(isView && { ViewToken: "label" }),
      ...(IDEMPOTENT.includes(name) && { ClientToken: "token" }),
    });
  },
);
