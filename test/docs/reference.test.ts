import { describe, expect, test } from "@jest/globals";
import { CONNECTION_STATES } from "../../src/session/states";
import { CHAT_EVENT_NAMES, CHAT_EVENTS, methodOf } from "../../src/conversation/events";
import { Controller } from "../../src/session/controller";
import { ChatUnderTest } from "../support/chat-under-test";
import { Declarations } from "./support/declarations";
import { read, sectionsOf } from "./support/markdown";

/** The reference must document every method, argument, event, state and error. */

const REFERENCE = "docs/api.md";
const reference = read(REFERENCE);
const sections = new Map(sectionsOf(REFERENCE).map(({ title, text }) => [title, text]));
const declarations = new Declarations();

const chat = new ChatUnderTest();
const methodsOf = (object: object): string[] =>
  Object.getOwnPropertyNames(object).filter(
    (name) =>
      name !== "constructor" && typeof Object.getOwnPropertyDescriptor(object, name)?.value === "function",
  );
const calls = [chat.customer(), chat.agent(), Controller.prototype].flatMap(methodsOf);
const handlers = CHAT_EVENT_NAMES.map(methodOf);
const members = [...new Set([...calls, ...handlers])];

test("the checked members include calls and event handlers", () => {
  expect(members).toEqual(
    expect.arrayContaining(["sendMessage", "resendMessage", "on", "subscribe", "onEnded"]),
  );
});

test.each(members)("%s has a section with an example", (name) => {
  expect(sections.get(name)).toMatch(new RegExp(`\`\`\`ts\\n[^]*\\.${name}\\([^]*\`\`\``));
});

/** Arguments that all calls have. The reference documents them once. */
const COMMON_FIELDS = new Set(["metadata", "signal"]);

const callFields = ["CustomerChatSession", "AgentChatSession"].flatMap((type) =>
  [...declarations.argumentsOf(type)].flatMap(([call, fields]) =>
    fields.filter((field) => !COMMON_FIELDS.has(field)).map((field) => ({ call, field })),
  ),
);

test.each(callFields)("the argument $field of $call is documented", ({ call, field }) => {
  for (const part of field.split(".")) expect(sections.get(call)).toMatch(new RegExp(`\\b${part}\\b`));
});

test("the arguments that all calls have are documented", () => {
  for (const field of COMMON_FIELDS) expect(sections.get("Calls")).toContain(`\`${field}\``);
});

describe("the configuration", () => {
  test.each(declarations.fieldsOf("ChatGlobalConfig"))("the field %s is documented", (field) => {
    // Logger settings are documented on their own page.
    expect(sections.get("Configuration")).toContain(`\`${field.replace(/^(loggerConfig)\..*/, "$1")}\``);
  });
});

test.each(Object.keys(CONNECTION_STATES))("the connection state %s is documented", (state) => {
  expect(reference).toContain(`\`${state}\``);
});

test.each(Object.values(CHAT_EVENTS).flatMap(({ upstream }) => upstream ?? []))(
  "the upstream event name %s is documented under subscribe()",
  (name) => {
    const shortened = name.replace(/^AUTHENTICATION_(?!INITIATED)/, "…_");
    expect(sections.get("subscribe")).toContain(`\`${shortened}\``);
  },
);

describe("errors", () => {
  const errors = read("docs/errors.md");

  test.each(declarations.wordsOf("ChatErrorCode"))("the code %s is documented", (code) => {
    expect(errors).toContain(`\`${code}\``);
  });

  test.each(declarations.fieldsOf("ChatErrorDetails"))("the field %s is documented", (field) => {
    expect(errors).toContain(`\`${field}\``);
  });
});
