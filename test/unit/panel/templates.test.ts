import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { checkDraft } from "../../../simulator/panel/templates/check-draft";
import {
  defaultDraft,
  newElement,
  TEMPLATE_TYPES,
  type TemplateDraft,
} from "../../../simulator/panel/templates/drafts";
import { httpAddress, readTemplate } from "../../../simulator/panel/templates/read-template";
import { serviceDate, toTemplate, toView } from "../../../simulator/panel/templates/to-template";

const NOW = new Date("2026-12-01T12:00:00Z");
const draftOf = <Type extends TemplateDraft["type"]>(type: Type): TemplateDraft & { type: Type } =>
  defaultDraft(type, NOW, "view-1") as TemplateDraft & { type: Type };

describe("the template forms", () => {
  test.each(TEMPLATE_TYPES.map(([type]) => type))(
    "have defaults without warnings that can be read: %s",
    (type) => {
      const draft = draftOf(type);
      expect(checkDraft(draft)).toEqual([]);
      const template = readTemplate(JSON.stringify(toTemplate(draft)));
      expect(template?.type).toBe(type === "Json" ? "TouchpointModality" : type);
    },
  );

  test("create a list picker in the service's format, without empty fields", () => {
    const draft = {
      ...draftOf("ListPicker"),
      subtitle: " ",
      elements: [newElement("Bike"), newElement("Car")],
    };
    expect(toTemplate(draft)).toEqual({
      templateType: "ListPicker",
      version: "1.0",
      data: {
        replyMessage: { title: "Noted" },
        content: { title: "Which bike needs service?", elements: [{ title: "Bike" }, { title: "Car" }] },
      },
    });
  });

  test("create a hyperlink for an element with a link, and the paging fields for an element that pages", () => {
    const draft = draftOf("Panel");
    const elements = [
      { ...newElement("Site"), link: "https://example.test/" },
      { ...newElement("More"), paging: "SHOW_MORE" as const },
    ];
    expect(toTemplate({ ...draft, elements })).toMatchObject({
      data: {
        content: {
          elements: [
            { title: "Site", type: "hyperlink", url: "https://example.test/" },
            { title: "More", actionDetail: "SHOW_MORE" },
          ],
          listId: "list",
          referenceId: "list-1",
          preIndex: -1,
          nextIndex: 2,
        },
      },
    });
  });

  test("send time slots in UTC in the service's format, and leave invalid dates unchanged", () => {
    expect(serviceDate("2026-12-03T09:00Z")).toBe("2026-12-03T09:00+00:00");
    expect(serviceDate("next Tuesday")).toBe("next Tuesday");
    const template = readTemplate(JSON.stringify(toTemplate(draftOf("TimePicker"))));
    expect(template?.slots).toHaveLength(3);
    expect(template?.slots[0]).toEqual({
      date: expect.stringMatching(/^2026-12-0\dT\d\d:\d\d\+00:00$/),
      duration: "60",
    });
    expect(template?.place).toBe("City workshop");
  });

  test("put a view's actions into DescribeView's response", () => {
    const view = { ...draftOf("ViewResource"), actions: " Submit \n\nBack" };
    expect(toView(view)).toMatchObject({ Id: "form", Content: { Actions: ["Submit", "Back"] } });
  });

  test("throw an error that names the field and the problem if JSON is invalid", () => {
    expect(() => toTemplate({ type: "Json", json: "{" })).toThrow(/^The template isn't valid JSON: /);
    expect(() => toTemplate({ type: "Json", json: "1" })).toThrow("The template must be a JSON object.");
    expect(() => toTemplate({ ...draftOf("ViewResource"), viewData: "{oops" })).toThrow(
      /^The view's data isn't valid JSON: /,
    );
  });

  test("warn about too many elements and missing titles", () => {
    const elements = Array.from({ length: 11 }, () => newElement());
    expect(checkDraft({ ...draftOf("Panel"), title: "", elements })).toEqual([
      "The service accepts 1 to 10 elements.",
      "The title is required.",
      "Each element needs a title.",
    ]);
  });
});

describe("the template reader", () => {
  test("returns null for a text that isn't a JSON object", () => {
    for (const text of ["", "{", "[]", "null", '"text"']) expect(readTemplate(text)).toBeNull();
  });

  test("skips elements without a title, and ignores other fields with the wrong type", () => {
    const content = { title: 5, subtitle: "Sub", elements: [{ title: "One" }, {}, null, { title: 2 }] };
    expect(readTemplate(JSON.stringify({ templateType: "Panel", data: { content } }))).toEqual({
      type: "Panel",
      subtitle: "Sub",
      elements: [{ title: "One" }],
      slots: [],
      cards: [],
    });
  });

  test("turns only http and https addresses into links", () => {
    expect(httpAddress("https://example.test/a")).toBe("https://example.test/a");
    for (const address of [
      "javascript:alert(1)",
      " JavaScript:alert(1)",
      "data:text/html,x",
      "/path",
      "",
      5,
    ]) {
      expect(httpAddress(address)).toBeUndefined();
    }
    const elements = [{ title: "Run", type: "hyperlink", url: "javascript:alert(1)" }];
    const template = readTemplate(JSON.stringify({ templateType: "Panel", data: { content: { elements } } }));
    expect(template?.elements).toEqual([{ title: "Run" }]);
  });
});

test("the panel's page loads scripts and styles only from its own origin", () => {
  const page = readFileSync("simulator/panel/index.html", "utf8");
  expect(page).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(page).not.toMatch(/unsafe|<script>|<style>| style=/);
});
