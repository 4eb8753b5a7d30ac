import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { WireItem } from "../../../src/api/items";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
import { deferred, iso, json, silence, type Deferred } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

const TRANSCRIPT = "/participant/transcript";
const MESSAGE = "/participant/message";
const SECOND = 1_000;

let chat: ChatUnderTest;
let stored: StoredTranscript;
let session: CustomerChatSession;
/** The items that onMessage received, each summarized by `summaryOf`. Recovered items are marked. */
let delivered: string[];
/** The transcripts that onTranscriptUpdated received, each item summarized by `summaryOf`. */
let transcripts: string[][];

/** Returns an item's text, attachment status and processing status, separated by spaces. */
const summaryOf = ({ Content, Attachments, MessageMetadata }: Partial<WireItem>): string =>
  [Content, Attachments?.[0]?.Status, MessageMetadata?.MessageProcessingStatus]
    .filter((part) => part !== undefined)
    .join(" ");

/** Records a session's messages and transcripts. */
function recordItems(target: CustomerChatSession, withTranscript = true): CustomerChatSession {
  target.onMessage(({ data, recovered }) => {
    delivered.push(`${recovered ? "recovered " : ""}${summaryOf(data)}`);
  });
  if (withTranscript)
    target.onTranscriptUpdated(({ data }) => transcripts.push(data.transcript.map(summaryOf)));
  return target;
}

beforeEach(async () => {
  chat = new ChatUnderTest();
  chat.platform.randomValue = 0;
  stored = new StoredTranscript(chat);
  delivered = [];
  transcripts = [];
  session = await chat.connected(recordItems(chat.customer()));
  await chat.platform.settle();
  transcripts = [];
});

