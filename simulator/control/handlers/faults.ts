/** Operations on faults and on the recorded traffic. */
import type { ServerResponse } from "node:http";
import type { FaultTarget } from "../../fault-rules";
import type { Context } from "../context";
import { ControlError } from "../errors";
import { OPERATIONS, type BodyOf } from "../operations";
import { route } from "../route";
import type { FaultScopeInput } from "../types";

function targetOf({ contactId, participantId }: FaultScopeInput): FaultTarget {
  return {
    ...(contactId !== undefined && { contactId }),
    ...(participantId !== undefined && { participantId }),
  };
}

/** Adds a fault. A fault that acts only once takes effect immediately. Returns the fault's ID. */
function add(context: Context, fault: BodyOf<"addFault">, response: ServerResponse): string {
  const { scope = {}, ...effect } = fault;
  const { engine } = context;
  if (scope.contactId !== undefined) engine.contactOf(scope.contactId);
  if (scope.participantId !== undefined) engine.participantOf(scope.participantId);
  switch (effect.kind) {
    case "dropSockets":
      engine.sockets.drop(targetOf(scope), effect.code);
      return engine.faults.nextId();
    case "expireTokens":
      engine.contacts.expireConnectionTokens(targetOf(scope));
      return engine.faults.nextId();
    case "expireSocketUrls":
      engine.sockets.expireUrls(targetOf(scope));
      return engine.faults.nextId();
    case "restart": {
      const { downMs } = effect;
      // Only after the response is sent, because the restart also cuts this connection.
      response.once("close", () => void context.parts.restart(downMs));
      response.setHeader("connection", "close");
      return engine.faults.nextId();
    }
    default:
      return engine.faults.add(effect, scope);
  }
}

export const faultRoutes = (context: Context) => ({
  listFaults: route(OPERATIONS.listFaults, () => ({ faults: context.engine.faults.list() })),

  addFault: route(OPERATIONS.addFault, ({ body, response }) => ({ id: add(context, body, response) })),

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
