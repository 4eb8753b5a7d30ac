/** Operations on contacts and their participants. */
import { newId, type Item } from "../../items";
import type { AuthenticationScript } from "../../script";
import type { Context } from "../context";
import { ControlError } from "../errors";
import { OPERATIONS, type BodyOf } from "../operations";
import { route } from "../route";
import { detailsOf, summaryOf } from "../summaries";

const DEFAULT_NAME = { AGENT: "Agent", SUPERVISOR: "Supervisor" } as const;

function authenticationResult(
  authentication: AuthenticationScript,
  action: Exclude<BodyOf<"authentication">["action"], "initiate">,
): Item {
  switch (action) {
    case "succeed":
      return authentication.succeed();
    case "fail":
      return authentication.fail();
    case "timeOut":
      return authentication.timeOut();
    case "expire":
      return authentication.expire();
    default:
      return action satisfies never;
  }
}

export const contactRoutes = (context: Context) => ({
  listContacts: route(OPERATIONS.listContacts, () => ({
    contacts: context.engine.contacts.all.reverse().map((contact) => summaryOf(contact, context.engine)),
  })),

  startContact: route(OPERATIONS.startContact, ({ body }) => context.engine.startChat(body)),

  getContact: route(OPERATIONS.getContact, ({ parameters }) =>
    detailsOf(context.engine.contactOf(parameters.contactId), context.engine),
  ),

  joinParticipant: route(OPERATIONS.joinParticipant, ({ parameters, body }) => {
    const { contact } = context.chat(parameters.contactId);
    const { role, displayName = DEFAULT_NAME[role], acknowledged = true } = body;
    return context.engine.addParticipant(contact.contactId, { role, displayName, isPlayed: acknowledged });
  }),

  removeParticipant: route(OPERATIONS.removeParticipant, ({ parameters }) => {
    const { contact } = context.chat(parameters.contactId);
    const participant = context.participant(contact, parameters.participantId);
    contact.disconnect(participant);
    context.engine.sockets.closeEnded();
    return { left: participant.left, ended: contact.ended };
  }),

  renameParticipant: route(OPERATIONS.renameParticipant, ({ parameters, body }) => {
    const { contact } = context.chat(parameters.contactId);
    const participant = context.participant(contact, parameters.participantId);
    return { item: contact.rename(participant, body.displayName) };
  }),

  transferContact: route(OPERATIONS.transferContact, ({ parameters, body }) => {
    const { script } = context.chat(parameters.contactId);
    const { displayName = "Agent", outcome = "succeeded", acknowledged = true } = body;
    if (outcome === "failed") return { item: script.failTransfer() };
    return script.transfer({ displayName, joins: acknowledged });
  }),

  setIdle: route(OPERATIONS.setIdle, ({ parameters, body }) => {
    const { script } = context.chat(parameters.contactId);
    const { state, role = "CUSTOMER" } = body;
    if (state === "idle") return { item: script.idle({ role }) };
    return { item: state === "returned" ? script.returned({ role }) : script.autoDisconnect({ role }) };
  }),

  authentication: route(OPERATIONS.authentication, ({ parameters, body }) => {
    const { contact, script } = context.chat(parameters.contactId);
    const { action, sessionId } = body;
    if (action === "initiate") {
      const started = sessionId ?? newId();
      return { sessionId: started, item: contact.initiateAuthentication(started) };
    }
    const current = contact.authenticationSessionId;
    if (current === null)
      throw new ControlError("Conflict", "No sign-in is in progress. Send the action initiate first.");
    return { sessionId: current, item: authenticationResult(script.authentication, action) };
  }),

  setBehaviors: route(OPERATIONS.setBehaviors, ({ parameters, body }) => {
    const { contact } = context.chat(parameters.contactId);
    const behaviors = context.engine.behaviorsOf(contact.contactId);
    behaviors.set(body);
    return { behaviors: behaviors.values };
  }),

  endContact: route(OPERATIONS.endContact, ({ parameters }) => {
    context.engine.script(parameters.contactId).end();
    return { ended: true };
  }),

  waitFor: route(OPERATIONS.waitFor, async ({ parameters, response, body: { timeoutMs, ...condition } }) => {
    const contact = context.engine.contactOf(parameters.contactId);
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const { signal } = gone;
    return { item: await context.engine.waits.for(contact, condition, { timeoutMs, signal }) };
  }),
});
