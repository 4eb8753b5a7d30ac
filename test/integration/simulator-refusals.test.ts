/** The simulated service's errors must have names that the service documents for the operation. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import type { ServiceResponse } from "./support/call-service";
import { EVENT, simulateChat } from "./support/simulated-chat";

const chat = simulateChat();

const COMMANDS = path.resolve(
  __dirname,
  "../../node_modules/@aws-sdk/client-connectparticipant/dist-types/commands",
);

/** Returns the exceptions that the AWS SDK documents for an operation. */
function documentedErrors(operation: string): Set<string> {
  const declaration = readFileSync(path.join(COMMANDS, `${operation}Command.d.ts`), "utf8");
  return new Set(
    Array.from(declaration.matchAll(/@throws \{@link (\w+Exception)\}/g), ([, name]) => name ?? ""),
  );
}

const STATUSES: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  ConflictException: 409,
  ResourceNotFoundException: 404,
  ValidationException: 400,
};

/** Operations, routes and bodies of calls that are rejected although their token is valid. */
const REJECTED: readonly (readonly [operation: string, route: string, bodies: readonly unknown[]])[] = [
  ["CreateParticipantConnection", "connection", [{}, { Type: ["NONE"] }, { ClientToken: 1 }]],
  ["SendMessage", "message", [{}, { Content: "x".repeat(16_385), ContentType: "text/plain" }]],
  ["SendEvent", "event", [{}, { ContentType: "text/plain" }, { ContentType: `${EVENT}message.read` }]],
  [
    "GetTranscript",
    "transcript",
    [{ MaxResults: 0 }, { NextToken: "none" }, { StartPosition: { Id: "none" } }, { ContactId: "none" }],
  ],
  ["DisconnectParticipant", "disconnect", [{ ClientToken: "x".repeat(501) }]],
  ["StartAttachmentUpload", "start-attachment-upload", [{}]],
  ["CompleteAttachmentUpload", "complete-attachment-upload", [{}, { AttachmentIds: ["none"] }]],
  ["GetAttachment", "attachment", [{}, { AttachmentId: "none" }]],
  ["DescribeView", "views/none", [undefined]],
  ["GetAuthenticationUrl", "authentication-url", [{}, { SessionId: "none", RedirectUri: "https://x.test" }]],
  ["CancelParticipantAuthentication", "cancel-authentication", [{}, { SessionId: "none" }]],
];

test.each(REJECTED)(
  "%s rejects calls only with errors that the service documents",
  async (operation, route, bodies) => {
    const customer = await chat.customer();
    chat.simulator.contact(customer.contactId).authentication.initiate();
    const token = operation === "CreateParticipantConnection" ? customer.participantToken : customer.token;
    const call = (bearer: string, body: unknown): Promise<ServiceResponse> =>
      chat.call(`/participant/${route}`, bearer, body);
    const errors = [await call("no token", bodies[0])];
    for (const body of bodies) errors.push(await call(token, body));
    chat.simulator.contact(customer.contactId).end();
    errors.push(await call(token, bodies[0] && {}));
    for (const { status, type, body } of errors) {
      expect(documentedErrors(operation)).toContain(type);
      expect(status).toBe(STATUSES[type ?? ""]);
      expect(Object.keys(body)).toEqual(["message"]);
    }
    const [wrongToken, ended] = [errors.at(0), errors.at(-1)];
    expect([wrongToken?.type, ended?.type]).toEqual(["AccessDeniedException", "AccessDeniedException"]);
  },
);
