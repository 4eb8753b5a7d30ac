import { describe, expect, test } from "@jest/globals";
import { inTheField, type FieldPage } from "./support/field-page";

const field = inTheField();

const LINK_AND_END = ["onConnectionLost", "onConnectionEstablished", "onConnectionBroken", "onEnded"];

/** A survey that begins when the customer leaves: the chat is over once it is answered. */
function askOnDisconnect(its: FieldPage, question: string): void {
  its.contact.onDisconnect((contact) => {
    contact.say(question, { role: "SYSTEM" });
    contact.onMessage(() => contact.end());
  });
}

const TYPING = "application/vnd.amazonaws.connect.event.typing";
const CALLS = ["SendMessage", "SendEvent", "GetTranscript", "DescribeView", "StartAttachmentUpload"];

describe("a disconnect flow after disconnectParticipant()", () => {
  test("A1: every call reaches the service until chat.ended, and the question is delivered", async () => {
    const its = await field.open();
    its.simulator.setView("view", { Id: "v" });
    let question = "";
    its.contact.onDisconnect((contact) => {
      question = contact.say("How was it, 1 to 5?", { role: "SYSTEM" }).Id;
    });
    await its.connect();
    expect(await its.call("disconnectParticipant")).toHaveProperty("resolved");
    await its.untilTexts("How was it, 1 to 5?");
    const outcomes = [
      await its.send("5"),
      await its.call("sendEvent", { contentType: TYPING }),
      await its.call("sendEvent", {
        contentType: "application/vnd.amazonaws.connect.event.message.read",
        content: JSON.stringify({ messageId: question, disableThrottle: true }),
      }),
      await its.call("getTranscript", {}),
      await its.call("describeView", { viewToken: "view" }),
      await its.page.evaluate(() =>
        window.field.settle(() =>
          window.field.session.sendAttachment({
            attachment: new File(["5"], "5.txt", { type: "text/plain" }),
          }),
        ),
      ),
    ];
    expect(outcomes.filter((outcome) => !("resolved" in outcome))).toEqual([]);
    expect(its.operations(...CALLS)).toEqual([
      "SendMessage",
      "SendEvent",
      "SendEvent",
      "GetTranscript",
      "DescribeView",
      "StartAttachmentUpload",
    ]);
    expect(await its.eventNames("onEnded", "onConnectionLost", "onConnectionBroken")).toEqual([]);
    its.contact.end();
    await its.untilEvent("onEnded");
    expect(await its.eventNames("onEnded")).toEqual(["onEnded"]);
  });

  test("A2: a link that is lost in it comes back, the question from the gap is delivered, and the end is the service's", async () => {
    const its = await field.open();
    askOnDisconnect(its, "Before the gap");
    await its.connect();
    await its.call("disconnectParticipant");
    await its.untilTexts("Before the gap");
    its.simulator.dropSockets();
    its.contact.say("In the gap", { role: "SYSTEM" });
    await its.untilTexts("In the gap");
    await its.untilEvent("onConnectionEstablished", 2);
    expect(await its.texts()).toEqual(["Before the gap", "In the gap"]);
    expect(await its.eventNames(...LINK_AND_END)).toEqual([
      "onConnectionEstablished",
      "onConnectionLost",
      "onConnectionEstablished",
    ]);
    await its.send("5");
    await its.untilEvent("onEnded");
    expect(await its.eventNames("onEnded")).toEqual(["onEnded"]);
    expect(its.contact.ended).toBe(true);
  });
});

describe("refusals that are not the service's", () => {
  test.each([
    ["an HTML page", "proxy"],
    ["an empty body", "nobody"],
    ["another gateway's JSON", "gateway"],
  ] as const)(
    "A3: one 403 with %s while reconnecting does not end the chat, and the missed message is delivered",
    async (_what, from) => {
      const its = await field.open();
      await its.connect();
      await its.untilEvent("onConnectionEstablished");
      its.simulator.faults.failNext("CreateParticipantConnection", { status: 403, from });
      // The URL of the first socket is spent, so that reconnecting has to ask for another.
      its.simulator.expireSocketUrls();
      its.simulator.dropSockets();
      its.contact.say("missed");
      await its.untilTexts("missed");
      await its.untilEvent("onConnectionEstablished", 2);
      expect(await its.texts()).toEqual(["missed"]);
      expect(await its.eventNames(...LINK_AND_END)).toEqual([
        "onConnectionEstablished",
        "onConnectionLost",
        "onConnectionEstablished",
      ]);
      expect(its.operations("CreateParticipantConnection")).toHaveLength(3);
    },
  );
});
