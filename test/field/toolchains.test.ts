import { expect, test } from "@jest/globals";
import { inTheField } from "./support/field-page";

/** Tests an unusual runtime, and upstream's library with this repository's simulator. */

const field = inTheField();

test("E5: a chat connects and delivers its events in a runtime whose MessageChannel throws", async () => {
  const chat = await field.open({
    before: () => {
      window.MessageChannel = function () {
        throw new Error("MessageChannel is not implemented");
      } as unknown as typeof MessageChannel;
    },
  });
  expect(await chat.connect()).toHaveProperty("resolved.connectSuccess", true);
  expect(await chat.untilEvent("onConnectionEstablished")).toBe(true);
  chat.contact.say("hello");
  expect(await chat.untilTexts("hello")).toBe(true);
});

test("E9: upstream's library can chat with a simulator on another origin", async () => {
  const chat = await field.open({
    scripts: [require.resolve("upstream-chatjs/dist/amazon-connect-chat.js")],
  });
  const elsewhere = chat.simulator.url.replace("127.0.0.1", "localhost");
  await chat.page.evaluate((endpoint) => {
    window.connect.ChatSession.setGlobalConfig({ endpoint });
  }, elsewhere);
  expect(await chat.page.evaluate(() => "ChatError" in window.connect.ChatSession)).toBe(false);
  expect(await chat.connect()).toHaveProperty("resolved.connectSuccess", true);
  expect(await chat.send("hello")).toHaveProperty("resolved");
  expect(chat.contact.transcript.map(({ Content }) => Content)).toContain("hello");
});
