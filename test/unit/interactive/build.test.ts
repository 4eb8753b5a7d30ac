import { describe, expect, test } from "@jest/globals";
import {
  carousel,
  InteractiveError,
  listPicker,
  panel,
  parseInteractive,
  quickReply,
  rendererView,
  timePicker,
  viewResource,
  type BuiltMessage,
  type CardInput,
} from "../../../interactive/index";
import { EXAMPLES, exampleOf, INTERACTIVE, parsedAs } from "./examples";

const image = (name: string, description: string): { url: string; description: string } => ({
  url: `https://img.example.test/${name}.png`,
  description,
});

/** Each valid example, as its builder builds it. */
const BUILT: Readonly<Record<string, () => BuiltMessage>> = {
  ListPicker: () =>
    listPicker({
      title: "Which bike needs service?",
      subtitle: "Pick **one**",
      image: image("shop", "Workshop front"),
      elements: [
        { title: "City bike", subtitle: "from 40 EUR", image: image("city", "City bike") },
        { title: "Mountain bike", subtitle: "from 55 EUR", image: image("mtb", "Mountain bike") },
        { title: "Cargo bike", subtitle: "from 70 EUR", image: image("cargo", "Cargo bike") },
      ],
      replyMessage: { title: "Noted", subtitle: "Your bike", image: image("bike", "A bicycle") },
    }),
  Panel: () =>
    panel({
      title: "What do you need?",
      subtitle: "Tap a line",
      image: image("desk", "Help desk"),
      elements: ["Opening hours", { title: "Invoice copy" }, "Return a parcel", "Talk to a person"],
    }),
  QuickReply: () =>
    quickReply({
      title: "Did this solve it?",
      elements: ["Yes", "Partly", { title: "No" }],
      replyMessage: { title: "Thank you" },
    }),
  TimePicker: () =>
    timePicker({
      title: "Pick a slot",
      subtitle: "Workshop visit",
      timeZoneOffset: 60,
      location: { latitude: 52.5, longitude: 13.4, title: "Workshop downtown", radius: 1 },
      timeslots: [
        { date: new Date("2026-12-03T10:00:00+01:00"), duration: 60 },
        { date: "2026-12-03T14:30+00:00", duration: 60 },
        { date: "2026-12-04T08:00+00:00", duration: 60 },
      ],
      replyMessage: { title: "Booked", subtitle: "See you then" },
    }),
  Carousel: () =>
    carousel({
      title: "Our tours",
      cards: [
        {
          kind: "Panel",
          templateIdentifier: "tour-a",
          title: "Harbor",
          subtitle: "2 hours",
          elements: ["Book", { title: "Details", url: "https://example.test/harbor" }],
        },
        { kind: "Panel", templateIdentifier: "tour-b", title: "Old town", elements: ["Book"] },
      ],
    }),
  ViewResource: () =>
    viewResource({
      viewId: "arn:aws:connect:eu-central-1:aws:view/form:1",
      viewToken: "example-token",
      viewData: { Heading: "Delivery address", Sections: "[]" },
    }),
};

test.each(Object.keys(BUILT))("a builder builds the example of %s", (name) => {
  const { contentType, content } = BUILT[name]?.() ?? { contentType: undefined, content: "" };
  expect(contentType).toBe(INTERACTIVE);
  expect(JSON.parse(content)).toEqual(exampleOf(name).Content_parsed);
});

test("each template with a known name has a builder", () => {
  const names = EXAMPLES.map(({ template }) => template).filter((name) => !name.includes("stand-in"));
  expect(Object.keys(BUILT)).toEqual([...new Set(names)]);
});

test("a list with another page has the paging fields", () => {
  const paging = { listId: "bikes", referenceId: "bikes-1", preIndex: -1, nextIndex: 1 };
  const { contentType, content } = listPicker({
    title: "Bikes",
    elements: ["City bike", { title: "More", actionDetail: "SHOW_MORE" }],
    paging,
  });
  expect(parseInteractive({ ContentType: contentType, Content: content })).toMatchObject({
    elements: [{ kind: "option" }, { kind: "paging", action: "SHOW_MORE" }],
    ...paging,
    warnings: [],
  });
});

test("a long title isn't an error, because the service accepts it", () => {
  expect(() => quickReply({ title: "a".repeat(401), elements: ["b".repeat(201), "No"] })).not.toThrow();
});