afterEach(async () => {
  session.dispose();
  await chat.platform.settle();
  chat.completeCloses();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

const messageWith = (MessageProcessingStatus?: string, Content = "hello"): Record<string, unknown> =>
  chat.item({
    Id: "m",
    AbsoluteTime: iso(chat.platform.now()),
    Content,
    MessageMetadata: { MessageId: "m", ...(MessageProcessingStatus && { MessageProcessingStatus }) },
  });
const fileWith = (Status: string): Record<string, unknown> =>
  chat.item({
    Id: "m",
    AbsoluteTime: iso(chat.platform.now()),
    Type: "ATTACHMENT",
    Content: undefined,
    Attachments: [{ AttachmentId: "a", Status }],
  });

async function dropLink(): Promise<void> {
  chat.platform.socket.end();
  await chat.platform.settle();
}

/** Restores the link. The recovery's GetTranscript call waits for the returned response. */
async function restoreLinkToSlowService(): Promise<Deferred<Response>> {
  const page = deferred<Response>();
  chat.service.next(TRANSCRIPT, () => page.promise);
  await chat.nextSocket(60 * SECOND);
  chat.platform.socket.open();
  chat.acceptSubscription();
  await chat.platform.advance(0);
  return page;
}

async function restoreLink(): Promise<void> {
  const page = await restoreLinkToSlowService();
  page.resolve(pageOf(...stored.items));
  await chat.platform.advance(0);
}

const pageOf = (...items: unknown[]): Response =>
  json({ InitialContactId: chat.contactId, Transcript: items });

type Versions = readonly [before: Record<string, unknown>, after: Record<string, unknown>];

describe.each<[what: string, versions: () => Versions]>([
  ["PROCESSING, then REJECTED", () => [messageWith("PROCESSING"), messageWith("REJECTED")]],
  ["PROCESSING, then FAILED", () => [messageWith("PROCESSING"), messageWith("FAILED")]],
  [
    "PROCESSING, then redacted text without a status",
    () => [messageWith("PROCESSING"), messageWith(undefined, "***")],
  ],
  ["PROCESSING, then no status", () => [messageWith("PROCESSING"), messageWith()]],
  ["IN_PROGRESS, then APPROVED", () => [fileWith("IN_PROGRESS"), fileWith("APPROVED")]],
  ["IN_PROGRESS, then REJECTED", () => [fileWith("IN_PROGRESS"), fileWith("REJECTED")]],
])("an item that the service changes (%s)", (_, versions) => {
  let before: Record<string, unknown>;
  let after: Record<string, unknown>;

  beforeEach(() => {
    [before, after] = versions();
  });

  test("is delivered once in each version, and the transcript has the later version", async () => {
    await chat.receive(before, before, after, after, before);
    expect(delivered).toEqual([summaryOf(before), summaryOf(after)]);
    expect(transcripts).toEqual([[summaryOf(before)], [summaryOf(after)]]);
  });

  test("isn't delivered in its earlier version after the later version, even if the earlier version was never delivered", async () => {
    await chat.receive(after, before);
    expect(delivered).toEqual([summaryOf(after)]);
    expect(transcripts).toEqual([[summaryOf(after)]]);
  });

  test("is recovered in its later version if the link was down when the item changed", async () => {
    await chat.receive(before);
    await dropLink();
    stored.items.push(after);
    await restoreLink();
    expect(delivered).toEqual([summaryOf(before), `recovered ${summaryOf(after)}`]);
    expect(transcripts.at(-1)).toEqual([summaryOf(after)]);
  });

  test("is delivered in its later version, which was held during a recovery, even if the page and the next held frame have the earlier version", async () => {
    await dropLink();
    const page = await restoreLinkToSlowService();
    await chat.receive(after, before);
    page.resolve(pageOf(before));
    await chat.platform.settle();
    expect(delivered).toEqual([`recovered ${summaryOf(before)}`, summaryOf(after)]);
    expect(transcripts.at(-1)).toEqual([summaryOf(after)]);
  });

  test("isn't reverted by live items that were held during the recovery", async () => {
    await dropLink();
    const page = await restoreLinkToSlowService();
    await chat.receive(before, after);
    page.resolve(pageOf(after));
    await chat.platform.settle();
    await chat.receive(before);
    expect(delivered).toEqual([`recovered ${summaryOf(after)}`]);
    expect(transcripts.at(-1)).toEqual([summaryOf(after)]);
  });

  test("isn't reverted by an outdated recovery page", async () => {
    await chat.receive(after);
    await dropLink();
    stored.items.push(before);
    await restoreLink();
    expect(delivered).toEqual([summaryOf(after)]);
    expect(transcripts.at(-1)).toEqual([summaryOf(after)]);
  });

  test("isn't delivered live in its earlier version if the application has fetched the later version", async () => {
    stored.items.push(after);
    await session.getTranscript();
    await chat.receive(before, after);
    expect(delivered).toEqual([summaryOf(after)]);
    expect(transcripts.at(-1)).toEqual([summaryOf(after)]);
  });

  test("isn't reverted by an outdated page that the application fetches", async () => {
    const page = deferred<Response>();
    chat.service.next(TRANSCRIPT, () => page.promise);
    const fetching = session.getTranscript();
    await chat.receive(before, after);
    page.resolve(pageOf(before));
    await fetching;
    await chat.platform.settle();
    expect(transcripts.at(-1)).toEqual([summaryOf(after)]);
  });

  test("isn't delivered again in either version by a resumed session", async () => {
    await chat.receive(before, after);
    const snapshot = structuredClone(session.snapshot());
    session.dispose();
    delivered = [];
    stored.items.push(after);
    session = await chat.connected(recordItems(chat.customer({}, snapshot)));
    await chat.platform.advance(SECOND);
    await chat.receive(before, after);
    expect(delivered).toEqual([]);
    expect(transcripts.at(-1)).toEqual([summaryOf(after)]);
  });
});

test("the page that is fetched when the link first comes up doesn't suppress live versions, and live versions don't revert the transcript", async () => {
  session.dispose();
  stored.items.push(messageWith("REJECTED"));
  session = await chat.connected(recordItems(chat.customer()));
  await chat.platform.settle();
  expect(transcripts.at(-1)).toEqual(["hello REJECTED"]);
  await chat.receive(messageWith("PROCESSING"), messageWith("REJECTED"));
  expect(delivered).toEqual(["hello PROCESSING", "hello REJECTED"]);
  expect(transcripts.filter(([summary]) => summary !== "hello REJECTED")).toEqual([]);
});

describe("an item that changes without a status", () => {
  const text = (Content: string): Record<string, unknown> => messageWith(undefined, Content);

  test("is delivered once in each version, no matter which version arrives again", async () => {
    await chat.receive(text("one"), text("two"), text("one"), text("three"), text("two"));
    expect(delivered).toEqual(["one", "two", "three"]);
    expect(transcripts.at(-1)).toEqual(["three"]);
  });

  test("isn't delivered in a held version that is older than the recovered version", async () => {
    await dropLink();
    const page = await restoreLinkToSlowService();
    await chat.receive(text("one"), text("two"), text("three"));
    page.resolve(pageOf(text("two")));
    await chat.platform.settle();
    expect(delivered).toEqual(["recovered two", "three"]);
    expect(transcripts.at(-1)).toEqual(["three"]);
  });

  test("is delivered in a held new version even if an old version arrives again after it", async () => {
    await chat.receive(text("one"));
    await dropLink();
    const page = await restoreLinkToSlowService();
    await chat.receive(text("two"), text("one"));
    page.resolve(pageOf());
    await chat.platform.settle();
    expect(delivered).toEqual(["one", "two"]);
  });
});

test("a piece of a bot's answer that arrives too early is delivered when the piece arrives again in order", async () => {
  const piece = (Content: string, ChunkNumber: number): Record<string, unknown> =>
    chat.item({
      Id: "answer",
      Content,
      ParticipantRole: "SYSTEM",
      MessageMetadata: { MessageCompleted: false, ChunkNumber },
    });
  await chat.receive(piece("a", 1), piece("c", 3), piece("b", 2), piece("c", 3));
  expect(delivered).toEqual(["a", "ab", "abc"]);
});

describe("an echo that arrives before SendMessage's response", () => {
  test("replaces the sent text with the service's redacted text in the message's only transcript entry", async () => {
    const response = deferred<Response>();
    chat.service.next(MESSAGE, () => response.promise);
    const sending = session.sendMessage({ message: "my number is 4711", contentType: "text/plain" });
    await chat.platform.settle();
    await chat.receive({ ...messageWith(undefined, "my number is ***"), ParticipantId: "me" });
    const AbsoluteTime = iso(chat.platform.now());
    response.resolve(
      json({ Id: "m", AbsoluteTime, MessageMetadata: { MessageProcessingStatus: "PROCESSING" } }),
    );
    expect((await sending).data).toMatchObject({ Id: "m" });
    await chat.platform.settle();
    expect(transcripts).toEqual([["my number is 4711"], ["my number is ***"], ["my number is ***"]]);
  });
});

test("the PROCESSING status in SendMessage's response is in the transcript until the echo replaces it", async () => {
  const response = deferred<Response>();
  chat.service.next(MESSAGE, () => response.promise);
  const sending = session.sendMessage({ message: "secret", contentType: "text/plain" });
  await chat.platform.settle();
  const AbsoluteTime = iso(chat.platform.now());
  response.resolve(
    json({ Id: "m", AbsoluteTime, MessageMetadata: { MessageProcessingStatus: "PROCESSING" } }),
  );
  await sending;
  await chat.platform.settle();
  await chat.receive({ ...messageWith(undefined, "***"), ParticipantId: "me" });
  expect(transcripts).toEqual([["secret"], ["secret PROCESSING"], ["***"]]);
});

describe("onTranscriptUpdated", () => {
  /** The events in order. Items are recorded by their text, other events by a name. */
  let events: string[];

  beforeEach(() => {
    events = [];
    session.onMessage(({ data }) => void events.push(data.Content ?? "ended"));
    session.onReadReceipt(() => void events.push("read"));
    session.onTranscriptUpdated(({ data }) => void events.push(`transcript of ${data.transcript.length}`));
    session.onMessagesRecovered(() => void events.push("recovered"));
    session.onEnded(() => void events.push("over"));
  });

  test("fires once per page of a recovery, after the page's items", async () => {
    await dropLink();
    for (let number = 0; number < 150; number += 1) stored.store({ Content: String(number) });
    await chat.nextSocket(60 * SECOND);
    await chat.open();
    await chat.advance(4 * SECOND);
    expect(events).toEqual([
      ...Array.from({ length: 100 }, (_, number) => String(number)),
      "transcript of 100",
      ...Array.from({ length: 50 }, (_, number) => String(100 + number)),
      "transcript of 150",
      "recovered",
      // The second look fetches the newest page for the transcript.
      "transcript of 150",
    ]);
  });

  test("fires once for the live items that were held during a recovery, and not for a page without new items", async () => {
    await dropLink();
    const page = await restoreLinkToSlowService();
    for (const Content of ["a", "b", "c"]) await chat.receive(chat.item({ Id: Content, Content }));
    page.resolve(pageOf());
    await chat.platform.settle();
    expect(events.slice(0, 5)).toEqual(["recovered", "a", "b", "c", "transcript of 3"]);
  });

  test("fires once for the items that were held before a chat.ended, and then once for the end", async () => {
    await dropLink();
    const page = await restoreLinkToSlowService();
    // The request for the newest page, which is sent when the link comes up, never gets a response.
    chat.service.on(TRANSCRIPT, silence);
    for (const Content of ["a", "b"]) await chat.receive(chat.item({ Id: Content, Content }));
    await chat.receive(chat.event("chat.ended"));
    page.resolve(pageOf());
    await chat.platform.settle();
    expect(events).toEqual(["recovered", "a", "b", "transcript of 2", "ended", "transcript of 3", "over"]);
  });

  test("fires once for a page's items before the end of the chat, and then once for the end", async () => {
    await dropLink();
    for (const Content of ["a", "b"]) stored.store({ Content });
    stored.storeEvent("chat.ended");
    await chat.nextSocket(60 * SECOND);
    await chat.open();
    await chat.platform.advance(SECOND);
    expect(events).toEqual(["a", "b", "transcript of 2", "recovered", "ended", "transcript of 3", "over"]);
  });

  test("fires once for the receipts in the newest page, after the receipts' events", async () => {
    for (const Id of ["one", "two"]) await chat.receive(chat.item({ Id, Content: Id, ParticipantId: "me" }));
    events = [];
    await dropLink();
    const read = [{ ReadTimestamp: iso(chat.platform.now()), RecipientParticipantId: "them" }];
    for (const Id of ["one", "two"])
      stored.store({
        Id,
        Content: Id,
        ParticipantId: "me",
        MessageMetadata: { MessageId: Id, Receipts: read },
      });
    await chat.nextSocket(60 * SECOND);
    await chat.open();
    await chat.advance(4 * SECOND);
    expect(events).toEqual(["recovered", "read", "read", "transcript of 2"]);
  });

  test("fires for each live item that isn't held", async () => {
    for (const Content of ["a", "b"]) await chat.receive(chat.item({ Id: Content, Content }));
    expect(events).toEqual(["a", "transcript of 1", "b", "transcript of 2"]);
  });
});
