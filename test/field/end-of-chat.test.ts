import { describe, expect, test } from "@jest/globals";
import { inTheField, type FieldPage } from "./support/field-page";

const field = inTheField();

const LINK_AND_END = ["onConnectionLost", "onConnectionEstablished", "onConnectionBroken", "onEnded"];

/** Starts a survey when the customer disconnects. The chat ends when the customer answers the question. */
function askOnDisconnect(chat: FieldPage, question: string): void {
  chat.contact.onDisconnect((contact) => {
    contact.say(question, { role: "SYSTEM" });
    contact.onMessage(() => contact.end());
  });
}

const TYPING = "application/vnd.amazonaws.connect.event.typing";
const CALLS = ["SendMessage", "SendEvent", "GetTranscript", "DescribeView", "StartAttachmentUpload"];

describe("during a disconnect flow that starts with disconnectParticipant()", () => {
  test("A1: every call made before chat.ended reaches the service, and the question is delivered", async () => {
    const chat = await field.open();
    chat.simulator.setView("view", { Id: "v" });
    let question = "";
    chat.contact.onDisconnect((contact) => {
      question = contact.say("How was it, 1 to 5?", { role: "SYSTEM" }).Id;
    });
    await chat.connect();
    expect(await chat.call("disconnectParticipant")).toHaveProperty("resolved");
    await chat.untilTexts("How was it, 1 to 5?");
    const outcomes = [
      await chat.send("5"),
      await chat.call("sendEvent", { contentType: TYPING }),
      await chat.call("sendEvent", {
        contentType: "application/vnd.amazonaws.connect.event.message.read",
        content: JSON.stringify({ messageId: question, disableThrottle: true }),
      }),
      await chat.call("getTranscript", {}),
      await chat.call("describeView", { viewToken: "view" }),
      await chat.page.evaluate(() =>
        window.field.settle(() =>
          window.field.session.sendAttachment({
            attachment: new File(["5"], "5.txt", { type: "text/plain" }),
          }),
        ),
      ),
    ];
    expect(outcomes.filter((outcome) => !("resolved" in outcome))).toEqual([]);
    expect(chat.operations(...CALLS)).toEqual([
      "SendMessage",
      "SendEvent",
      "SendEvent",
      "GetTranscript",
      "DescribeView",
      "StartAttachmentUpload",
    ]);
    expect(await chat.eventNames("onEnded", "onConnectionLost", "onConnectionBroken")).toEqual([]);
    chat.contact.end();
    await chat.untilEvent("onEnded");
    expect(await chat.eventNames("onEnded")).toEqual(["onEnded"]);
  });

  test("A2: if the link is lost, the session reconnects and delivers the question from the gap, and the service ends the chat", async () => {
    const chat = await field.open();
    askOnDisconnect(chat, "Before the gap");
    await chat.connect();
    await chat.call("disconnectParticipant");
    await chat.untilTexts("Before the gap");
    chat.simulator.dropSockets();
    chat.contact.say("In the gap", { role: "SYSTEM" });
    await chat.untilTexts("In the gap");
    await chat.untilEvent("onConnectionEstablished", 2);
    expect(await chat.texts()).toEqual(["Before the gap", "In the gap"]);
    expect(await chat.eventNames(...LINK_AND_END)).toEqual([
      "onConnectionEstablished",
      "onConnectionLost",
      "onConnectionEstablished",
    ]);
    await chat.send("5");
    await chat.untilEvent("onEnded");
    expect(await chat.eventNames("onEnded")).toEqual(["onEnded"]);
    expect(chat.contact.ended).toBe(true);
  });
});

describe("errors that aren't from the service", () => {
  test.each([
    ["an HTML page", "proxy"],
    ["an empty body", "nobody"],
    ["another gateway's JSON", "gateway"],
  ] as const)(
    "A3: after one 403 with %s while reconnecting, the chat continues, and the missed message is delivered",
    async (_what, from) => {
      const chat = await field.open();
      await chat.connect();
      await chat.untilEvent("onConnectionEstablished");
      chat.simulator.faults.failNext("CreateParticipantConnection", { status: 403, from });
      // The first socket's URL has expired, so the session requests another one to reconnect.
      chat.simulator.expireSocketUrls();
      chat.simulator.dropSockets();
      chat.contact.say("missed");
      await chat.untilTexts("missed");
      await chat.untilEvent("onConnectionEstablished", 2);
      expect(await chat.texts()).toEqual(["missed"]);
      expect(await chat.eventNames(...LINK_AND_END)).toEqual([
        "onConnectionEstablished",
        "onConnectionLost",
        "onConnectionEstablished",
      ]);
      expect(chat.operations("CreateParticipantConnection")).toHaveLength(3);
    },
  );
});
