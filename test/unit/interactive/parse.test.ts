import { describe, expect, test } from "@jest/globals";
import { parseInteractive, type InteractiveMessage, type ListElement } from "../../../interactive/index";
import { EXAMPLES, exampleOf, INTERACTIVE, parsed, parsedAs, RESPONSE, template } from "./examples";

const problems = ({ warnings }: InteractiveMessage): string[] =>
  warnings.map(({ code, field }) => `${code} ${field}`);

const list = (elements: unknown, more: object = {}): object =>
  template("ListPicker", { title: "Pick one", elements, ...more });

const elementsOf = (content: object): readonly ListElement[] => parsedAs("ListPicker", content).elements;

describe("parseInteractive() returns null", () => {
  test.each([
    ["a text", { ContentType: "text/plain", Content: "{}" }],
    ["a customer's response", { ContentType: RESPONSE, Content: '{"version":"1.0","action":"Submit"}' }],
    ["an item without a content type", { Id: "1" }],
    ["no item", null],
    ["undefined", undefined],
  ])("for %s", (_what, item) => {
    expect(parseInteractive(item)).toBeNull();
  });
});

test.each(EXAMPLES.filter(({ kind }) => kind === "valid"))(
  "the valid example of $template has its title and keeps the message as received: $why",
  ({ template: name, Content_parsed }) => {
    const message = parsed(Content_parsed);
    const isKnown = !name.includes("stand-in");
    expect(message.id).toBe("item");
    expect(message.raw).toEqual(Content_parsed);
    expect(message.title).not.toBe("");
    expect(problems(message)).toEqual(isKnown ? [] : ["unknown-value templateType"]);
    expect(message.kind).toBe(isKnown ? name : "Other");
  },
);

/** The broken examples: what is left of each, and its warnings. */
const BROKEN: Readonly<Record<string, { left: object; warnings: string[] }>> = {
  ListPicker: {
    left: {
      title: "Which bike needs service?",
      elements: [],
      replyMessage: { title: "no title here", subtitle: null, image: null },
    },
    warnings: ["missing-field data.replyMessage.title", "too-few data.content.elements"],
  },
  Panel: {
    left: { elements: Array.from({ length: 10 }, (_, index) => ({ title: `Option ${index + 1}` })) },
    warnings: ["too-many data.content.elements", "missing-field data.content.elements[10].title"],
  },
  QuickReply: {
    left: { title: "Did this solve it?", elements: [{ title: "Yes" }, { title: "No" }] },
    warnings: ["missing-field version", "missing-field data.content"],
  },
  TimePicker: {
    left: {
      location: null,
      timeslots: [
        { date: "next Tuesday", startsAt: null, duration: null },
        { date: "2026-12-04T08:00+00:00", startsAt: new Date("2026-12-04T08:00:00Z"), duration: 60 },
      ],
    },
    warnings: [
      "wrong-type data.content.timeslots[0].date",
      "wrong-type data.content.timeslots[0].duration",
      "missing-field data.content.location.title",
      "missing-field data.content.location.longitude",
    ],
  },
  Carousel: {
    left: { title: "Our tours", cards: [{ kind: "Other", title: "Harbor", templateType: "QuickReply" }] },
    warnings: [
      "too-few data.content.elements",
      "missing-field data.content.elements[0].templateIdentifier",
      "unknown-value data.content.elements[0].templateType",
    ],
  },
  ViewResource: {
    left: { viewId: "detail", viewToken: null, viewData: {} },
    warnings: ["missing-field data.content.viewToken", "wrong-type data.content.viewData"],
  },
};

test.each(Object.entries(BROKEN))(
  "the broken example of %s is read as far as possible, with warnings",
  (name, { left, warnings }) => {
    const message = parsed(exampleOf(name, "invalid").Content_parsed);
    expect(message).toMatchObject({ kind: name, ...left });
    expect(problems(message)).toEqual(warnings);
  },
);

test.each(EXAMPLES.filter(({ template: name, kind }) => name.includes("stand-in") && kind === "invalid"))(
  "an unknown template without texts is of the kind Other, without a title: $template",
  ({ Content_parsed }) => {
    expect(parsed(Content_parsed)).toMatchObject({ kind: "Other", title: "", subtitle: null });
  },
);

describe("a message that isn't a JSON object is of the kind Other, with one warning", () => {
  test.each(["", "{oops", "[]", "null", "5", '"text"'])("%j", (content) => {
    const message = parsed(content);
    expect(message).toMatchObject({ kind: "Other", title: "", templateType: "", raw: content });
    expect(message.warnings).toEqual([
      { code: "invalid-json", field: "", message: "The message isn't a JSON object." },
    ]);
  });

  test("no content at all", () => {
    expect(parseInteractive({ ContentType: INTERACTIVE })).toMatchObject({ kind: "Other", id: null });
  });
});

