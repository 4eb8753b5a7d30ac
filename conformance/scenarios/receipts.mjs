import { scenario, wait } from "../page.mjs";

const EVENT = "application/vnd.amazonaws.connect.event.";
const READ = `${EVENT}message.read`;
const DELIVERED = `${EVENT}message.delivered`;
const THROTTLE_MS = 400;
const throttled = (throttleTime) => ({
  features: { messageReceipts: { shouldSendMessageReceipts: true, throttleTime } },
});
const config = throttled(THROTTLE_MS);
/** Longer than a request takes even on a busy machine. */
const LONG_THROTTLE_MS = 4_000;

/** Connects a session and sends it messages from an agent. */
async function withMessages(t, count = 3, options = { config }) {
  const customer = await t.connected(options);
  const ids = [];
  for (let n = 1; n <= count; n += 1) ids.push((await t.sim("say", customer.contactId, `message ${n}`)).Id);
  await wait(200);
  t.forget();
  const send = (contentType, messageId, more = {}) =>
    t.outcome(
      () =>
        customer.session.sendEvent({
          contentType,
          content: JSON.stringify({ messageId, ...more }),
          metadata: "m",
        }),
      4_000,
    );
  return { ...customer, ids, send };
}

scenario("receipts: one read receipt", async (t) => {
  const { ids, send } = await withMessages(t);
  t.observe("outcome", await send(READ, ids[0]));
  await t.requests("requests");
  await t.events("events for the outgoing receipt");
  t.observe("repeated", await send(READ, ids[0]));
  await t.requests("requests when repeated");
  t.observe("delivered after read", await send(DELIVERED, ids[0]));
  await t.requests("requests for delivered after read");
});

scenario("receipts: one delivered receipt", async (t) => {
  const { ids, send } = await withMessages(t);
  t.observe("outcome", await send(DELIVERED, ids[0]));
  await t.requests("requests");
  t.observe("repeated", await send(DELIVERED, ids[0]));
  await t.requests("requests when repeated");
  t.observe("read after delivered", await send(READ, ids[0]));
  await t.requests("requests for read after delivered");
});

scenario("receipts: delivered, then read immediately", async (t) => {
  const { ids, send } = await withMessages(t);
  t.observe("outcomes", await Promise.all([send(DELIVERED, ids[0]), send(READ, ids[0])]));
  await t.requests("requests");
});

scenario("receipts: delivered and read of three messages", async (t) => {
  const { ids, send } = await withMessages(t);
  const all = ids.flatMap((id) => [send(DELIVERED, id), send(READ, id)]);
  t.observe("outcomes", await Promise.all(all));
  await t.requests("requests");
});

scenario("receipts: three read receipts in one window", async (t) => {
  const { ids, send } = await withMessages(t);
  t.observe("outcomes", await Promise.all(ids.map((id) => send(READ, id))));
  await t.requests("requests");
});

scenario("receipts: disableThrottle", async (t) => {
  const { ids, send } = await withMessages(t, 3, { config: throttled(LONG_THROTTLE_MS) });
  const started = performance.now();
  t.observe("read", await send(READ, ids[0], { disableThrottle: true }));
  t.observe("read is sent immediately", performance.now() - started < LONG_THROTTLE_MS);
  t.observe("delivered", await send(DELIVERED, ids[1], { disableThrottle: true }));
  await t.requests("requests");
});

scenario("receipts: ClientTokens of two read receipts", async (t) => {
  const { ids, send } = await withMessages(t);
  await send(READ, ids[0]);
  await send(READ, ids[1]);
  await t.requests("requests");
});

scenario("receipts: content is an object", async (t) => {
  const { ids, session } = await withMessages(t);
  const content = { messageId: ids[0] };
  await t.exchange("outcome", () => session.sendEvent({ contentType: READ, content, metadata: "m" }), 4_000);
});

scenario("receipts: invalid arguments", async (t) => {
  const { session } = await withMessages(t);
  const send = (content) => () => session.sendEvent({ contentType: READ, content, metadata: "m" });
  await t.exchange("no content", send(undefined), 3_000);
  await t.exchange("an empty object", send("{}"), 3_000);
  await t.exchange("messageId is empty", send('{"messageId":""}'), 3_000);
  await t.exchange("messageId is null", send('{"messageId":null}'), 3_000);
  await t.exchange("not JSON", send("read it"), 3_000);
});

scenario("receipts: disabled", async (t) => {
  const disabled = { features: { messageReceipts: { shouldSendMessageReceipts: false } } };
  const { ids, send } = await withMessages(t, 3, { config: disabled });
  t.observe("read", await send(READ, ids[0]));
  t.observe("delivered", await send(DELIVERED, ids[1]));
  t.observe("disableThrottle", await send(READ, ids[2], { disableThrottle: true }));
  await t.requests("requests");
});

