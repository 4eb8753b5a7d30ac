/** Checks a snapshot before anything is replaced: its shape, then its IDs, times, references and files. */
import { problemOf } from "./control/check";
import { SNAPSHOT } from "./control/schemas";
import { SimulatorInputError } from "./input-error";
import type { Item } from "./items";
import { isTooDeep, isWellFormed, MAX_JSON_DEPTH } from "./json";
import type { Snapshot, SnapshotAttachment, SnapshotContact } from "./snapshot";

/** Throws a SimulatorInputError that names the wrong field. */
export function checkSnapshot(snapshot: Snapshot): void {
  if (isTooDeep(snapshot))
    throw new SimulatorInputError(
      deepField(snapshot),
      `must not be nested deeper than ${MAX_JSON_DEPTH} levels.`,
    );
  const problem = problemOf(SNAPSHOT, snapshot);
  if (problem !== null) throw schemaError(problem);
  const { contacts, connectionTokens, attachments } = snapshot;
  const contactIds = new Ids();
  const participantIds = new Ids();
  const tokens = new Ids();
  contacts.forEach((contact, index) => {
    const path = `contacts[${index}]`;
    contactIds.add(`${path}.contactId`, contact.contactId);
    contact.participants.forEach(({ participantId, participantToken }, each) => {
      participantIds.add(`${path}.participants[${each}].participantId`, participantId);
      tokens.add(`${path}.participants[${each}].participantToken`, participantToken);
    });
    checkTimes(path, contact);
  });
  connectionTokens.forEach(({ token, participantId }, index) => {
    const path = `connectionTokens[${index}]`;
    tokens.add(`${path}.token`, token);
    participantIds.mustHave(`${path}.participantId`, participantId, "participant");
  });
  const attachmentIds = new Ids();
  attachments.forEach((attachment, index) => {
    const path = `attachments[${index}]`;
    attachmentIds.add(`${path}.attachmentId`, attachment.attachmentId);
    contactIds.mustHave(`${path}.contactId`, attachment.contactId, "contact");
    if (attachment.uploaderId !== null)
      participantIds.mustHave(`${path}.uploaderId`, attachment.uploaderId, "participant");
    checkFile(path, attachment);
  });
}

/** IDs or tokens, each of which must occur once. */
class Ids {
  readonly #fields = new Map<string, string>();

  add(field: string, id: string): void {
    const other = this.#fields.get(id);
    if (other !== undefined)
      throw new SimulatorInputError(field, `must be unique, but \`${other}\` has the same value.`);
    this.#fields.set(id, field);
  }

  mustHave(field: string, id: string, what: "contact" | "participant"): void {
    if (!this.#fields.has(id))
      throw new SimulatorInputError(field, `must be the ID of a ${what} in the snapshot; got "${id}".`);
  }
}

function checkTimes(path: string, { startedAt, transcript }: SnapshotContact): void {
  checkTime(`${path}.startedAt`, startedAt);
  transcript.forEach((item, index) => checkItemTimes(`${path}.transcript[${index}]`, item));
}

function checkItemTimes(path: string, { AbsoluteTime, MessageMetadata }: Item): void {
  checkTime(`${path}.AbsoluteTime`, AbsoluteTime);
  MessageMetadata?.Receipts?.forEach(({ DeliveredTimestamp, ReadTimestamp }, index) => {
    const at = `${path}.MessageMetadata.Receipts[${index}]`;
    if (DeliveredTimestamp !== undefined) checkTime(`${at}.DeliveredTimestamp`, DeliveredTimestamp);
    if (ReadTimestamp !== undefined) checkTime(`${at}.ReadTimestamp`, ReadTimestamp);
  });
}

export function checkTime(field: string, time: string): void {
  if (Number.isNaN(Date.parse(time)))
    throw new SimulatorInputError(field, `must be a time in ISO 8601; got ${JSON.stringify(time)}.`);
}

function checkFile(path: string, { name, base64, sizeInBytes, completed }: SnapshotAttachment): void {
  if (!isWellFormed(name))
    throw new SimulatorInputError(`${path}.name`, "must be well-formed Unicode, without lone surrogates.");
  if (base64 === null) {
    if (completed) throw new SimulatorInputError(`${path}.base64`, "is missing, but the upload is complete.");
    return;
  }
  if (!/^[\w+/-]*={0,2}$/.test(base64))
    throw new SimulatorInputError(`${path}.base64`, "isn't valid Base64.");
  const bytes = Buffer.byteLength(base64, "base64");
  if (bytes !== sizeInBytes)
    throw new SimulatorInputError(`${path}.base64`, `must have ${sizeInBytes} bytes; got ${bytes}.`);
}

/** The part of a snapshot that is nested too deep. */
const deepField = (snapshot: Snapshot): string =>
  Object.entries(snapshot).find(([, value]) => isTooDeep([value]))?.[0] ?? "snapshot";

/** The schema's message begins with the field. */
function schemaError(problem: string): SimulatorInputError {
  const [, field = "snapshot", rest = problem] = /^`([^`]+)` (.*)$/s.exec(problem) ?? [];
  return new SimulatorInputError(field, rest);
}