describe("elements", () => {
  test("a link keeps its http or https URL", () => {
    const url = "https://example.com/a?b=c";
    expect(elementsOf(list([{ title: "Details", type: "hyperlink", url: ` ${url} ` }]))).toMatchObject([
      { kind: "link", title: "Details", url },
    ]);
  });

  test.each([
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)//https://example.com",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//example.com",
    "/path",
    "https://",
    "https:example.com",
  ])("a link to %j stays a link, without its URL and with a warning", (url) => {
    const message = parsedAs("ListPicker", list([{ title: "Details", type: "hyperlink", url }]));
    expect(message.elements).toMatchObject([{ kind: "link", title: "Details", url: null }]);
    expect(problems(message)).toEqual(["unsafe-url data.content.elements[0].url"]);
  });

  test("a link without a URL has a warning", () => {
    const message = parsedAs("ListPicker", list([{ title: "Details", type: "hyperlink" }]));
    expect(message.elements).toMatchObject([{ kind: "link", url: null }]);
    expect(problems(message)).toEqual(["missing-field data.content.elements[0].url"]);
  });

  test("an image with an unsafe URL is left out, the element isn't", () => {
    const message = parsedAs("ListPicker", list([{ title: "Bike", imageData: "data:image/png;base64,A" }]));
    expect(message.elements).toMatchObject([{ kind: "option", title: "Bike", image: null }]);
    expect(problems(message)).toEqual(["unsafe-url data.content.elements[0].imageData"]);
  });

  test("elements have their subtitle, image, and unknown fields in `raw`", () => {
    const element = {
      title: "City bike",
      subtitle: "from $40",
      imageType: "URL",
      imageData: "https://img.example/city.png",
      imageDescription: "A bike",
      color: "red",
    };
    expect(elementsOf(list([element]))).toEqual([
      {
        kind: "option",
        title: "City bike",
        subtitle: "from $40",
        image: { url: "https://img.example/city.png", description: "A bike" },
        raw: element,
      },
    ]);
  });

  test.each(["SHOW_MORE", "PREVIOUS_OPTIONS"])(
    "an element with %s pages through the list",
    (actionDetail) => {
      const paging = { listId: "l", referenceId: "r", preIndex: -1, nextIndex: 5 };
      const message = parsedAs("ListPicker", list([{ title: "More", actionDetail }], paging));
      expect(message).toMatchObject({ elements: [{ kind: "paging", action: actionDetail }], ...paging });
      expect(message.warnings).toEqual([]);
    },
  );

  test("a paging element without paging fields has a warning for each missing field", () => {
    const message = parsedAs("ListPicker", list([{ title: "More", actionDetail: "SHOW_MORE" }]));
    expect(message.elements).toMatchObject([{ kind: "paging" }]);
    expect(problems(message)).toEqual(
      ["listId", "referenceId", "preIndex", "nextIndex"].map((name) => `missing-field data.content.${name}`),
    );
  });

  test("an unknown actionDetail is an option with a warning", () => {
    const message = parsedAs("ListPicker", list([{ title: "Hide", actionDetail: "HIDE" }]));
    expect(message.elements).toMatchObject([{ kind: "option", title: "Hide" }]);
    expect(problems(message)).toEqual(["unknown-value data.content.elements[0].actionDetail"]);
  });
});

describe("wrong types", () => {
  test("numbers as strings and strings as numbers are converted, each with one warning", () => {
    const message = parsedAs(
      "ListPicker",
      list([{ title: 5 }], { listId: "l", referenceId: "r", preIndex: "-1", nextIndex: "6" }),
    );
    expect(message).toMatchObject({ elements: [{ title: "5" }], preIndex: -1, nextIndex: 6 });
    expect(message.warnings.map(({ code, field }) => [code, field])).toEqual([
      ["wrong-type", "data.content.elements[0].title"],
      ["wrong-type", "data.content.preIndex"],
      ["wrong-type", "data.content.nextIndex"],
    ]);
  });

  test("a number that JSON can write but JavaScript can't hold is ignored", () => {
    const content = JSON.stringify(list([{ title: "A" }], { preIndex: 7 })).replace(":7", ":1e999");
    expect(parsedAs("ListPicker", content).preIndex).toBeNull();
  });

  test.each([
    ["an object instead of an array", { title: "A" }],
    ["a text", "A"],
  ])("elements that are %s are none", (_what, elements) => {
    const message = parsedAs("ListPicker", list(elements));
    expect(message.elements).toEqual([]);
    expect(problems(message)).toEqual(["wrong-type data.content.elements", "too-few data.content.elements"]);
  });

  test("a flag can be a text", () => {
    const carousel = template("Carousel", {
      title: "T",
      elements: [],
      omitTitleFromCarouselResponse: "true",
    });
    expect(parsedAs("Carousel", carousel).omitTitleFromCarouselResponse).toBe(true);
  });
});

