// Message processing, for example redaction. A message arrives as PROCESSING, and then with its result and the same Id.
import { summaryOf, scenario } from "../page.mjs";

const RESULTS = {
  "the text is redacted": { text: "My number is {{redacted}}" },
  "the text is unchanged": {},
  "the message is rejected": { status: "REJECTED" },
  "the message fails": { status: "FAILED" },
  "the message is rejected and redacted": { status: "REJECTED", text: "" },
};

for (const [what, result] of Object.entries(RESULTS)) {
  scenario(`processing: ${what}`, async (t) => {
    const { session, contactId } = await t.connected();
    await t.sim("processMessages", contactId, result);
    await t.call("sendMessage", () =>
      session.sendMessage({ message: "My number is 1234", contentType: "text/plain", metadata: "m" }),
    );
    await t.events("events", { count: 2 });
  });
}

scenario("processing: only the result is announced", async (t) => {
  const { session, contactId } = await t.connected();
  await t.sim("processMessages", contactId, { status: "REJECTED" }, { announce: false });
  await t.call("sendMessage", () => session.sendMessage({ message: "x", contentType: "text/plain" }));
  await t.events("events", { count: 1 });
});

scenario("processing: an incoming message in several versions", async (t) => {
  const { contactId } = await t.connected();
  const send = async (key, Content, MessageProcessingStatus) => {
    await t.sim("sendItem", contactId, {
      Id: "one",
      AbsoluteTime: "2026-01-01T00:00:00.000Z",
      Type: "MESSAGE",
      ContentType: "text/plain",
      Content,
      ParticipantRole: "AGENT",
      MessageMetadata: { MessageId: "one", ...(MessageProcessingStatus && { MessageProcessingStatus }) },
    });
    await t.events(key, { count: 1, timeoutMs: 1_000, show: summaryOf });
  };
  await send("processing", "My number is 1234", "PROCESSING");
  await send("failed", "My number is 1234", "FAILED");
  await send("failed, the same form again", "My number is 1234", "FAILED");
  await send("rejected", "My number is 1234", "REJECTED");
  await send("without a status", "My number is 1234");
  await send("redacted", "My number is {{redacted}}");
  await send("processing, after later forms", "My number is 1234", "PROCESSING");
});

const FILE = { AttachmentId: "a", AttachmentName: "a.txt", ContentType: "text/plain" };

scenario("processing: an outgoing attachment is scanned", async (t) => {
  const { session, contactId } = await t.connected();
  await t.sim("scanAttachments", contactId, null);
  await t.call("sendAttachment", () =>
    session.sendAttachment({ attachment: new File(["a"], "a.txt", { type: "text/plain" }), metadata: "m" }),
  );
  await t.events("in progress", { count: 1 });
  const item = (await t.sim("transcript", contactId)).find(({ Type }) => Type === "ATTACHMENT");
  const [{ AttachmentId: attachmentId }] = item.Attachments;
  await t.call("downloadAttachment during the scan", () =>
    session.downloadAttachment({ attachmentId, metadata: "m" }),
  );
  await t.sim("changeItem", contactId, item.Id, {
    Attachments: [{ ...item.Attachments[0], Status: "APPROVED" }],
  });
  await t.events("approved", { count: 1 });
  await t.call("downloadAttachment once approved", () =>
    session.downloadAttachment({ attachmentId, metadata: "m" }),
  );
});

scenario("processing: an incoming attachment is rejected", async (t) => {
  const { contactId } = await t.connected();
  const send = async (Status) => {
    await t.sim("sendItem", contactId, {
      Id: "file",
      AbsoluteTime: "2026-01-01T00:00:00.000Z",
      Type: "ATTACHMENT",
      ContentType: "text/plain",
      Attachments: [{ ...FILE, Status }],
    });
    await t.events(Status, { count: 1, timeoutMs: 2_000 });
  };
  await send("IN_PROGRESS");
  await send("REJECTED");
});
