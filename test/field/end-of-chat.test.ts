import { describe, expect, test } from "@jest/globals";
import { inTheField } from "./support/field-page";

const field = inTheField();

const LINK_AND_END = ["onConnectionLost", "onConnectionEstablished", "onConnectionBroken", "onEnded"];

describe("refusals that are not the service's", () => {
  test.each([
    ["an HTML page", "text/html", "<html>Forbidden</html>"],
    ["an empty body", "text/plain", ""],
    ["another gateway's JSON", "application/json", '{"message":"Forbidden"}'],
  ])(
    "A3: one 403 with %s while reconnecting does not end the chat, and the missed message is delivered",
    async (_what, contentType, body) => {
      const its = await field.open();
      await its.connect();
      await its.untilEvent("onConnectionEstablished");
      its.simulator.faults.garbleNext("CreateParticipantConnection", { status: 403, contentType, body });
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
