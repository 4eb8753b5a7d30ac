import { expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { ServiceClient } from "../../../src/participant/service-client";
import { ChatUnderTest } from "../../support/chat-under-test";
import { CustomClient } from "../../support/custom-client";
import { cutNetwork, errorResponse } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

const CONNECTION = "/participant/connection";
const FIVE_MINUTES = 300_000;

/** Adds a message handler and returns the list of the IDs that the handler receives. */
function idsReceivedBy(session: CustomerChatSession): (string | undefined)[] {
  const ids: (string | undefined)[] = [];
  session.onMessage(({ data }) => void ids.push(data.Id));
  return ids;
}

/** Drops the link, runs `whileDown` and restores the link. */
async function interruptLink(chat: ChatUnderTest, whileDown: () => void): Promise<void> {
  chat.platform.socket.end();
  await chat.platform.advance(100);
  whileDown();
  await chat.nextSocket(2_000);
  await chat.open();
  await chat.advance(5_000);
}

test("on a page whose clock is minutes ahead, recovery starts at the service's time of the first item", async () => {
  const chat = new ChatUnderTest();
  chat.platform.clockErrorMs = FIVE_MINUTES;
  const stored = new StoredTranscript(chat);
  const session = chat.customer();
  const ids = idsReceivedBy(session);
  await chat.connected(session);
  await stored.send({ Id: "before" });
  await interruptLink(chat, () => void stored.store({ Id: "missed" }));
  expect(ids).toEqual(["before", "missed"]);
});

test.each([
  ["receipts that aren't a list", { MessageMetadata: { MessageId: "bad", Receipts: {} } }],
  ["an Id that isn't a string", { Id: 5 }],
  [
    "an attachment whose ID can't be converted to a string",
    { Attachments: [{ AttachmentId: { toString: 1 } }] },
  ],
  ["a MessageId that isn't a string", { MessageMetadata: { MessageId: {} } }],
  ["a read time that isn't a time", { MessageMetadata: { Receipts: [{ ReadTimestamp: { toString: 1 } }] } }],
  [
    "a chunk number that isn't a number",
    { MessageMetadata: { MessageCompleted: false, ChunkNumber: { valueOf: 1 } } },
  ],
])(
  "a transcript page's item that has %s is dropped, and the page's other items are delivered",
  async (_, invalidFields) => {
    const chat = new ChatUnderTest();
    const stored = new StoredTranscript(chat);
    const session = chat.customer();
    session.onReadReceipt(() => undefined);
    const ids = idsReceivedBy(session);
    await chat.connected(session);
    await stored.send({ Id: "mine", ParticipantId: "me" });
    await interruptLink(chat, () => {
      stored.store({ Id: "bad", ...invalidFields });
      stored.store({ Id: "good" });
    });
    expect(ids).toEqual(["mine", "good"]);
    const { data } = await session.getTranscript({});
    expect(data.Transcript.map(({ Id }) => Id)).toEqual(["mine", "good"]);
  },
);

test("a recovery is retried if a custom client's getTranscript() fails once", async () => {
  const chat = new ChatUnderTest();
  const stored = new StoredTranscript(chat);
  let failures = 1;
  const bundled = new ServiceClient(chat.platform, { endpoint: "https://service.test", userAgent: "own" });
  const { client } = new CustomClient(chat.platform, {
    getTranscript: (...args: Parameters<typeof bundled.getTranscript>) => {
      failures -= 1;
      if (failures >= 0) throw new TypeError("Failed to fetch");
      return bundled.getTranscript(...args);
    },
  });
  chat.library.ChatSession.setGlobalConfig({ customChatClient: client });
  const session = chat.customer();
  const ids = idsReceivedBy(session);
  const outcomes: unknown[] = [];
  session.onMessagesRecovered(({ data }) => void outcomes.push(data));
  await chat.connected(session);
  await interruptLink(chat, () => void stored.store({ Id: "missed" }));
  expect(ids).toEqual(["missed"]);
  expect(outcomes).toEqual([{ count: 1, complete: true }]);
});

test("dispose() rejects a message that is waiting for isNetworkOnline() to resolve", async () => {
  const chat = new ChatUnderTest();
  chat.library.ChatSession.setGlobalConfig({
    webSocketManagerConfig: { isNetworkOnline: () => new Promise<boolean>(() => undefined) },
  });
  const session = chat.customer();
  await chat.connected(session);
  chat.service.on("/participant/message", cutNetwork);
  const sending = session.sendMessage({ message: "hello", contentType: "text/plain" });
  await chat.platform.advance(100);
  session.dispose();
  await expect(sending).rejects.toMatchObject({ code: "Aborted" });
});

test("REL-10: dispose() at any moment between the service's response and the link leaves no timers or listeners", async () => {
  const leakingTurns: number[] = [];
  for (let turns = 0; turns < 40; turns += 1) {
    const chat = new ChatUnderTest();
    const session = chat.customer();
    chat.service.on(CONNECTION, (call) => {
      let turn: Promise<unknown> = Promise.resolve();
      for (let each = 0; each < turns; each += 1) turn = turn.then(() => undefined);
      void turn.then(() => session.dispose());
      return chat.service.defaultResponse(call);
    });
    await session.connect().catch(() => undefined);
    await chat.platform.settle();
    const { timers, listeners } = chat.leftovers;
    if (timers + listeners > 0) leakingTurns.push(turns);
  }
  expect(leakingTurns).toEqual([]);
});

test("a token renewal waits for a 429's Retry-After", async () => {
  const chat = new ChatUnderTest();
  chat.service.tokenLifetimeMs = 600_000;
  const session = chat.customer();
  await chat.connected(session);
  const before = chat.service.to(CONNECTION).length;
  chat.service.next(CONNECTION, () => errorResponse(429, "ThrottlingException", { "retry-after": "40" }));
  await chat.advance(579_000);
  expect(chat.service.to(CONNECTION)).toHaveLength(before + 1);
  await chat.advance(3_000);
  expect(chat.service.to(CONNECTION)).toHaveLength(before + 2);
});
