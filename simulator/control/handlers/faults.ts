/** Operations on faults and on the recorded traffic. */
import type { ServerResponse } from "node:http";
import type { Context } from "../context";
import { ControlError } from "../errors";
import { OPERATIONS, type AnswerOf, type BodyOf } from "../operations";
import { route } from "../route";
import type { FaultTargetInput } from "../types";

/** Returns a scope whose contact and participant exist. */
function existing<Scope extends FaultTargetInput>({ engine }: Context, scope: Scope): Scope {
  if (scope.contactId !== undefined) engine.contactOf(scope.contactId);
  if (scope.participantId !== undefined) engine.participantOf(scope.participantId);
  return scope;
}

/** Adds a fault. A fault that acts only once takes effect immediately. */
function add(context: Context, fault: BodyOf<"addFault">, response: ServerResponse): AnswerOf<"addFault"> {
  const { engine } = context;
  switch (fault.kind) {
    case "dropSockets": {
      const dropped = engine.sockets.drop(existing(context, fault.scope ?? {}), fault.code);
      return { id: engine.faults.nextId(), dropped };
    }
    case "expireTokens":
      engine.contacts.expireConnectionTokens(existing(context, fault.scope ?? {}));
      return { id: engine.faults.nextId() };
    case "expireSocketUrls":
      engine.sockets.expireUrls(existing(context, fault.scope ?? {}));
      return { id: engine.faults.nextId() };
    case "restart": {
      const { downMs } = fault;
      // Only after the response is sent, because the restart also cuts this connection.
      response.once("close", () => void context.parts.restart(downMs));
      response.setHeader("connection", "close");
      return { id: engine.faults.nextId() };
    }
    default: {
      const { scope = {}, ...effect } = fault;
      return { id: engine.faults.add(effect, existing(context, scope)) };
    }
  }
}

export const faultRoutes = (context: Context) => ({
  listFaults: route(OPERATIONS.listFaults, () => ({ faults: context.engine.faults.list() })),

  addFault: route(OPERATIONS.addFault, ({ body, response }) => add(context, body, response)),

  removeFault: route(OPERATIONS.removeFault, ({ parameters: { faultId } }) => {
    if (!context.engine.faults.remove(faultId))
      throw new ControlError("NotFound", `There is no fault ${faultId}. It may have been used up.`);
    return {};
  }),

  clearFaults: route(OPERATIONS.clearFaults, () => {
    context.engine.faults.clear();
    return {};
  }),

  listTraffic: route(OPERATIONS.listTraffic, ({ query }) => context.parts.traffic.list(query)),

  clearTraffic: route(OPERATIONS.clearTraffic, () => {
    context.parts.traffic.clear();
    return {};
  }),
});