describe("limits", () => {
  const titles = (count: number): object[] =>
    Array.from({ length: count }, (_, index) => ({ title: `Option ${index}` }));

  test.each([
    ["ListPicker", 1, 10],
    ["Panel", 1, 10],
    ["QuickReply", 2, 10],
  ] as const)("%s: %d to %d elements are fine; with more, all are kept, with a warning", (kind, min, max) => {
    const withCount = (count: number): InteractiveMessage =>
      parsed(template(kind, { title: "T", elements: titles(count) }));
    expect(problems(withCount(min))).toEqual([]);
    expect(problems(withCount(max))).toEqual([]);
    expect(problems(withCount(min - 1))).toEqual(["too-few data.content.elements"]);
    const over = withCount(max + 1);
    expect(problems(over)).toEqual(["too-many data.content.elements"]);
    expect(over).toMatchObject({ elements: { length: max + 1 } });
  });

  test("a time picker has at most 40 slots, a carousel at most 5 cards", () => {
    const slot = { date: "2026-12-03T09:00+00:00", duration: 60 };
    const slots = (count: number): object => ({ title: "T", timeslots: Array(count).fill(slot) });
    expect(problems(parsed(template("TimePicker", slots(40))))).toEqual([]);
    expect(problems(parsed(template("TimePicker", slots(41))))).toEqual(["too-many data.content.timeslots"]);
    const card = { templateIdentifier: "c", ...template("Panel", { title: "C", elements: titles(1) }) };
    const cards = (count: number): object => ({ title: "T", elements: Array(count).fill(card) });
    expect(problems(parsed(template("Carousel", cards(5))))).toEqual([]);
    expect(problems(parsed(template("Carousel", cards(6))))).toEqual(["too-many data.content.elements"]);
  });

  test.each([
    ["Panel", 400],
    ["QuickReply", 200],
  ])("%s: an element longer than %d characters isn't cut, and has a warning", (kind, max) => {
    const withTitle = (title: string): InteractiveMessage =>
      parsed(template(kind, { title: "T", elements: [{ title }, { title: "B" }] }));
    expect(problems(withTitle("a".repeat(max)))).toEqual([]);
    const long = withTitle("a".repeat(max + 1));
    expect(problems(long)).toEqual(["too-long data.content.elements[0].title"]);
    expect(long).toMatchObject({ elements: [{ title: "a".repeat(max + 1) }, { title: "B" }] });
  });

  test("a title longer than 400 characters isn't cut, and has a warning", () => {
    const message = parsed(template("Panel", { title: "a".repeat(401), elements: titles(1) }));
    expect(message.title).toHaveLength(401);
    expect(problems(message)).toEqual(["too-long data.content.title"]);
  });

  test.each([
    ["a", 1],
    ["é", 2],
    ["€", 3],
    ["😀", 4],
  ])("a message over 20 KB in UTF-8 has a warning (%s)", (character, bytes) => {
    const withPadding = (padding: string): InteractiveMessage =>
      parsed({ ...list([{ title: "A" }]), padding });
    const overhead = JSON.stringify({ ...list([{ title: "A" }]), padding: "" }).length;
    const count = Math.floor((20_480 - overhead) / bytes);
    expect(problems(withPadding(character.repeat(count)))).toEqual([]);
    expect(problems(withPadding(character.repeat(count + 1)))).toEqual(["too-large "]);
  });
});

describe("texts", () => {
  test("without a title, the subtitle takes its place", () => {
    const message = parsed(template("Panel", { subtitle: "Tap a line", elements: [{ title: "A" }] }));
    expect(message).toMatchObject({ title: "Tap a line", subtitle: null });
    expect(problems(message)).toEqual(["missing-field data.content.title"]);
  });

  test("a blank title is missing", () => {
    const message = parsed(template("Panel", { title: " ", elements: [{ title: "A" }] }));
    expect(message.title).toBe("");
    expect(problems(message)).toEqual(["missing-field data.content.title"]);
  });

  test("an unknown version has a warning", () => {
    expect(problems(parsed({ ...list([{ title: "A" }]), version: "2.0" }))).toEqual([
      "unknown-value version",
    ]);
  });

  test("a warning's message contains the field and the problem, but not the value", () => {
    const { warnings } = parsed(list([{ title: "Details", type: "hyperlink", url: "javascript:secret" }]));
    expect(warnings).toEqual([
      {
        code: "unsafe-url",
        field: "data.content.elements[0].url",
        message: "data.content.elements[0].url must be an http or https URL.",
      },
    ]);
  });
});

