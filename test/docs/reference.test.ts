import { describe, expect, test } from "@jest/globals";
import { CONNECTION_STATES } from "../../src/session/states";
import { CHAT_EVENT_NAMES, CHAT_EVENTS, methodOf } from "../../src/conversation/events";
import { Controller } from "../../src/session/controller";
import { ChatUnderTest } from "../support/chat-under-test";
import { Declared } from "./support/declared";
import { read, sectionsOf } from "./support/markdown";

/** The reference leaves nothing out: what a session can do, what it can be given, what it tells, how it fails. */

const REFERENCE = "docs/api.md";
const reference = read(REFERENCE);
const sections = new Map(sectionsOf(REFERENCE).map(({ title, text }) => [title, text]));
const declared = new Declared();

const chat = new ChatUnderTest();
const methodsOf = (object: object): string[] =>
  Object.getOwnPropertyNames(object).filter(
    (name) =>
      name !== "constructor" && typeof Object.getOwnPropertyDescriptor(object, name)?.value === "function",
  );
const calls = [chat.customer(), chat.agent(), Controller.prototype].flatMap(methodsOf);
const handlers = CHAT_EVENT_NAMES.map(methodOf);
const members = [...new Set([...calls, ...handlers])];

test("there is something to look for", () => {
  expect(members).toEqual(
    expect.arrayContaining(["sendMessage", "resendMessage", "on", "subscribe", "onEnded"]),
  );
});

test.each(members)("%s has a section with an example", (name) => {
  expect(sections.get(name)).toMatch(new RegExp(`\`\`\`ts\\n[^]*\\.${name}\\([^]*\`\`\``));
});

/** What every call takes is told once. */
const EVERYWHERE = new Set(["metadata", "signal"]);

const taken = ["CustomerChatSession", "AgentChatSession"].flatMap((type) =>
  [...declared.argumentsOf(type)].flatMap(([call, fields]) =>
    fields.filter((field) => !EVERYWHERE.has(field)).map((field) => ({ call, field })),
  ),
);

test.each(taken)("$call: $field is told", ({ call, field }) => {
  for (const part of field.split(".")) expect(sections.get(call)).toMatch(new RegExp(`\\b${part}\\b`));
});

test("what every call takes is told", () => {
  for (const field of EVERYWHERE) expect(sections.get("Calls")).toContain(`\`${field}\``);
});

describe("the configuration", () => {
  test.each(declared.fieldsOf("ChatGlobalConfig"))("%s", (field) => {
    // Loggers have a page of their own.
    expect(sections.get("Configuration")).toContain(`\`${field.replace(/^(loggerConfig)\..*/, "$1")}\``);
  });
});

test.each(Object.keys(CONNECTION_STATES))("the state %s is told", (state) => {
  expect(reference).toContain(`\`${state}\``);
});

test.each(Object.values(CHAT_EVENTS).flatMap(({ upstream }) => upstream ?? []))(
  "%s can be found by who knows upstream's name",
  (name) => {
    const shortened = name.replace(/^AUTHENTICATION_(?!INITIATED)/, "…_");
    expect(sections.get("subscribe")).toContain(`\`${shortened}\``);
  },
);

describe("errors", () => {
  const errors = read("docs/errors.md");

  test.each(declared.wordsOf("ChatErrorCode"))("the code %s is told", (code) => {
    expect(errors).toContain(`\`${code}\``);
  });

  test.each(declared.fieldsOf("ChatErrorDetails"))("the field %s is told", (field) => {
    expect(errors).toContain(`\`${field}\``);
  });
});
