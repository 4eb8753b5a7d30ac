/** Converts one step of a recording into code. */
import type { Behaviors, ContactSummary, Item, ParticipantRole } from "../api/types";
import { INTERACTIVE } from "../state/item-text";
import { args, Code } from "./literal";
import type { Step } from "./recorder";

/** The information about other steps that a step's code needs. */
export interface Memory {
  readonly contact: Pick<ContactSummary, "contactId" | "displayName" | "participants">;
  /** The IDs of the items and faults that later steps refer to. Other items and faults don't get variables. */
  readonly needed: ReadonlySet<string>;
  /** The predecessor's ID for each awaited item whose text an earlier item contains. */
  readonly after: ReadonlyMap<string, string>;
  /** The variables that hold the customer's items, by item ID. */
  readonly messages: Map<string, string>;
  /** The variables that remove faults, by fault ID. */
  readonly faults: Map<string, string>;
  hasFrameFaults: boolean;
  hasDelays: boolean;
}

/** Returns the lines of a step that isn't a fault. */
export function stepLines(step: Step, memory: Memory): readonly string[] {
  if (step.kind === "customer") return customerLines(step.item, memory);
  const { call } = step;
  switch (call.operation) {
    case "sendMessage": {
      const { content, contentType, ...by } = call.body;
      const type = contentType === "text/plain" ? undefined : contentType;
      return [`contact.say(${args(textOf(content), { ...speaker(by, memory), contentType: type })});`];
    }
    case "sendInteractive": {
      const { template, ...by } = call.body;
      const json = new Code(`JSON.stringify(${args(template)})`);
      return [`contact.say(${args(json, { ...speaker(by, memory), contentType: INTERACTIVE })});`];
    }
    case "sendAttachment": {
      const { name, contentType, base64, ...by } = call.body;
      return [`contact.attach(${args({ name, contentType, bytes: bytesOf(base64) }, speaker(by, memory))});`];
    }
    case "sendEvent":
      return [
        `contact.event(${args(call.body.name, { role: call.body.role, content: call.body.content })});`,
      ];
    case "sendReceipt": {
      const { kind, messageId, role } = call.body;
      const message = memory.messages.get(messageId);
      const id = message === undefined ? messageId : new Code(`${message}.Id`);
      return [`contact.receipt(${args(kind, id, otherThanAgent(role))});`];
    }
    case "streamAnswer":
      return [`contact.stream(${args(call.body.pieces, { displayName: call.body.displayName })}).finish();`];
    case "joinParticipant": {
      const { role, displayName, acknowledged = true } = call.body;
      if (acknowledged) return [`contact.join(${args({ ...otherThanAgent(role), displayName })});`];
      return [`simulator.joinAgent(${args(new Code("contact.contactId"), { displayName })});`];
    }
    case "removeParticipant":
      return [`contact.leave(${args(otherThanAgent(roleOf(call.path.participantId, memory)))});`];
    case "renameParticipant":
      return [
        `contact.rename(${args(call.body.displayName, otherThanAgent(roleOf(call.path.participantId, memory)))});`,
      ];
    case "transferContact":
      return call.body.outcome === "failed"
        ? ["contact.failTransfer();"]
        : [`contact.transfer(${args(transferOf(call.body))});`];
    case "setIdle": {
      const { state, role } = call.body;
      const method = { idle: "idle", returned: "returned", disconnected: "autoDisconnect" }[state];
      return [`contact.${method}(${args({ role: role === "CUSTOMER" ? undefined : role })});`];
    }
    case "authentication":
      return [
        `contact.authentication.${call.body.action}(${call.body.sessionId ? args(call.body.sessionId) : ""});`,
      ];
    case "setBehaviors":
      return behaviorLines(call.body);
    case "changeItem": {
      const message = memory.messages.get(call.path.itemId);
      const id = message === undefined ? call.path.itemId : new Code(`${message}.Id`);
      return [`contact.changeItem(${args(id, call.body)});`];
    }
    case "setView":
      return [`simulator.setView(${args(call.path.viewToken, call.body)});`];
    case "endContact":
      return ["contact.end();"];
    default:
      return [];
  }
}

function customerLines(item: Item, memory: Memory): readonly string[] {
  const before = memory.after.get(item.Id);
  const previous = before === undefined ? undefined : memory.messages.get(before);
  const since = { sinceId: previous === undefined ? undefined : new Code(`${previous}.Id`) };
  const wait =
    item.Type === "ATTACHMENT"
      ? `await contact.waitFor(${args({ for: "attachment", matches: awaitedText(item), ...since })});`
      : `await contact.waitForMessage(${args(awaitedText(item), since)});`;
  if (!memory.needed.has(item.Id)) return [wait];
  const name = `message${memory.messages.size + 1}`;
  memory.messages.set(item.Id, name);
  return [`const ${name} = ${wait}`];
}

/** Returns the text that a wait for a customer's item matches. */
export const awaitedText = ({ Attachments, Content = "" }: Item): string =>
  Attachments?.[0]?.AttachmentName ?? Content;

function behaviorLines({ bot, disconnectFlow, processing, scanning }: Partial<Behaviors>): readonly string[] {
  return [
    ...(bot === "echo"
      ? ['contact.onMessage((item) => contact.say(item.Content ?? "", { role: "SYSTEM" }));']
      : []),
    ...(disconnectFlow === "survey"
      ? [
          "// Write your survey here, and end the chat after the customer's answer.",
          "contact.onDisconnect((chat) => chat.end());",
        ]
      : []),
    ...(processing === "redact"
      ? ['contact.onProcessing((text) => ({ text: text.replace(/\\d{4,}/g, "{REDACTED}") }));']
      : []),
    ...(processing === "fail" ? ['contact.onProcessing(() => ({ status: "FAILED" }));'] : []),
    ...(processing === "reject" ? ['contact.onProcessing(() => ({ status: "REJECTED" }));'] : []),
    ...(scanning === "approve" ? ['contact.onScan(() => "APPROVED");'] : []),
    ...(scanning === "reject" ? ['contact.onScan(() => "REJECTED");'] : []),
  ];
}

const transferOf = ({
  displayName,
  acknowledged = true,
}: {
  readonly displayName?: string;
  readonly acknowledged?: boolean;
}): object => ({ displayName, joins: acknowledged ? true : undefined });

/** Large files aren't worth pasting into a test. */
const MAX_BASE64 = 200;

const bytesOf = (base64: string): Code =>
  base64.length <= MAX_BASE64
    ? new Code(`Buffer.from(${args(base64)}, "base64")`)
    : new Code(`Buffer.alloc(${Math.floor((base64.length * 3) / 4)})`);

const textOf = (content: unknown): string =>
  typeof content === "string" ? content : JSON.stringify(content);

interface By {
  readonly role?: ParticipantRole;
  readonly displayName?: string;
  readonly participantId?: string;
}

/** Returns the role and name for `say`, without the role AGENT, which is the default. */
function speaker({ role, displayName, participantId }: By, memory: Memory): object {
  const name =
    displayName ??
    memory.contact.participants.find((each) => each.participantId === participantId)?.displayName;
  return { ...otherThanAgent(role), displayName: name };
}

const otherThanAgent = (role: ParticipantRole | undefined): { role?: ParticipantRole } =>
  role === undefined || role === "AGENT" ? {} : { role };

const roleOf = (participantId: string, { contact }: Memory): ParticipantRole | undefined =>
  contact.participants.find((each) => each.participantId === participantId)?.role;
