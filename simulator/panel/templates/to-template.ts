/** Converts a form into a template in the format that the service's flows send. */
import type {
  CarouselDraft,
  ElementDraft,
  JsonDraft,
  ListDraft,
  ReplyDraft,
  TemplateDraft,
  TimePickerDraft,
  ViewDraft,
} from "./drafts";

/** A JSON object. */
export type Template = Record<string, unknown>;

/** Throws an Error that says what to correct if a JSON field isn't valid JSON. */
export function toTemplate(draft: TemplateDraft): Template {
  switch (draft.type) {
    case "ListPicker":
    case "Panel":
    case "QuickReply":
      return listTemplate(draft);
    case "TimePicker":
      return timePickerTemplate(draft);
    case "Carousel":
      return carouselTemplate(draft);
    case "ViewResource":
      return viewTemplate(draft);
    case "Json":
      return jsonObject(draft);
  }
}

/** Returns DescribeView's response for the form's view. */
export function toView({ viewId, actions }: ViewDraft): Template {
  const [, name = "view"] = /view\/([^:]+)/.exec(viewId) ?? [];
  return {
    Id: name,
    Arn: viewId,
    Name: name,
    Version: 1,
    Content: {
      InputSchema: JSON.stringify({ type: "object" }),
      Template: JSON.stringify({ Head: { Title: name }, Body: [] }),
      Actions: actions
        .split("\n")
        .map((each) => each.trim())
        .filter(Boolean),
    },
  };
}

function listTemplate(draft: ListDraft): Template {
  const hasImages = draft.type !== "QuickReply";
  return {
    templateType: draft.type,
    version: "1.0",
    data: {
      ...replyMessage(draft.reply),
      content: {
        title: draft.title,
        ...textField("subtitle", draft.subtitle),
        ...(hasImages && image(draft.image, draft.imageDescription)),
        elements: draft.elements.map((each) => element(each, draft)),
        ...pagingFields(draft),
      },
    },
  };
}

function element(
  { title, subtitle, image: address, link, paging }: ElementDraft,
  { type }: ListDraft,
): object {
  return {
    title,
    // Only a list picker's elements can have more fields than a title.
    ...(type === "ListPicker" && textField("subtitle", subtitle)),
    ...(type === "ListPicker" && image(address, title)),
    ...(link.trim() !== "" && { type: "hyperlink", url: link.trim() }),
    ...(paging !== "" && { actionDetail: paging }),
  };
}

/** Returns the fields that are required if an element pages through the list. */
function pagingFields({ elements }: ListDraft): object {
  if (elements.every(({ paging }) => paging === "")) return {};
  return { listId: "list", referenceId: "list-1", preIndex: -1, nextIndex: elements.length };
}

function timePickerTemplate({
  title,
  subtitle,
  timeZoneOffset,
  place,
  slots,
  reply,
}: TimePickerDraft): Template {
  return {
    templateType: "TimePicker",
    version: "1.0",
    data: {
      ...replyMessage(reply),
      content: {
        title,
        ...textField("subtitle", subtitle),
        ...(timeZoneOffset.trim() !== "" && { timeZoneOffset: Number(timeZoneOffset) }),
        ...(place.title.trim() !== "" && {
          location: {
            latitude: Number(place.latitude),
            longitude: Number(place.longitude),
            title: place.title,
          },
        }),
        timeslots: slots.map(({ local, duration }) => ({
          date: serviceDate(local),
          duration: Number(duration),
        })),
      },
    },
  };
}

/** Returns a time in UTC without seconds: `2026-12-03T09:00+00:00`. A text that isn't a date is returned unchanged. */
export function serviceDate(local: string): string {
  const date = new Date(local);
  return Number.isNaN(date.getTime()) ? local : `${date.toISOString().slice(0, 16)}+00:00`;
}

function carouselTemplate({ title, omitsTitle, cards }: CarouselDraft): Template {
  return {
    templateType: "Carousel",
    version: "1.0",
    data: {
      content: {
        title,
        ...(omitsTitle && { omitTitleFromCarouselResponse: true }),
        elements: cards.map((card, index) => ({
          templateIdentifier: `card-${index + 1}`,
          ...listTemplate(card),
        })),
      },
    },
  };
}

function viewTemplate({ viewId, viewToken, viewData }: ViewDraft): Template {
  return {
    templateType: "ViewResource",
    version: "1.0",
    data: { content: { viewId, viewToken, viewData: parse(viewData, "The view's data") } },
  };
}

function jsonObject({ json }: JsonDraft): Template {
  const parsed = parse(json, "The template");
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new Error("The template must be a JSON object.");
  }
  return { ...parsed };
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${what} isn't valid JSON: ${reason}`, { cause: error });
  }
}

const replyMessage = ({ title, subtitle }: ReplyDraft): object =>
  title.trim() === "" ? {} : { replyMessage: { title, ...textField("subtitle", subtitle) } };

const textField = (name: string, text: string): object => (text.trim() === "" ? {} : { [name]: text });

const image = (address: string, description: string): object =>
  address.trim() === ""
    ? {}
    : { imageType: "URL", imageData: address.trim(), ...textField("imageDescription", description) };
