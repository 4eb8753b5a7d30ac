/** The drafts of the interactive templates: the values in their forms, and the defaults. */

export interface ElementDraft {
  readonly title: string;
  readonly subtitle: string;
  readonly image: string;
  /** An address that the element opens instead of sending a response. */
  readonly link: string;
  readonly paging: "" | "SHOW_MORE" | "PREVIOUS_OPTIONS";
}

export interface ReplyDraft {
  readonly title: string;
  readonly subtitle: string;
}

export interface ListDraft {
  readonly type: "ListPicker" | "Panel" | "QuickReply";
  readonly title: string;
  readonly subtitle: string;
  readonly image: string;
  readonly imageDescription: string;
  readonly elements: readonly ElementDraft[];
  readonly reply: ReplyDraft;
}

export interface SlotDraft {
  /** The value of a `datetime-local` input, which is a local time without a zone. */
  readonly local: string;
  readonly duration: string;
}

export interface TimePickerDraft {
  readonly type: "TimePicker";
  readonly title: string;
  readonly subtitle: string;
  /** Minutes; empty to omit the field. */
  readonly timeZoneOffset: string;
  readonly place: { readonly title: string; readonly latitude: string; readonly longitude: string };
  readonly slots: readonly SlotDraft[];
  readonly reply: ReplyDraft;
}

export interface CarouselDraft {
  readonly type: "Carousel";
  readonly title: string;
  readonly omitsTitle: boolean;
  readonly cards: readonly ListDraft[];
}

export interface ViewDraft {
  readonly type: "ViewResource";
  readonly viewId: string;
  readonly viewToken: string;
  /** JSON. */
  readonly viewData: string;
  /** One per line. */
  readonly actions: string;
}

/** Any template as JSON, for templates without a form and for broken templates. */
export interface JsonDraft {
  readonly type: "Json";
  readonly json: string;
}

export type TemplateDraft = ListDraft | TimePickerDraft | CarouselDraft | ViewDraft | JsonDraft;

export type TemplateType = TemplateDraft["type"];

export const TEMPLATE_TYPES: readonly (readonly [type: TemplateType, label: string])[] = [
  ["ListPicker", "List picker"],
  ["QuickReply", "Quick reply"],
  ["Panel", "Panel"],
  ["TimePicker", "Time picker"],
  ["Carousel", "Carousel"],
  ["ViewResource", "View"],
  ["Json", "JSON"],
];

export const newElement = (title = "", subtitle = ""): ElementDraft => ({
  title,
  subtitle,
  image: "",
  link: "",
  paging: "",
});

const list = (
  type: ListDraft["type"],
  [title, subtitle]: readonly [string, string],
  elements: readonly ElementDraft[],
  reply = "",
): ListDraft => ({
  type,
  title,
  subtitle,
  image: "",
  imageDescription: "",
  elements,
  reply: { title: reply, subtitle: "" },
});

export const newCard = (title: string): ListDraft =>
  list("Panel", [title, ""], [newElement("Book"), newElement("Tell me more")]);

/** Returns a filled-in form of a type. `now` determines the days of the time slots. */
export function defaultDraft(type: TemplateType, now: Date, token: string): TemplateDraft {
  switch (type) {
    case "ListPicker":
      return list(
        type,
        ["Which bike needs service?", "Pick one"],
        [
          newElement("City bike", "from 40 EUR"),
          newElement("Mountain bike", "from 55 EUR"),
          newElement("Cargo bike", "from 70 EUR"),
        ],
        "Noted",
      );
    case "QuickReply":
      return list(
        type,
        ["Did this solve it?", ""],
        ["Yes", "Partly", "No"].map((each) => newElement(each)),
      );
    case "Panel":
      return list(
        type,
        ["What do you need?", "Tap a line"],
        ["Opening hours", "Invoice copy", "Return a parcel", "Talk to a person"].map((each) =>
          newElement(each),
        ),
      );
    case "TimePicker":
      return {
        type,
        title: "Pick a slot",
        subtitle: "Workshop visit",
        timeZoneOffset: String(-now.getTimezoneOffset()),
        place: { title: "City workshop", latitude: "52.5", longitude: "13.4" },
        slots: [
          { local: localTime(now, 1, 9, 0), duration: "60" },
          { local: localTime(now, 1, 14, 30), duration: "60" },
          { local: localTime(now, 2, 8, 0), duration: "60" },
        ],
        reply: { title: "Booked", subtitle: "See you then" },
      };
    case "Carousel":
      return { type, title: "Our tours", omitsTitle: false, cards: [newCard("Harbor"), newCard("Old town")] };
    case "ViewResource":
      return {
        type,
        viewId: "arn:aws:connect:eu-central-1:aws:view/form:1",
        viewToken: token,
        viewData: JSON.stringify({ Heading: "Delivery address", Sections: "[]" }, null, 2),
        actions: "Submit\nBack",
      };
    case "Json":
      return { type, json: JSON.stringify(MODALITY, null, 2) };
  }
}

/** A template without a form. */
const MODALITY = {
  templateType: "TouchpointModality",
  version: "1.0",
  data: {
    content: {
      title: "How would you like to continue?",
      modalityPayload: {
        type: "message",
        message: "Choose one",
        choices: [{ choiceId: "chat", choiceText: "Chat" }],
        modalities: [],
      },
    },
  },
};

function localTime(now: Date, days: number, hours: number, minutes: number): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}T${two(hours)}:${two(minutes)}`;
}
