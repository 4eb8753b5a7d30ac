/** Operations that send something to a chat. */
import { EVENT } from "../../items";
import { sendFile } from "../../storage";
import type { Context } from "../context";
import { ControlError } from "../errors";
import { OPERATIONS } from "../operations";
import { rawRoute, route } from "../route";
import { checkTime } from "../../snapshot-check";

const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";

/** Returns a file's bytes. Doesn't match the text as a whole, because that would overflow the stack for large files. */
function bytesOf(base64: string): Buffer {
  const padding = /={0,2}$/.exec(base64.slice(-2))?.[0] ?? "";
  const digits = base64.slice(0, base64.length - padding.length);
  if (digits !== "" && base64.length % 4 === 0 && !/[^A-Za-z\d+/]/.test(digits))
    return Buffer.from(base64, "base64");
  throw new ControlError("BadRequest", "`base64` must be the file's bytes in Base64, at least one byte.");
}

/** The handlers, in the order of the table. */
export const messageRoutes = (context: Context) => ({
  sendMessage: route(OPERATIONS.sendMessage, ({ parameters, body }) => {
    const { contact } = context.chat(parameters.contactId);
    const { content, contentType = "text/plain", role = "AGENT", ...by } = body;
    const Content = typeof content === "string" ? content : JSON.stringify(content);
    if (Content === "") throw new ControlError("BadRequest", "`content` must not be empty.");
    const speaker = context.speaker(contact, { role, ...by });
    return { item: contact.add({ Type: "MESSAGE", ContentType: contentType, Content, ...speaker }) };
  }),

  sendEvent: route(OPERATIONS.sendEvent, ({ parameters, body }) => {
    const { contact } = context.chat(parameters.contactId);
    const { name, content, role, participantId } = body;
    const by =
      role === undefined && participantId === undefined
        ? {}
        : context.speaker(contact, {
            role: role ?? "AGENT",
            ...(participantId !== undefined && { participantId }),
          });
    const Content = content === undefined ? {} : { Content: content };
    const isStored = name !== "typing";
    return {
      item: contact.add(
        { Type: "EVENT", ContentType: `${EVENT}${name}`, ...Content, ...by },
        undefined,
        isStored,
      ),
    };
  }),

  sendReceipt: route(OPERATIONS.sendReceipt, ({ parameters, body }) => {
    const { contact } = context.chat(parameters.contactId);
    const { kind, messageId, role = "AGENT", participantId } = body;
    const by = context.byRole(contact, { role, ...(participantId !== undefined && { participantId }) });
    if (!by)
      throw new ControlError("NotFound", `Nobody with role ${role} is in the chat. Add a participant first.`);
    if (!contact.transcript.find(messageId))
      throw new ControlError("NotFound", `\`messageId\`: the transcript has no item ${messageId}.`);
    const withIds = context.engine.service.nextReceiptHasContactIds();
    return { item: contact.receipt(kind, messageId, by, withIds) };
  }),

  sendInteractive: route(OPERATIONS.sendInteractive, ({ parameters, body }) => {
    const { contact } = context.chat(parameters.contactId);
    const { template, role = "SYSTEM", ...by } = body;
    const speaker = context.speaker(contact, { role, ...by });
    const Content = JSON.stringify(template);
    return { item: contact.add({ Type: "MESSAGE", ContentType: INTERACTIVE, Content, ...speaker }) };
  }),

  sendAttachment: route(OPERATIONS.sendAttachment, ({ parameters, body }) => {
    const { contact } = context.chat(parameters.contactId);
    const { name, contentType, base64, role = "AGENT", ...by } = body;
    const bytes = bytesOf(base64);
    const speaker = context.speaker(contact, { role, ...by });
    const uploader = context.byRole(contact, { role, ...by });
    const file = context.engine.storeFile(contact.contactId, { name, contentType, bytes }, uploader);
    const item = contact.add({
      Type: "ATTACHMENT",
      ContentType: contentType,
      Attachments: [file],
      ...speaker,
    });
    return { item, attachmentId: file.AttachmentId };
  }),

  getAttachment: rawRoute(OPERATIONS.getAttachment, ({ parameters, response }) => {
    const { contactId } = context.engine.contactOf(parameters.contactId);
    const attachment = context.engine.storage.find(parameters.attachmentId);
    if (attachment?.contactId !== contactId || attachment.bytes === null) {
      throw new ControlError("NotFound", `Contact ${contactId} has no file ${parameters.attachmentId}.`);
    }
    sendFile(response, attachment);
  }),

  streamAnswer: route(OPERATIONS.streamAnswer, ({ parameters, body }) => {
    const { script } = context.chat(parameters.contactId);
    if (body.pieces.length === 0)
      throw new ControlError("BadRequest", "`pieces` must have at least one piece.");
    return { id: context.parts.player.play(script, body) };
  }),

  changeItem: route(OPERATIONS.changeItem, ({ parameters, body }) => {
    const { script } = context.chat(parameters.contactId);
    if (body.AbsoluteTime !== undefined) checkTime("AbsoluteTime", body.AbsoluteTime);
    return { item: script.changeItem(parameters.itemId, body) };
  }),
});
