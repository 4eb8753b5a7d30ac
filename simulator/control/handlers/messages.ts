/** Operations that send something to a chat. */
import { EVENT, newId } from "../../items";
import { sendFile } from "../../storage";
import type { Context } from "../context";
import { ControlError } from "../errors";
import { OPERATIONS } from "../operations";
import { rawRoute, route } from "../route";

const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

function bytesOf(base64: string): Buffer {
  if (BASE64.test(base64) && base64 !== "") return Buffer.from(base64, "base64");
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
    const { limits, storage } = context.engine;
    const bytes = bytesOf(base64);
    limits.checkExtension(name);
    if (bytes.length > limits.attachmentBytes) {
      const { attachmentBytes } = limits;
      throw new ControlError(
        "BadRequest",
        `The file must have at most ${attachmentBytes} bytes; got ${bytes.length}.`,
      );
    }
    const speaker = context.speaker(contact, { role, ...by });
    const uploader = context.byRole(contact, { role, ...by });
    const { contactId } = contact;
    const attachment = storage.announce({
      name,
      contentType,
      sizeInBytes: bytes.length,
      uploader,
      contactId,
    });
    attachment.bytes = bytes;
    attachment.completed = true;
    const { attachmentId } = attachment;
    const item = contact.add({
      Id: newId(),
      Type: "ATTACHMENT",
      ContentType: contentType,
      Attachments: [
        { AttachmentId: attachmentId, AttachmentName: name, ContentType: contentType, Status: "APPROVED" },
      ],
      ...speaker,
    });
    return { item, attachmentId };
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
    return { item: script.changeItem(parameters.itemId, body) };
  }),
});