describe("a builder throws for what the service rejects, with the argument's field", () => {
  const titles = (count: number): string[] => Array.from({ length: count }, (_, index) => `Option ${index}`);
  const slot = { date: "2026-12-03T09:00+00:00", duration: 60 };
  const card: CardInput = { kind: "Panel", templateIdentifier: "a", title: "A", elements: ["B"] };
  const title = "T";

  test.each<[what: string, build: () => unknown, code: string, field: string]>([
    // @ts-expect-error -- As from JavaScript.
    ["missing elements", () => listPicker({ title }), "too-few", "elements"],
    ["no elements", () => listPicker({ title, elements: [] }), "too-few", "elements"],
    ["11 elements", () => panel({ title, elements: titles(11) }), "too-many", "elements"],
    ["one quick reply", () => quickReply({ title, elements: ["Yes"] }), "too-few", "elements"],
    ["11 quick replies", () => quickReply({ title, elements: titles(11) }), "too-many", "elements"],
    ["no slots", () => timePicker({ title, timeslots: [] }), "too-few", "timeslots"],
    ["41 slots", () => timePicker({ title, timeslots: Array(41).fill(slot) as [] }), "too-many", "timeslots"],
    ["one card", () => carousel({ title, cards: [card] }), "too-few", "cards"],
    ["6 cards", () => carousel({ title, cards: Array(6).fill(card) as [] }), "too-many", "cards"],
    ["a blank title", () => quickReply({ title: " ", elements: titles(2) }), "missing-field", "title"],
    ["an empty element", () => panel({ title, elements: ["A", ""] }), "missing-field", "elements[1].title"],
    [
      "an empty element in a card",
      () => carousel({ title, cards: [card, { ...card, elements: ["A", { title: "" }] }] }),
      "missing-field",
      "cards[1].elements[1].title",
    ],
    [
      "a card without an ID",
      () => carousel({ title, cards: [{ ...card, templateIdentifier: "" }, card] }),
      "missing-field",
      "cards[0].templateIdentifier",
    ],
    [
      "a link that isn't http or https",
      () => panel({ title, elements: [{ title: "A", url: "javascript:alert(1)" }] }),
      "unsafe-url",
      "elements[0].url",
    ],
    [
      "an image that isn't http or https",
      () => panel({ title, image: { url: "data:image/png;base64,A" }, elements: ["A"] }),
      "unsafe-url",
      "image.url",
    ],
    [
      "an image of an element",
      () => listPicker({ title, elements: [{ title: "A", image: { url: "a.png" } }] }),
      "unsafe-url",
      "elements[0].image.url",
    ],
    [
      "another page without the paging fields",
      () => listPicker({ title, elements: [{ title: "More", actionDetail: "SHOW_MORE" }] }),
      "missing-field",
      "paging.listId",
    ],
    [
      "a reply without a title",
      () => panel({ title, elements: ["A"], replyMessage: { title: "" } }),
      "missing-field",
      "replyMessage.title",
    ],
    [
      "a time without an offset",
      () => timePicker({ title, timeslots: [slot, { ...slot, date: "2026-12-03T09:00" }] }),
      "wrong-type",
      "timeslots[1].date",
    ],
    [
      "an invalid Date",
      () => timePicker({ title, timeslots: [{ ...slot, date: new Date("never") }] }),
      "wrong-type",
      "timeslots[0].date",
    ],
    [
      "a duration that isn't a number",
      () => timePicker({ title, timeslots: [{ ...slot, duration: NaN }] }),
      "missing-field",
      "timeslots[0].duration",
    ],
    ["an empty token", () => viewResource({ viewId: "form", viewToken: "" }), "missing-field", "viewToken"],
    [
      "more than 20 KB",
      () => viewResource({ viewId: "form", viewToken: "t", viewData: { text: "a".repeat(20_480) } }),
      "too-large",
      "",
    ],
  ])("%s", (_what, build, code, field) => {
    let thrown: unknown;
    try {
      build();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(InteractiveError);
    expect(thrown).toMatchObject({ code, field, message: expect.stringContaining(field || "The message") });
  });
});

describe("rendererView()", () => {
  const message = parsedAs("ViewResource");
  const Template = { Head: { Title: "Form" }, Body: [] };
  const Content = {
    InputSchema: '{"type":"object"}',
    Template: JSON.stringify(Template),
    Actions: ["Submit", "Back"],
  };

  test("combines the parsed view with the message's data", () => {
    expect(rendererView({ Content }, message)).toEqual({
      Content: { InputSchema: { type: "object" }, Template, Actions: ["Submit", "Back"] },
      InputData: { Heading: "Delivery address", Sections: [] },
    });
  });

  test("does without a schema and actions", () => {
    expect(rendererView({ Content: { Template: Content.Template } }, message)?.Content).toEqual({
      InputSchema: {},
      Template,
      Actions: [],
    });
  });

  test.each([
    ["no view", undefined],
    ["no content", {}],
    ["an empty template", { Content: { ...Content, Template: "" } }],
    ["a template that isn't an object", { Content: { ...Content, Template: "5" } }],
    ["a template that isn't JSON", { Content: { ...Content, Template: "{oops" } }],
  ])("returns null for %s", (_what, view) => {
    expect(rendererView(view, message)).toBeNull();
  });
});
