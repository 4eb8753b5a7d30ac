import { describe, expect, test } from "@jest/globals";
import {
  answerTo,
  choicesOf,
  InteractiveError,
  responseText,
  toPlainText,
  type ListElement,
} from "../../../interactive/index";
import { EXAMPLES, exampleOf, parsed, parsedAs, RESPONSE, template } from "./examples";

/** Returns the error that a call throws. */
function errorOf(call: () => unknown): InteractiveError {
  try {
    call();
  } catch (error) {
    if (error instanceof InteractiveError) return error;
    throw error;
  }
  throw new Error("The call didn't throw.");
}

/** Returns the elements of one kind. */
function elementsOf<Kind extends ListElement["kind"]>(
  elements: readonly ListElement[],
  kind: Kind,
): Extract<ListElement, { kind: Kind }>[] {
  return elements.filter((each): each is Extract<ListElement, { kind: Kind }> => each.kind === kind);
}

const PAGED = {
  title: "Branches",
  listId: "branches",
  referenceId: "list-1",
  preIndex: 3,
  nextIndex: 7,
  elements: [{ title: "Earlier", actionDetail: "PREVIOUS_OPTIONS" }, { title: "Main Street" }],
};

describe("answerTo()", () => {
  const replies = EXAMPLES.flatMap(({ template: name, Content_parsed, expectedReply }) =>
    expectedReply && name !== "ViewResource" ? [{ name, Content_parsed, expectedReply }] : [],
  );

  test.each(replies)(
    "$name: the first choice is sent as the service expects",
    ({ Content_parsed, expectedReply }) => {
      const answer = choicesOf(parsed(Content_parsed))[0]?.answer;
      expect(answer?.contentType).toBe(expectedReply.ContentType);
      const jsonOr = (text = ""): unknown => (text.startsWith("{") ? JSON.parse(text) : text);
      expect(jsonOr(answer?.message)).toEqual(jsonOr(expectedReply.Content));
    },
  );

  test("the checked replies include all templates with choices", () => {
    expect(replies.map(({ name }) => name)).toEqual([
      "ListPicker",
      "Panel",
      "QuickReply",
      "TimePicker",
      "Carousel",
    ]);
  });

  test("a view's action is sent as a response with the fields' values", () => {
    const { expectedReply } = exampleOf("ViewResource");
    const data = { FormData: { street: "Main St 1", zip: "10115" }, StepName: "Address" };
    const answer = answerTo(parsedAs("ViewResource"), { action: "Submit", data });
    expect(answer.contentType).toBe(RESPONSE);
    expect(JSON.parse(answer.message)).toEqual(JSON.parse(expectedReply?.Content ?? ""));
  });

  test.each([undefined, null])("a view's action without values (%s) is sent with empty data", (data) => {
    const { message } = answerTo(parsedAs("ViewResource"), { action: "Back", data });
    expect(JSON.parse(message)).toMatchObject({ action: "Back", data: {} });
  });

  test("text typed during a view is sent as a response with a blank action", () => {
    const answer = answerTo(parsedAs("ViewResource"), { text: "I need help" });
    expect(answer.contentType).toBe(RESPONSE);
    expect(JSON.parse(answer.message)).toEqual({
      templateType: "ViewResource",
      version: "1.0",
      action: " ",
      data: { content: "I need help" },
    });
  });

  test.each(["ListPicker", "TimePicker", "Carousel", "AppleForm (stand-in)"])(
    "text typed instead of an answer is sent as it is: %s",
    (name) => {
      const message = parsed(exampleOf(name).Content_parsed);
      expect(answerTo(message, { text: "I need help" })).toEqual({
        contentType: "text/plain",
        message: "I need help",
      });
    },
  );

  test("an answer isn't cut, even if its title is too long", () => {
    const title = "a".repeat(1000);
    const message = parsedAs("Panel", template("Panel", { title: "T", elements: [{ title }] }));
    const [option] = elementsOf(message.elements, "option");
    expect(option && answerTo(message, option).message).toBe(title);
  });

  test("a paging element is answered with a response that has the list's paging fields", () => {
    const message = parsedAs("ListPicker", template("ListPicker", PAGED));
    const [paging] = elementsOf(message.elements, "paging");
    const answer = paging && answerTo(message, paging);
    expect(answer?.contentType).toBe(RESPONSE);
    expect(JSON.parse(answer?.message ?? "")).toEqual({
      version: "1.0",
      action: "PREVIOUS_OPTIONS",
      data: {
        actionName: "PREVIOUS_OPTIONS",
        preIndex: 3,
        nextIndex: 7,
        listId: "branches",
        templateType: "ListPicker",
        referenceId: "list-1",
      },
    });
  });

  test("a paging element without paging fields is answered without them", () => {
    const elements = [{ title: "More", actionDetail: "SHOW_MORE" }];
    const answer = choicesOf(parsed(template("Panel", { title: "T", elements })))[0]?.answer;
    expect(JSON.parse(answer?.message ?? "")).toEqual({
      version: "1.0",
      action: "SHOW_MORE",
      data: { actionName: "SHOW_MORE", templateType: "Panel" },
    });
  });

  test("a paging element in a carousel is answered like any other element", () => {
    const card = { templateIdentifier: "card", ...template("ListPicker", PAGED) };
    const [choice] = choicesOf(parsed(template("Carousel", { title: "T", elements: [card, card] })));
    expect(choice?.answer.contentType).toBe("text/plain");
    expect(JSON.parse(choice?.answer.message ?? "")).toEqual({
      templateIdentifier: "card",
      listTitle: "Branches",
      selectionText: "Earlier",
    });
  });

  test("a carousel's card without an ID or a title can be answered", () => {
    const card = template("Panel", { elements: [{ title: "Book" }] });
    const [choice] = choicesOf(parsed(template("Carousel", { title: "T", elements: [card, card] })));
    expect(JSON.parse(choice?.answer.message ?? "")).toEqual({ listTitle: "", selectionText: "Book" });
  });

  test("a Touchpoint choice is sent as a response whose action is at most 200 characters long", () => {
    const choices = [{ choiceId: "1", choiceText: "y".repeat(201) }];
    const message = template("TouchpointModality", { modalityPayload: { message: "Book?", choices } });
    const answer = choicesOf(parsed(message))[0]?.answer;
    const title = "y".repeat(200);
    expect(answer?.contentType).toBe(RESPONSE);
    expect(JSON.parse(answer?.message ?? "")).toEqual({
      templateType: "TouchpointModality",
      version: "1.0",
      action: title,
      data: {
        content: { title },
        modalityPayload: { request: { structured: { choiceId: "1" } } },
      },
    });
  });

  test("a message that was stored as JSON can still be answered", () => {
    const message = parsedAs("TimePicker");
    const stored = JSON.parse(JSON.stringify(message)) as typeof message;
    const [slot] = stored.timeslots;
    expect(slot && answerTo(stored, slot).message).toBe("2026-12-03T09:00+00:00");
  });
});

