import { scenario, wait } from "../page.mjs";

async function withItems(t) {
  const customer = await t.connected();
  const items = [];
  for (let n = 1; n <= 6; n += 1) items.push(await t.sim("say", customer.contactId, `message ${n}`));
  await wait(100);
  await t.sim("takeRequests");
  return { ...customer, items };
}

scenario("getTranscript", async (t) => {
  const { session, items, contactId } = await withItems(t);
  const ask = (key, args) => t.exchange(key, () => session.getTranscript(args));
  await ask("no arguments", undefined);
  await ask("an empty object", {});
  await ask("maxResults", { maxResults: 2 });
  await ask("sortOrder", { maxResults: 3, sortOrder: "DESCENDING" });
  await ask("metadata", { maxResults: 1, metadata: { m: 1 } });
  await ask("contactId", { maxResults: 1, contactId });
  await ask("mostRecent", { scanDirection: "FORWARD", startPosition: { mostRecent: 2 } });
  await ask("id, backward", { scanDirection: "BACKWARD", startPosition: { id: items[2].Id }, maxResults: 2 });
  await ask("id, forward", { scanDirection: "FORWARD", startPosition: { id: items[2].Id }, maxResults: 2 });
  await ask("absoluteTime, forward", {
    scanDirection: "FORWARD",
    startPosition: { absoluteTime: items[3].AbsoluteTime },
  });
  await ask("startPosition is null", { startPosition: null, maxResults: 1 });
  await ask("maxResults is null", { maxResults: null });
  await ask("sortOrder and scanDirection are null", { sortOrder: null, scanDirection: null, maxResults: 1 });
  await ask("sortOrder and scanDirection are empty", { sortOrder: "", scanDirection: "", maxResults: 1 });
  await ask("nextToken and contactId are empty", { nextToken: "", contactId: "", maxResults: 1 });
  await ask("contactId is null", { contactId: null, maxResults: 1 });
  await ask("fields of startPosition are null", {
    startPosition: { id: null, absoluteTime: null, mostRecent: null },
    maxResults: 1,
  });
  await ask("nextToken is null", { nextToken: null, maxResults: 1 });
  const { data } = await session.getTranscript({ maxResults: 2 });
  await t.sim("takeRequests");
  await ask("nextToken", { maxResults: 2, nextToken: data.NextToken });
});

scenario("getTranscript: failures", async (t) => {
  const { session } = await withItems(t);
  const ask = (key, args) => t.exchange(key, () => session.getTranscript(args), 20_000);
  await ask("maxResults is too large", { maxResults: 1000, metadata: "m" });
  await ask("maxResults is 0", { maxResults: 0, metadata: "m" });
  await ask("FORWARD without startPosition", { scanDirection: "FORWARD", metadata: "m" });
  await ask("FORWARD with an empty startPosition", {
    scanDirection: "FORWARD",
    startPosition: {},
    metadata: "m",
  });
  await ask("an unknown ID", { startPosition: { id: "unknown" }, metadata: "m" });
  await ask("another contact", { contactId: "another", metadata: "m" });
  await ask("an invalid sortOrder", { sortOrder: "SIDEWAYS", metadata: "m" });
  await ask("an invalid scanDirection", { scanDirection: "UP", metadata: "m" });
  await ask("maxResults is a string", { maxResults: "15", metadata: "m" });
  await ask("startPosition is a string", { startPosition: "first", metadata: "m" });
  for (const status of [400, 403, 404]) {
    await t.sim("failNext", "GetTranscript", { status, message: "Not today", times: 20 });
    await ask(`refused with ${status}`, { metadata: "m" });
    await t.sim("clearFaults");
  }
  await t.sim("failNext", "GetTranscript", { status: 429, message: "Slow down" });
  await ask("throttled once", { metadata: "m", maxResults: 1 });
  await t.sim("failNext", "GetTranscript", { status: 500, message: "Down", times: 20 });
  await ask("a persistent server error", { metadata: "m" });
});

scenario("getTranscript: unknown fields", async (t) => {
  const { session, contactId } = await withItems(t);
  await t.sim("sendItem", contactId, {
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: "with more fields",
    SomethingNew: { a: 1 },
    MessageMetadata: { MessageId: "m", MessageCompleted: true, ChunkNumber: 1 },
  });
  await t.exchange("outcome", () => session.getTranscript({ maxResults: 1 }));
});

scenario("onTranscriptUpdated", async (t) => {
  const { session, contactId } = await t.customer();
  t.watch(session, { only: ["onTranscriptUpdated"] });
  await session.connect();
  await t.subscribed(contactId);
  const last = async (key) => {
    await wait(500);
    const log = t.take();
    const snapshot = log.at(-1)?.event.data;
    t.observe(`${key}: handler was called`, log.length > 0);
    t.observe(`${key}: the last snapshot`, snapshot);
    t.observe(`${key}: the event's name`, log.at(-1)?.name);
  };
  await last("at connect");
  await t.sim("say", contactId, "Hi");
  await last("a message from the agent");
  await session.sendMessage({ message: "Hello", contentType: "text/plain" });
  await last("an outgoing message");
  await t.sim("failNext", "SendMessage", { status: 400, message: "Not today" });
  await session.sendMessage({ message: "Refused", contentType: "text/plain" }).catch(() => undefined);
  t.observe(
    "a refused message: status",
    t.take().at(-1)?.event.data.transcript.at(-1)?.MessageMetadata?.Status,
  );
  // Wait a millisecond. If the next message had the same time as the rejected message, their order would be undefined.
  await wait(50);
  await t.sim("event", contactId, "typing", { role: "AGENT" });
  await last("typing");
});

scenario("onTranscriptUpdated: a pending message", async (t) => {
  const { session, contactId } = await t.customer();
  t.watch(session, { only: ["onTranscriptUpdated"] });
  await session.connect();
  await t.subscribed(contactId);
  await wait(600);
  t.take();
  await t.sim("delayNext", "SendMessage", { delayMs: 500 });
  const sending = session.sendMessage({ message: "Slow", contentType: "text/plain" });
  await wait(200);
  t.observe("while pending", t.take().at(-1)?.event.data.transcript.at(-1));
  await sending;
  await wait(400);
  t.observe("once sent", t.take().at(-1)?.event.data.transcript.at(-1));
  const { Id } = (await t.sim("transcript", contactId)).at(-1);
  const receipt = (Receipts) =>
    t.sim("sendItem", contactId, {
      Type: "MESSAGEMETADATA",
      ContentType: "application/vnd.amazonaws.connect.event.message.metadata",
      MessageMetadata: { MessageId: Id, Receipts },
    });
  const time = "2026-01-01T00:00:00.000Z";
  await receipt([{ DeliveredTimestamp: time, RecipientParticipantId: "agent" }]);
  await wait(300);
  t.observe("once delivered", t.take().at(-1)?.event.data.transcript.at(-1)?.MessageMetadata);
  await receipt([{ ReadTimestamp: time, RecipientParticipantId: "agent" }]);
  await wait(300);
  t.observe("once read", t.take().at(-1)?.event.data.transcript.at(-1)?.MessageMetadata);
});
