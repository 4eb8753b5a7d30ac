import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  choicesOf,
  parseInteractive,
  responseText,
  toPlainText,
  type InteractiveMessage,
} from "../../../interactive/index";
import { EXAMPLES, INTERACTIVE, parsed, RESPONSE } from "./examples";

/** Values that a broken sender might put in place of a field's value. */
const junk = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom("", " ", "5", "-1", "true", "{}", "[", "javascript:alert(1)", "http://a", "__proto__"),
  fc.constantFrom("SHOW_MORE", "hyperlink", "ListPicker", "Carousel", "2026-12-03T09:00+00:00"),
);

/** Returns a copy of a value in which one of its parts is missing, or is something else. */
function damaged(
  value: unknown,
  steps: readonly number[],
  replacement: unknown,
  isRemoved: boolean,
): unknown {
  const [step, ...rest] = steps;
  if (typeof value !== "object" || value === null || step === undefined) return replacement;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(keys.length, 1)];
  if (key === undefined) return replacement;
  const entries = Object.entries(value).flatMap(([name, each]): [string, unknown][] => {
    if (name !== key) return [[name, each]];
    if (rest.length === 0 && isRemoved) return [];
    return [[name, damaged(each, rest, replacement, isRemoved)]];
  });
  return Array.isArray(value) ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

/** The examples, each with one to three damages. */
const damagedExamples = fc
  .tuple(
    fc.constantFrom(...EXAMPLES.map(({ Content_parsed }) => Content_parsed)),
    fc.array(fc.tuple(fc.array(fc.nat(9), { minLength: 1, maxLength: 8 }), junk, fc.boolean()), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([example, damages]) =>
    damages.reduce<unknown>((value, [steps, replacement, isRemoved]) => {
      return damaged(value, steps, replacement, isRemoved);
    }, example),
  );

const contents = fc.oneof(
  fc.string(),
  fc.json(),
  damagedExamples.map((each) => JSON.stringify(each)),
);

/** All values of a message outside `raw` and a view's data, with their field names. */
function fieldsOf(value: unknown): [name: string, value: unknown][] {
  if (typeof value !== "object" || value === null || value instanceof Date) return [];
  return Object.entries(value)
    .filter(([name]) => !["raw", "viewData", "modalities"].includes(name))
    .flatMap(([name, each]): [string, unknown][] => [[name, each], ...fieldsOf(each)]);
}

/** Checks what holds for every message, however broken it is. */
function expectUsable(message: InteractiveMessage): void {
  for (const [name, value] of fieldsOf(message)) {
    expect(value).not.toBeUndefined();
    if (name === "url" && value !== null) expect(value).toMatch(/^https?:\/\/\S/i);
    if (["title", "date", "text", "message", "field"].includes(name)) expect(typeof value).toBe("string");
    if (typeof value === "number") expect(Number.isFinite(value)).toBe(true);
  }
  const text = toPlainText(message);
  expect(text.trim()).not.toBe("");
  // Each choice is numbered, and has an answer that the service accepts.
  choicesOf(message).forEach(({ answer }, index) => {
    expect(text).toContain(`${index + 1}. `);
    expect(answer.message.trim()).not.toBe("");
    if (answer.contentType === "text/plain") return;
    expect(JSON.parse(answer.message)).toMatchObject({ version: "1.0", action: expect.stringMatching(/\S/) });
  });
}

describe("for any content", () => {
  test("parseInteractive() never throws, and what it returns is usable", () => {
    fc.assert(
      fc.property(contents, (content) => expectUsable(parsed(content))),
      { numRuns: 1000 },
    );
  });

  test("reading the same content twice gives equal messages", () => {
    fc.assert(fc.property(contents, (content) => expect(parsed(content)).toEqual(parsed(content))));
  });

  test("a warning's field is the path of something in or missing from the message", () => {
    fc.assert(
      fc.property(damagedExamples, (content) => {
        for (const { field, message } of parsed(content).warnings) {
          expect(message.startsWith(`${field || "The message"} `)).toBe(true);
          expect(field).toMatch(/^(\w+(\[\d+\])?(\.\w+(\[\d+\])?)*)?$/);
        }
      }),
    );
  });

  test("responseText() never throws, and returns a text for each response", () => {
    fc.assert(
      fc.property(contents, (Content) => {
        expect(typeof responseText({ ContentType: RESPONSE, Content })).toBe("string");
        responseText({ ContentType: "text/plain", Content });
      }),
    );
  });
});

test("for any item, parseInteractive() returns null unless its content type is the interactive one", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (Content, ContentType) => {
      const item = JSON.parse(JSON.stringify({ Content, ContentType })) as object;
      expect(parseInteractive(item)).toBeNull();
      expect(parseInteractive({ ...item, ContentType: INTERACTIVE })).not.toBeNull();
    }),
  );
});