scenario("receipts: still disabled after a later setGlobalConfig", async (t) => {
  const disabled = { features: { messageReceipts: { shouldSendMessageReceipts: false } } };
  const { ids, send } = await withMessages(t, 1, { config: disabled });
  t.ChatSession.setGlobalConfig({ region: "us-west-2" });
  t.observe(
    "after a later setGlobalConfig without features",
    await send(READ, ids[0], { disableThrottle: true }),
  );
  await t.requests("requests");
});

scenario("receipts: rejected by the service", async (t) => {
  const { ids, send } = await withMessages(t);
  await t.sim("failNext", "SendEvent", { status: 409, message: "More than two", times: 1 });
  t.observe("read", await send(READ, ids[0]));
  await t.requests("requests");
  t.observe("retried", await send(READ, ids[0]));
  await t.requests("requests when retried");
});

scenario("receipts: for outgoing messages", async (t) => {
  const { session, contactId } = await t.connected({ config });
  const { data } = await session.sendMessage({ message: "Seen?", contentType: "text/plain" });
  await t.events("the outgoing message", { count: 1 });
  const receipt = (Receipts, more = {}) =>
    t.sim("sendItem", contactId, {
      Type: "MESSAGEMETADATA",
      ContentType: `${EVENT}message.metadata`,
      MessageMetadata: { MessageId: data.Id, Receipts },
      ...more,
    });
  // Each receipt needs its own time, because a receipt with a repeated time counts as the same receipt.
  let seconds = 0;
  const now = () => `2026-01-01T00:00:0${(seconds += 1)}.000Z`;
  await receipt([{ DeliveredTimestamp: now(), RecipientParticipantId: "agent" }]);
  await t.events("delivered", { count: 1 });
  await receipt([{ ReadTimestamp: now(), RecipientParticipantId: "agent" }]);
  await t.events("read", { count: 1 });
  await receipt([{ ReadTimestamp: now(), DeliveredTimestamp: now(), RecipientParticipantId: "agent" }]);
  await t.events("both in one", { count: 1 });
  const own = session.getChatDetails().participantId;
  await receipt([{ ReadTimestamp: now(), RecipientParticipantId: own }]);
  await receipt([{ DeliveredTimestamp: now(), RecipientParticipantId: own }]);
  await t.events("outgoing receipts");
  await receipt([{ RecipientParticipantId: "agent" }]);
  await t.events("without a timestamp");
  await receipt([]);
  await t.events("without receipts");
});

scenario("receipts: with and without contact IDs", async (t) => {
  const { session, contactId } = await t.connected({ config });
  const { data } = await session.sendMessage({ message: "Seen?", contentType: "text/plain" });
  await t.events("the outgoing message", { count: 1 });
  const frame = (item) =>
    JSON.stringify({ topic: "aws/chat", contentType: "application/json", content: JSON.stringify(item) });
  const base = (second) => ({
    Id: `r${second}`,
    AbsoluteTime: "2026-01-01T00:00:00.000Z",
    Type: "MESSAGEMETADATA",
    ContentType: `${EVENT}message.metadata`,
    MessageMetadata: {
      MessageId: data.Id,
      // Each receipt needs its own time, because a receipt with a repeated time counts as the same receipt.
      Receipts: [{ ReadTimestamp: `2026-01-01T00:00:0${second}.000Z`, RecipientParticipantId: "agent" }],
    },
  });
  const send = async (item) => {
    await t.sim("replaceNextFrame", [frame(item)]);
    await t.sim("event", contactId, "typing", { role: "AGENT" });
  };
  await send(base(1));
  await t.events("without contact IDs", { count: 1 });
  await send({ ...base(2), ContactId: contactId });
  await t.events("with this contact's ID", { count: 1 });
  await send({ ...base(3), ContactId: "another" });
  await t.events("with another contact's ID");
  await send({ ...base(4), ContactId: "another", InitialContactId: contactId });
  await t.events("with this chat's initial contact ID", { count: 1 });
});

scenario("sendMessageReceipt", async (t) => {
  const { ids, session } = await withMessages(t);
  if (typeof session.sendMessageReceipt !== "function") return;
  await t.exchange("read", () =>
    session.sendMessageReceipt({ event: "read", messageId: ids[0], metadata: "m" }),
  );
  await t.exchange("delivered", () =>
    session.sendMessageReceipt({ event: "delivered", message: { Id: ids[1] } }),
  );
  await t.exchange("an invalid event", () =>
    session.sendMessageReceipt({ event: "seen", messageId: ids[1], metadata: "m" }),
  );
  await t.exchange("no message ID", () => session.sendMessageReceipt({ event: "read", metadata: "m" }));
});