describe("answerTo() throws a typed error", () => {
  const link = parsedAs("Carousel").cards.flatMap((card) =>
    "elements" in card ? elementsOf(card.elements, "link") : [],
  )[0];

  test("for a link, which sends nothing", () => {
    // @ts-expect-error -- The types exclude links, too.
    const error = errorOf(() => answerTo(parsedAs("Panel"), link));
    expect(error).toMatchObject({ name: "InteractiveError", code: "not-an-answer", field: "choice" });
    expect(error.message).toBe("choice is a link, which sends nothing. Open its `url` in a new tab instead.");
  });

  test("for a link in a carousel", () => {
    const message = parsedAs("Carousel");
    const [card] = message.cards;
    // @ts-expect-error -- The types exclude links, too.
    const error = errorOf(() => answerTo(message, { card, element: link }));
    expect(error).toMatchObject({ code: "not-an-answer", field: "choice.element" });
  });

  test.each([
    ["ListPicker", {}, "choice.title"],
    ["ListPicker", { kind: "paging", title: "More" }, "choice.action"],
    ["TimePicker", { title: "9:00" }, "choice.date"],
    ["Carousel", { title: "Book" }, "choice.card.title"],
    ["Carousel", { card: { title: "Harbor" } }, "choice.element.title"],
    ["ViewResource", { action: " " }, "choice.action"],
    ["Panel", { text: "" }, "choice.text"],
    ["Panel", undefined, "choice.title"],
  ])("for something else than a choice of a %s: %j", (kind, choice, field) => {
    // @ts-expect-error -- As from JavaScript.
    const error = errorOf(() => answerTo(parsed(exampleOf(kind).Content_parsed), choice));
    expect(error).toMatchObject({ code: "missing-field", field });
    expect(error.message).toBe(`${field} must be a string with text.`);
  });

  test("for a message without choices", () => {
    const message = parsed("{oops");
    // @ts-expect-error -- The types exclude such messages, too.
    expect(errorOf(() => answerTo(message, { title: "Yes" }))).toMatchObject({ code: "not-an-answer" });
  });
});

