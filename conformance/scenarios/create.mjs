import { scenario } from "../page.mjs";

const GOOD = { contactId: "c", participantId: "p", participantToken: "a-token" };

/** Arguments with one invalid value each. */
const BAD = {
  "no arguments": undefined,
  null: null,
  "a string": "chat",
  "no chatDetails": { type: "CUSTOMER" },
  "chatDetails is null": { type: "CUSTOMER", chatDetails: null },
  "chatDetails is a string": { type: "CUSTOMER", chatDetails: "c" },
  "no contactId": { type: "CUSTOMER", chatDetails: { ...GOOD, contactId: undefined } },
  "contactId is a number": { type: "CUSTOMER", chatDetails: { ...GOOD, contactId: 7 } },
  "contactId is empty": { type: "CUSTOMER", chatDetails: { ...GOOD, contactId: "" } },
  "no participantId": { type: "CUSTOMER", chatDetails: { ...GOOD, participantId: undefined } },
  "participantId is a number": { type: "CUSTOMER", chatDetails: { ...GOOD, participantId: 7 } },
  "initialContactId is a number": { type: "CUSTOMER", chatDetails: { ...GOOD, initialContactId: 7 } },
  "no participantToken": { type: "CUSTOMER", chatDetails: { ...GOOD, participantToken: undefined } },
  "participantToken is a number": { type: "CUSTOMER", chatDetails: { ...GOOD, participantToken: 7 } },
  "an unknown type": { type: "ROBOT", chatDetails: GOOD },
  "an agent without any token": {
    type: "AGENT",
    chatDetails: { ...GOOD, participantToken: undefined },
  },
  "an agent whose getConnectionToken isn't a function": {
    type: "AGENT",
    chatDetails: { contactId: "c", participantId: "p", getConnectionToken: "token" },
  },
  "options is a string": { type: "CUSTOMER", chatDetails: GOOD, options: "eu-central-1" },
  "websocketManager is a string": { type: "CUSTOMER", chatDetails: GOOD, websocketManager: "manager" },
};

scenario("create: invalid arguments", async (t) => {
  for (const [name, args] of Object.entries(BAD)) {
    let outcome;
    try {
      t.ChatSession.create(typeof args === "object" && args !== null ? { disableCSM: true, ...args } : args);
      outcome = { created: true };
    } catch (error) {
      outcome = { threw: { isAnError: error instanceof Error, name: error?.name, field: error?.field } };
    }
    t.observe(name, outcome);
  }
});

scenario("create: valid arguments", async (t) => {
  const make = (args) => t.ChatSession.create({ disableCSM: true, ...args });
  const details = (key, args) => t.observe(key, make(args).getChatDetails());
  details("camelCase", { type: "CUSTOMER", chatDetails: GOOD });
  details("PascalCase", {
    type: "CUSTOMER",
    chatDetails: { ContactId: "c", ParticipantId: "p", ParticipantToken: "a-token" },
  });
  details("PascalCase with InitialContactId", {
    type: "CUSTOMER",
    chatDetails: { ContactId: "c", ParticipantId: "p", ParticipantToken: "a-token", InitialContactId: "i" },
  });
  details("initialContactId", { type: "CUSTOMER", chatDetails: { ...GOOD, initialContactId: "i" } });
  details("custom fields", {
    type: "CUSTOMER",
    chatDetails: { ...GOOD, originalInfo: { a: 1 } },
  });
  details("options.region is undefined", {
    type: "CUSTOMER",
    chatDetails: GOOD,
    options: { region: undefined },
  });
  details("participantToken is null for an agent", {
    type: "AGENT",
    chatDetails: {
      contactId: "c",
      participantId: "p",
      participantToken: null,
      getConnectionToken: () => null,
    },
  });
  const byDefault = make({ chatDetails: { ...GOOD, getConnectionToken: () => null } });
  t.observe("the default type", typeof byDefault.cleanUpOnParticipantDisconnect);
  t.observe(
    "a type from SessionTypes",
    typeof make({ type: t.ChatSession.SessionTypes.CUSTOMER, chatDetails: GOOD }).disconnectParticipant,
  );
  t.observe("the arguments after create()", GOOD);
});

scenario("calls before connect", async (t) => {
  const { session } = await t.customer();
  t.observe("getChatDetails", session.getChatDetails());
  await t.call("getConnectionStatus", () => session.controller.getConnectionStatus());
  const text = { message: "x", contentType: "text/plain", metadata: "m" };
  await t.call("sendMessage", () => session.sendMessage(text), 2_000);
  const typing = { contentType: "application/vnd.amazonaws.connect.event.typing", metadata: "m" };
  await t.call("sendEvent", () => session.sendEvent(typing), 2_000);
  await t.call("getTranscript", () => session.getTranscript({ metadata: "m" }), 2_000);
  await t.call("getAttachmentURL", () => session.getAttachmentURL({ attachmentId: "a" }), 2_000);
  await t.call("downloadAttachment", () => session.downloadAttachment({ attachmentId: "a" }), 2_000);
  await t.call(
    "sendAttachment",
    () => session.sendAttachment({ attachment: new File(["a"], "a.txt") }),
    2_000,
  );
  await t.call("describeView", () => session.describeView({ viewToken: "v" }), 2_000);
  await t.call("disconnectParticipant", () => session.disconnectParticipant(), 2_000);
  await t.requests("requests");
});
