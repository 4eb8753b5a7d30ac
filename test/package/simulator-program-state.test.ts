import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { expect, jest, test } from "@jest/globals";
import { installProgram } from "./support/installed-program";
import { PageCustomer } from "./support/page-calls";
import type { Program } from "./support/program";

/** `connect-chat-simulator --state FILE`, run from the installed package. */

jest.setTimeout(60_000);

const installed = installProgram();
const at = (name: string): string => installed.current.application.path(name);
const listen = (name: string): Promise<{ program: Program; url: string }> =>
  installed.current.listen(["--state", name]);

/** Waits until the state file contains the given text. */
async function savedWith(name: string, text: string): Promise<void> {
  while (!existsSync(at(name)) || !readFileSync(at(name), "utf8").includes(text))
    await new Promise((resolve) => setTimeout(resolve, 50));
}

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s saves the chats, so that the customer can continue with the same token after the next start",
  async (signal) => {
    const file = `${signal}.json`;
    const first = await listen(file);
    const customer = await PageCustomer.start(first.url);
    await customer.say("Before");
    expect(await first.program.stop(signal)).toBe(0);
    // Only the file's owner may read it, because it contains tokens.
    expect(statSync(at(file)).mode & 0o777).toBe(0o600);

    const second = await listen(file);
    const same = customer.at(second.url);
    await same.say("After");
    expect(await same.texts()).toEqual(["Before", "After"]);
  },
);

test("a program that is killed a few seconds after a change loses nothing, because it has saved the chats", async () => {
  const first = await listen("killed.json");
  const customer = await PageCustomer.start(first.url);
  await customer.say("Before");
  await savedWith("killed.json", "Before");
  await first.program.stop("SIGKILL");

  const second = await listen("killed.json");
  expect(await customer.at(second.url).texts()).toEqual(["Before"]);
  expect(await second.program.interrupt()).toBe(0);
  expect(readdirSync(installed.current.application.folder).filter((name) => name.endsWith(".tmp"))).toEqual(
    [],
  );
});

test("the file isn't written while nothing changes", async () => {
  const first = await listen("unchanged.json");
  const customer = await PageCustomer.start(first.url);
  await customer.say("Hello");
  expect(await first.program.interrupt()).toBe(0);
  const { mtimeMs } = statSync(at("unchanged.json"));

  const second = await listen("unchanged.json");
  expect(await customer.at(second.url).texts()).toEqual(["Hello"]);
  expect(await second.program.interrupt()).toBe(0);
  expect(statSync(at("unchanged.json")).mtimeMs).toBe(mtimeMs);
});

test("a view that the control API sets is saved, although it belongs to no chat", async () => {
  const first = await listen("views.json");
  expect(await first.program.interrupt()).toBe(0);
  const second = await listen("views.json");
  await fetch(`${second.url}/_control/views/v`, {
    ...{ method: "PUT", body: '{"Id":"saved"}', headers: { "content-type": "application/json" } },
  });
  expect(await second.program.interrupt()).toBe(0);
  expect(readFileSync(at("views.json"), "utf8")).toContain('"views":{"v":{"Id":"saved"}}');
});

test("a file that another program has changed isn't overwritten, and both programs' users can tell", async () => {
  const first = await listen("shared.json");
  const second = await listen("shared.json");
  await (await PageCustomer.start(first.url)).say("First");
  expect(await first.program.interrupt()).toBe(0);
  await (await PageCustomer.start(second.url)).say("Second");
  expect(await second.program.interrupt()).toBe(0);
  expect(second.program.output).toContain(
    "The state file shared.json can't be written: another program has changed it.",
  );
  expect(readFileSync(at("shared.json"), "utf8")).toMatch(/First(?!.*Second)/);
});

test.each([
  [
    "isn't JSON",
    "garbage",
    /^The state file broken\.json is damaged\. Delete it, or name another one: .+\.\n$/,
  ],
  ["is cut off", '{"version":1,"contacts":[', /^The state file broken\.json is damaged\. /],
  [
    "is another program's",
    '{"name":"x"}',
    /^The state file broken\.json is damaged\. .*`name` isn't a known field/,
  ],
  [
    "has a token of nobody",
    JSON.stringify({
      ...{
        version: 1,
        takenAt: "2026-01-01T00:00:00.000Z",
        contacts: [],
        answers: [],
        attachments: [],
        views: {},
      },
      connectionTokens: [{ token: "t", participantId: "p", expiresAt: 1 }],
    }),
    /^The state file broken\.json is damaged\. .*`connectionTokens\[0\]\.participantId`/,
  ],
  ["is from a later version", '{"version":2}', /^The state file broken\.json is damaged\. .*`version`/],
])("a state file that %s is rejected and not changed", async (_, text, expected) => {
  installed.current.application.write("broken.json", text);
  const program = installed.current.start(["--port", "0", "--state", "broken.json"]);
  expect(await program.ended).toBe(1);
  expect(program.output).toMatch(expected);
  expect(program.output).not.toContain("    at ");
  expect(readFileSync(at("broken.json"), "utf8")).toBe(text);
});

test.each([
  ["a folder", "folder.json", /^The state file folder\.json can't be used: .+\.\n$/],
  [
    "a file in a missing folder",
    "missing/state.json",
    /^The state file missing\/state\.json can't be used: .+\.\n$/,
  ],
])("%s as the state file is rejected at startup", async (_, name, expected) => {
  mkdirSync(at("folder.json"), { recursive: true });
  const program = installed.current.start(["--port", "0", "--state", name]);
  expect(await program.ended).toBe(1);
  expect(program.output).toMatch(expected);
});