describe("toPlainText()", () => {
  const formatDate = (date: Date): string => date.toISOString().slice(0, 16);

  /** Template → its valid example as text. */
  const TEXTS: Readonly<Record<string, readonly string[]>> = {
    ListPicker: [
      "Which bike needs service?",
      "Pick **one**",
      "1. City bike, from 40 EUR",
      "2. Mountain bike, from 55 EUR",
      "3. Cargo bike, from 70 EUR",
    ],
    Panel: [
      "What do you need?",
      "Tap a line",
      "1. Opening hours",
      "2. Invoice copy",
      "3. Return a parcel",
      "4. Talk to a person",
    ],
    QuickReply: ["Did this solve it?", "1. Yes", "2. Partly", "3. No"],
    TimePicker: [
      "Pick a slot",
      "Workshop visit",
      "Workshop downtown",
      "1. 2026-12-03T09:00",
      "2. 2026-12-03T14:30",
      "3. 2026-12-04T08:00",
    ],
    Carousel: [
      "Our tours",
      "Harbor, 2 hours",
      "1. Book",
      "Details: https://example.test/harbor",
      "Old town",
      "2. Book",
    ],
    ViewResource: ["Delivery address"],
    "AppleForm (stand-in)": ["Please continue in the other app", "Or type your answer here"],
  };

  test.each(Object.entries(TEXTS))("%s: its texts, with a number for each choice", (name, lines) => {
    const message = parsed(exampleOf(name).Content_parsed);
    expect(toPlainText(message, { formatDate }).split("\n")).toEqual(lines);
    expect(choicesOf(message, { formatDate }).map(({ text }, index) => `${index + 1}. ${text}`)).toEqual(
      lines.filter((line) => /^\d/.test(line)),
    );
  });

  test.each([
    ["QuickReply", ["Did this solve it?", "1. Yes", "2. No"]],
    ["ListPicker", ["Which bike needs service?"]],
    ["Carousel", ["Our tours", "Harbor"]],
    ["ViewResource", ["Not here."]],
    ["WhatsAppList (stand-in)", ["Not here."]],
  ])("the broken example of %s never shows JSON", (name, lines) => {
    const message = parsed(exampleOf(name, "invalid").Content_parsed);
    expect(toPlainText(message, { unsupported: "Not here." }).split("\n")).toEqual(lines);
  });

  test("a view with a title but without a token says that it can't be shown", () => {
    const message = template("ViewResource", { title: "Address", viewId: "form" });
    expect(toPlainText(parsed(message))).toBe("Address\nThis message can't be shown here.");
  });

  test("a time that can't be read is shown as received, others in the customer's locale", () => {
    const text = toPlainText(parsed(exampleOf("TimePicker", "invalid").Content_parsed));
    const local = new Date("2026-12-04T08:00Z").toLocaleString(undefined, {
      dateStyle: "medium",
      timeStyle: "short",
    });
    expect(text.split("\n")).toEqual(["Pick a slot", "1. next Tuesday", `2. ${local}`]);
  });

  test("a link without a safe URL is shown as text, without a number", () => {
    const elements = [{ title: "Details", type: "hyperlink", url: "javascript:alert(1)" }, { title: "Book" }];
    expect(toPlainText(parsed(template("Panel", { title: "T", elements })))).toBe("T\nDetails\n1. Book");
  });

  test("the choices of a carousel have their card's title as their group", () => {
    expect(choicesOf(parsedAs("Carousel")).map(({ group, text }) => [group, text])).toEqual([
      ["Harbor", "Book"],
      ["Old town", "Book"],
    ]);
  });
});

describe("responseText()", () => {
  const response = (content: unknown): string | null =>
    responseText({ ContentType: RESPONSE, Content: JSON.stringify(content) });

  test.each([
    ["the title", { version: "1.0", action: "Go", data: { content: { title: "Yes" } } }, "Yes"],
    ["the action", { version: "1.0", action: "Submit", data: { FormData: {} } }, "Submit"],
    ["the action, even if there is text", { action: "Submit", data: { content: "Help" } }, "Submit"],
    ["text typed during a view", { version: "1.0", action: " ", data: { content: "Help" } }, "Help"],
    ["nothing for another page of a list", { version: "1.0", action: "SHOW_MORE", data: {} }, ""],
    ["nothing for a broken response", { version: 1, action: "", data: {} }, ""],
    ["nothing for a response that isn't an object", [], ""],
  ])("returns %s", (_what, content, text) => {
    expect(response(content)).toBe(text);
  });

  test("returns nothing for a response that isn't JSON", () => {
    expect(responseText({ ContentType: RESPONSE, Content: "{oops" })).toBe("");
  });

  test("returns the card and the element for a choice in a carousel", () => {
    const answer = choicesOf(parsedAs("Carousel"))[0]?.answer;
    expect(responseText({ ContentType: answer?.contentType, Content: answer?.message })).toBe(
      "Harbor - Book",
    );
  });

  test.each([
    ["a text", { ContentType: "text/plain", Content: "Hello" }],
    ["a text that is other JSON", { ContentType: "text/plain", Content: '{"listTitle":"A"}' }],
    [
      "JSON with another content type",
      { ContentType: "application/json", Content: '{"listTitle":"A","selectionText":"B"}' },
    ],
    ["no item", null],
  ])("returns null for %s", (_what, item) => {
    expect(responseText(item)).toBeNull();
  });
});
