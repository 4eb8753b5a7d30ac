/** Reads an interactive message for display. Accepts any input, because users send broken messages on purpose. */

export interface ReadElement {
  readonly title: string;
  readonly subtitle?: string;
  readonly image?: ReadImage;
  /** An http(s) address that the element opens instead of sending a response. */
  readonly link?: string;
  /** Whether the element pages through the list instead of sending a response. */
  readonly isPaging?: boolean;
}

export interface ReadImage {
  readonly address: string;
  readonly description: string;
}

export interface ReadTemplate {
  readonly type: string;
  readonly title?: string;
  readonly subtitle?: string;
  readonly image?: ReadImage;
  readonly elements: readonly ReadElement[];
  /** A time picker's slots, with the dates as sent. */
  readonly slots: readonly { readonly date: string; readonly duration: string }[];
  readonly place?: string;
  /** A carousel's cards. */
  readonly cards: readonly ReadTemplate[];
  /** A view's name, token, and data (JSON). */
  readonly view?: { readonly id: string; readonly token: string; readonly data: string };
  readonly reply?: { readonly title: string; readonly subtitle?: string };
}

type Fields = Readonly<Record<string, unknown>>;

/** Returns null if the text isn't a JSON object. */
export function readTemplate(content: string): ReadTemplate | null {
  try {
    const parsed: unknown = JSON.parse(content);
    return isFields(parsed) ? read(parsed) : null;
  } catch {
    return null;
  }
}

/** Returns the text if it is an absolute http or https address, or else undefined. */
export function httpAddress(text: unknown): string | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const { protocol, href } = new URL(text.trim());
    return protocol === "http:" || protocol === "https:" ? href : undefined;
  } catch {
    return undefined;
  }
}

function read(template: Fields): ReadTemplate {
  const data = fieldsOf(template["data"]);
  const content = fieldsOf(data["content"]);
  const location = fieldsOf(content["location"]);
  const elements = listOf(content["elements"]);
  const cards = template["templateType"] === "Carousel" ? elements.map(read) : [];
  return withoutUndefined({
    type: textOf(template["templateType"]) ?? "Unknown template",
    title: textOf(content["title"]),
    subtitle: textOf(content["subtitle"]),
    image: imageOf(content),
    elements: cards.length > 0 ? [] : elements.map(elementOf).filter((each) => each !== null),
    slots: listOf(content["timeslots"])
      .map(slotOf)
      .filter((each) => each !== null),
    place: textOf(location["title"]),
    cards,
    view: viewOf(content),
    reply: replyOf(fieldsOf(data["replyMessage"])),
  });
}

function elementOf(element: Fields): ReadElement | null {
  const title = textOf(element["title"]);
  if (title === undefined) return null;
  return withoutUndefined({
    title,
    subtitle: textOf(element["subtitle"]),
    image: imageOf(element),
    link: element["type"] === "hyperlink" ? httpAddress(element["url"]) : undefined,
    isPaging: element["actionDetail"] === undefined ? undefined : true,
  });
}

function slotOf(slot: Fields): ReadTemplate["slots"][number] | null {
  const date = textOf(slot["date"]);
  if (date === undefined) return null;
  const duration = slot["duration"];
  return { date, duration: typeof duration === "number" ? String(duration) : (textOf(duration) ?? "") };
}

function imageOf(fields: Fields): ReadImage | undefined {
  const address = httpAddress(fields["imageData"]);
  if (address === undefined) return undefined;
  return { address, description: textOf(fields["imageDescription"]) ?? "Image" };
}

function viewOf(content: Fields): ReadTemplate["view"] {
  const id = textOf(content["viewId"]);
  const token = textOf(content["viewToken"]);
  if (id === undefined && token === undefined) return undefined;
  const data = content["viewData"];
  const text = typeof data === "string" ? data : JSON.stringify(data ?? {}, null, 2);
  return { id: id ?? "", token: token ?? "", data: text };
}

function replyOf(reply: Fields): ReadTemplate["reply"] {
  const title = textOf(reply["title"]);
  return title === undefined ? undefined : withoutUndefined({ title, subtitle: textOf(reply["subtitle"]) });
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.trim() !== "" ? value : undefined;

type Known<Value> = { [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key] } & {
  [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<Value[Key], undefined>;
};

/** Omits undefined fields. */
export const withoutUndefined = <Value extends object>(value: Value): Known<Value> =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Known<Value>;
