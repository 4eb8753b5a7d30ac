import { expect, test } from "@jest/globals";
import { inTheField } from "./support/field-page";

/** Runtimes and libraries that are not what the library was built in. */

const field = inTheField();

test("E5: in a runtime whose MessageChannel throws, a chat connects and delivers its events", async () => {
  const its = await field.open({
    before: () => {
      window.MessageChannel = function () {
        throw new Error("MessageChannel is not implemented");
      } as unknown as typeof MessageChannel;
    },
  });
  expect(await its.connect()).toHaveProperty("resolved.connectSuccess", true);
  expect(await its.untilEvent("onConnectionEstablished")).toBe(true);
  its.contact.say("hello");
  expect(await its.untilTexts("hello")).toBe(true);
});

test("E9: upstream's client chats with the simulator from another origin", async () => {
  const its = await field.open({ scripts: [require.resolve("upstream-chatjs/dist/amazon-connect-chat.js")] });
  const elsewhere = its.simulator.url.replace("127.0.0.1", "localhost");
  await its.page.evaluate((endpoint) => {
    window.connect.ChatSession.setGlobalConfig({ endpoint });
  }, elsewhere);
  expect(await its.page.evaluate(() => "ChatError" in window.connect.ChatSession)).toBe(false);
  expect(await its.connect()).toHaveProperty("resolved.connectSuccess", true);
  expect(await its.send("hello")).toHaveProperty("resolved");
  expect(its.contact.transcript.map(({ Content }) => Content)).toContain("hello");
});
