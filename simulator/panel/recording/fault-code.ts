/** Converts faults into code. */
import type { Fault, FaultKind, FaultScope } from "../api/types";
import { args, Code } from "./literal";
import type { Memory } from "./step-code";

const INSTANT: ReadonlySet<FaultKind> = new Set([
  "dropSockets",
  "expireTokens",
  "expireSocketUrls",
  "restart",
]);

/** Whether a fault stays until it is used up or removed. */
export const isLasting = ({ kind }: Fault): boolean => !INSTANT.has(kind);

/** Returns the lines that add a fault. If the fault is removed later, they assign its remover to a variable. */
export function faultLines(fault: Fault, id: string, memory: Memory): readonly string[] {
  const isRemoved = memory.needed.has(id);
  const expression = faultExpression(fault, memory);
  if (!isRemoved || !isLasting(fault)) return [`${expression};`];
  const name = `removeFault${memory.faults.size + 1}`;
  memory.faults.set(id, name);
  return [`const ${name} = ${expression};`];
}

function faultExpression(fault: Fault, memory: Memory): string {
  const scope = scopeOf(("scope" in fault && fault.scope) || {});
  switch (fault.kind) {
    case "latency": {
      const { delayMs, jitterMs, operation } = fault;
      const only = operation === "*" ? undefined : operation;
      return `simulator.faults.slowDown(${args({ delayMs, jitterMs, operation: only, ...lasting(scope) })})`;
    }
    case "error": {
      const { operation, status, from, retryAfterSeconds, message } = fault;
      const by = from === "service" ? undefined : from;
      return `simulator.faults.failNext(${args(operation, { status, from: by, retryAfterSeconds, message, ...scope })})`;
    }
    case "cut":
      return `simulator.faults.cutNext(${args(fault.operation, { when: fault.when, ...scope })})`;
    case "garble": {
      const body = fault.body ?? "<html></html>";
      return `simulator.faults.garbleNext(${args(fault.operation, { body, ...scope })})`;
    }
    case "dropSockets":
      return `simulator.dropSockets(${args({ ...target(scope), code: fault.code })})`;
    case "halfOpen":
      return `simulator.faults.stallSockets(${args({ frames: fault.frames, ...lasting(scope) })})`;
    case "refuseSockets":
      return `simulator.faults.refuseSockets(${args({ status: fault.status, ...lasting(scope) })})`;
    case "refuseSubscriptions":
      return `simulator.faults.refuseSubscriptions(${args(scope)})`;
    case "frames":
      return `simulator.faults.transformFrames(${args(transformOf(fault, memory), scope)})`;
    case "expireTokens":
      return "simulator.expireConnectionTokens()";
    case "expireSocketUrls":
      return `simulator.expireSocketUrls(${args(target(scope))})`;
    case "transcriptLag":
      return `simulator.faults.lagTranscripts(${args({ lagMs: fault.lagMs, ...lasting(scope) })})`;
    case "storage": {
      const { action, status, code } = fault;
      return status === undefined
        ? `simulator.faults.cutNextStorage(${args(action, scope)})`
        : `simulator.faults.failNextStorage(${args(action, { status, code, ...scope })})`;
    }
    case "restart":
      return `await simulator.restart(${args({ downMs: fault.downMs })})`;
  }
}

function transformOf(
  { transform, delayMs = 1000 }: Extract<Fault, { kind: "frames" }>,
  memory: Memory,
): Code {
  if (transform === "delay") {
    memory.hasDelays = true;
    return new Code(`delayedBy(${delayMs})`);
  }
  memory.hasFrameFaults = true;
  return new Code(`FRAME_FAULTS.${transform}`);
}

interface CodeScope {
  readonly contactId?: Code;
  readonly times?: number | Code;
  readonly chance?: number;
  readonly forMs?: number;
}

/**
 * In a test, the customer's page is the contact's only client, so a participant's scope becomes the contact's scope.
 */
function scopeOf({ contactId, times, chance, forMs, untilCleared }: FaultScope): CodeScope {
  const isUnlimited = untilCleared === true && chance === undefined && forMs === undefined;
  return {
    ...(contactId !== undefined && { contactId: new Code("contact.contactId") }),
    ...(times !== undefined && { times }),
    ...(isUnlimited && { times: new Code("Infinity") }),
    ...(chance !== undefined && { chance }),
    ...(forMs !== undefined && { forMs }),
  };
}

const target = ({ contactId }: CodeScope): CodeScope => (contactId ? { contactId } : {});

/** The scope of a fault that lasts by default. */
const lasting = ({ times, ...scope }: CodeScope): CodeScope =>
  typeof times === "number" ? { ...scope, times } : scope;
