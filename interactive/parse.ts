import { Fields } from "./fields";
import { bytesOf, isObject, objectOf, parseJson, textOf, type JsonObject } from "./json";
import { COUNTS, INTERACTIVE, MAX_BYTES, VERSION } from "./limits";
import { readList } from "./read-list";
import { readTimePicker } from "./read-time-picker";
import type {
  CarouselCard,
  InteractiveItem,
  InteractiveMessage,
  InteractiveMessageBase,
  OtherMessage,
  ReplyMessage,
  TouchpointChoice,
  TouchpointMessage,
  ViewMessage,
} from "./types";
import type { InteractiveWarning } from "./warnings";

/** Any number of items. */
const UNLIMITED = [0, Infinity] as const;

/** What a message or a card doesn't read from its template. */
type Received = Pick<InteractiveMessageBase, "id" | "warnings" | "raw">;

/** A template's content, and the fields that all templates have. */
interface Parts {
  readonly content: Fields;
  readonly base: InteractiveMessageBase;
}

/**
 * Reads an interactive message: the `data` of an `onMessage` event, or an item of a transcript. Returns null for other
 * items, including the customers' answers (see `responseText()`). Never throws: it reads what it can from a broken
 * message, and says in `warnings` what is wrong. If nothing can be read, the message's kind is `Other`.
 *
 * @example
 * import { answerTo, parseInteractive } from "amazon-connect-chatjs/interactive";
 *
 * session.onMessage(({ data }) => {
 *   const message = parseInteractive(data);
 *   if (message?.kind !== "QuickReply") return;
 *   for (const element of message.elements) {
 *     if (element.kind === "link") continue;
 *     const button = document.createElement("button");
 *     button.textContent = element.title;
 *     button.onclick = () => session.sendMessage(answerTo(message, element));
 *     container.append(button);
 *   }
 * });
 */
export function parseInteractive(item: InteractiveItem | null | undefined): InteractiveMessage | null {
  const { ContentType, Content, Id }: JsonObject = objectOf(item);
  if (ContentType !== INTERACTIVE) return null;
  const id = textOf(Id);
  const raw = parseJson(Content);
  const warnings: InteractiveWarning[] = [];
  const template = new Fields(raw, "", warnings);
  if (!isObject(raw)) {
    template.warn("invalid-json", "", "isn't a JSON object");
    // One warning is enough for a message without fields.
    return readOther(null, new Fields(raw, "", []), { id, warnings, raw: Content });
  }
  if (typeof Content === "string" && bytesOf(Content) > MAX_BYTES) {
    template.warn("too-large", "", `has more than ${MAX_BYTES} bytes`);
  }
  return readMessage(template, { id, warnings, raw });
}

function readMessage(template: Fields, received: Received): InteractiveMessage {
  const kind = template.text("templateType");
  switch (kind) {
    case "ListPicker":
    case "Panel":
    case "QuickReply": {
      const { base, content } = readParts(template, received, true);
      return { kind, ...base, ...readList(kind, content) };
    }
    case "TimePicker": {
      const { base, content } = readParts(template, received, true);
      return { kind, ...base, ...readTimePicker(content) };
    }
    case "Carousel": {
      const { base, content } = readParts(template, received, true);
      return {
        kind,
        ...base,
        cards: content.list("elements", COUNTS.Carousel, (each) => readCard(each, received)),
        omitTitleFromCarouselResponse: content.flag("omitTitleFromCarouselResponse"),
      };
    }
    case "ViewResource":
      return readView(readParts(template, received));
    case "TouchpointModality":
      return readTouchpoint(readParts(template, received));
    default:
      return readOther(kind, template, received);
  }
}

function readParts(template: Fields, received: Received, needsTitle = false): Parts {
  template.require("version");
  if (template.has("version") && template.raw["version"] !== VERSION) {
    template.warn("unknown-value", "version", `must be "${VERSION}"`);
  }
  const data = template.child("data");
  data.require("content");
  // A documentation page of ChatJS shows messages without `content`.
  const content = data.has("content") ? data.child("content") : data;
  if (needsTitle) content.require("title");
  return {
    content,
    base: {
      ...content.texts(),
      replyMessage: data.has("replyMessage") ? readReply(data.child("replyMessage")) : null,
      templateIdentifier: template.text("templateIdentifier"),
      referenceId: content.text("referenceId"),
      ...received,
    },
  };
}

function readReply(fields: Fields): ReplyMessage {
  fields.require("title");
  return fields.texts();
}

/** A card is a message inside a message. Its warnings are the carousel's. */
function readCard(template: Fields, { id, warnings }: Received): CarouselCard {
  template.require("templateIdentifier");
  const received = { id, warnings, raw: template.raw };
  const kind = template.text("templateType");
  if (kind !== "ListPicker" && kind !== "Panel") return readOther(kind, template, received);
  const { base, content } = readParts(template, received, true);
  return { kind, ...base, ...readList(kind, content) };
}

function readView({ base, content }: Parts): ViewMessage {
  content.require("viewId", "viewToken");
  const viewData = readViewData(content);
  return {
    kind: "ViewResource",
    ...base,
    // The heading of AWS's own views.
    title: base.title || (textOf(viewData["Heading"]) ?? ""),
    viewId: content.text("viewId"),
    viewToken: content.text("viewToken"),
    viewData,
  };
}

function readViewData(content: Fields): JsonObject {
  const { viewData } = content.raw;
  const parsed = typeof viewData === "string" ? parseJson(viewData) : viewData;
  if (content.has("viewData") && !isObject(parsed)) {
    content.warn("wrong-type", "viewData", "must be an object, or one as JSON");
  }
  // Unlike an assignment, this also keeps a field named `__proto__` a mere field.
  return Object.fromEntries(Object.entries(objectOf(parsed)).map(([name, value]) => [name, unpacked(value)]));
}

/** Parses an object or array, but not text that only looks like a number, such as a postal code. */
const unpacked = (value: unknown): unknown =>
  typeof value === "string" && /^\s*[[{]/.test(value) ? (parseJson(value) ?? value) : value;

function readTouchpoint({ base, content }: Parts): TouchpointMessage {
  content.require("modalityPayload");
  const payload = content.child("modalityPayload");
  return {
    kind: "TouchpointModality",
    ...base,
    title: payload.text("message") ?? base.title,
    isInterim: payload.text("type") === "interim",
    choices: payload.list("choices", UNLIMITED, readChoice),
    modalities: payload.child("modalities").raw,
  };
}

function readChoice(fields: Fields): TouchpointChoice | null {
  fields.require("choiceId");
  const choiceId = fields.text("choiceId");
  return choiceId === null ? null : { choiceId, title: fields.text("choiceText") ?? choiceId };
}

function readOther(templateType: string | null, template: Fields, received: Received): OtherMessage {
  template.require("templateType");
  if (templateType !== null) template.warn("unknown-value", "templateType", "isn't supported here");
  return { kind: "Other", ...readParts(template, received).base, templateType: templateType ?? "" };
}