describe("time slots", () => {
  const slotsOf = (...dates: string[]): (Date | null)[] =>
    parsedAs(
      "TimePicker",
      template("TimePicker", { title: "T", timeslots: dates.map((date) => ({ date, duration: 60 })) }),
    ).timeslots.map(({ startsAt }) => startsAt);

  test.each([
    ["2026-12-03T09:00+00:00", "2026-12-03T09:00:00.000Z"],
    ["2026-12-03T09:00Z", "2026-12-03T09:00:00.000Z"],
    ["2026-12-03T09:00:30+01:00", "2026-12-03T08:00:30.000Z"],
    ["2026-12-03T09:00:30.250-05:30", "2026-12-03T14:30:30.250Z"],
  ])("%s starts at %s", (date, startsAt) => {
    expect(slotsOf(date)).toEqual([new Date(startsAt)]);
  });

  test.each(["2026-12-03T09:00", "2026-12-03", "2026-13-03T09:00+00:00", "December 3, 2026 9:00 UTC", "1"])(
    "%s, which isn't ISO 8601 with an offset, has no start",
    (date) => {
      expect(slotsOf(date)).toEqual([null]);
    },
  );

  test("slots keep their order", () => {
    const dates = ["2026-12-04T08:00+00:00", "2026-12-03T09:00+00:00"];
    expect(slotsOf(...dates)).toEqual(dates.map((date) => new Date(date)));
  });

  test("the location and the offset are read, also from texts", () => {
    const location = { title: "Downtown", latitude: "52.5", longitude: 13.4, radius: 1 };
    const slot = { date: "2026-12-03T09:00+00:00", duration: 60 };
    const content = { title: "T", timeZoneOffset: "60", location, timeslots: [slot] };
    expect(parsedAs("TimePicker", template("TimePicker", content))).toMatchObject({
      timeZoneOffset: 60,
      location: { title: "Downtown", latitude: 52.5, longitude: 13.4, radius: 1 },
    });
  });
});

describe("views", () => {
  const view = (viewData: unknown): object =>
    template("ViewResource", { viewId: "form", viewToken: "token", viewData });

  test("the data can be JSON, and so can its values, unless they are mere text", () => {
    const viewData = { Heading: "Address", Sections: '[{"a":1}]', zip: "10115", broken: "{oops", n: 5 };
    const expected = { ...viewData, Sections: [{ a: 1 }] };
    expect(parsedAs("ViewResource", view(viewData)).viewData).toEqual(expected);
    expect(parsedAs("ViewResource", view(JSON.stringify(viewData))).viewData).toEqual(expected);
  });

  test("without a title, the heading takes its place", () => {
    expect(parsed(view({ Heading: "Address" })).title).toBe("Address");
  });

  test("a view doesn't need data", () => {
    expect(parsedAs("ViewResource", view(undefined))).toMatchObject({ viewData: {}, warnings: [] });
  });

  test("a field named __proto__ doesn't change the data's prototype", () => {
    const content = JSON.stringify(view(0)).replace('"viewData":0', '"viewData":{"__proto__":{"a":1}}');
    const { viewData } = parsedAs("ViewResource", content);
    expect(Object.getPrototypeOf(viewData)).toBe(Object.prototype);
    expect(Reflect.get(viewData, "a")).toBeUndefined();
  });
});

describe("Touchpoint messages", () => {
  const touchpoint = (modalityPayload: object): object => template("TouchpointModality", { modalityPayload });

  test("have their message as the title, their choices and modalities", () => {
    const modalities = { card: { a: 1 } };
    const choices = [{ choiceId: "1", choiceText: "Yes" }, { choiceId: "2" }, { choiceText: "No ID" }];
    const message = parsedAs(
      "TouchpointModality",
      touchpoint({ type: "message", message: "Book?", choices, modalities }),
    );
    expect(message).toMatchObject({
      title: "Book?",
      isInterim: false,
      choices: [
        { choiceId: "1", title: "Yes" },
        { choiceId: "2", title: "2" },
      ],
      modalities,
    });
    expect(problems(message)).toEqual(["missing-field data.content.modalityPayload.choices[2].choiceId"]);
  });

  test("can be interim texts", () => {
    expect(parsed(touchpoint({ type: "interim", message: "Checking" }))).toMatchObject({
      title: "Checking",
      isInterim: true,
      choices: [],
    });
  });
});
