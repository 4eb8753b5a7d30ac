import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ChatUnderTest } from "../../support/chat-under-test";

const MAX_CALLS = 15;

const limitBefore = Error.stackTraceLimit;
beforeEach(() => {
  Error.stackTraceLimit = 100;
});
afterEach(() => {
  Error.stackTraceLimit = limitBefore;
});

test(`a frame reaches an onMessage handler through at most ${MAX_CALLS} function calls, none of them anonymous`, async () => {
  const chat = new ChatUnderTest();
  const session = chat.customer();
  let calls: string[] = [];
  session.onMessage(() => {
    const lines = new Error().stack?.split("\n") ?? [];
    calls = lines.filter((line) => line.includes("/src/"));
  });
  await chat.connected(session);
  chat.send(chat.item());
  session.dispose();
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.length).toBeLessThanOrEqual(MAX_CALLS);
  // An anonymous function's stack line has a path without a name.
  expect(calls.filter((line) => !/ at (?:new )?[\w$.#<>]+(?: \[as \w+\])? \(/.test(line))).toEqual([]);
});
