import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { ChatTranscriptItem } from "../../../src/api/items";
import { messageOf, type ChatMessage } from "../../../react/messages";
import { cutNetwork, deferred, errorResponse, json } from "../../support/fake-service";
import { MESSAGE, nextTask, StoreUnderTest, TRANSCRIPT } from "./store-under-test";

/** What a store shows: messages, files and typing participants. */

let page: StoreUnderTest;
let detach: () => void;
beforeEach(async () => {
  page = new StoreUnderTest();
  detach = await page.connected();
});
afterEach(async () => {
  jest.useRealTimers();
  detach();
  await nextTask();
});

const START_UPLOAD = "/participant/start-attachment-upload";
const keys = (): string[] => page.state.messages.map(({ key }) => key);
const picture = (): File => new File(["abc"], "picture.png", { type: "image/png" });
const pictureItem = (fields: object = {}): Record<string, unknown> =>
  page.chat.item({
    Id: "item-picture",
    Type: "ATTACHMENT",
    ContentType: "image/png",
    Content: undefined,
    ParticipantId: page.chat.participantId,
    ParticipantRole: "CUSTOMER",
    AbsoluteTime: "2030-01-01T00:00:00.000Z",
    Attachments: [
      { AttachmentId: "a", AttachmentName: "picture.png", ContentType: "image/png", Status: "APPROVED" },
    ],
    ...fields,
  });

describe("a sent message", () => {
  test("is shown as sending, then sent, delivered and read, always with the same key", async () => {
    const answer = deferred<Response>();
    page.chat.service.next(MESSAGE, () => answer.promise);
    void page.store.send("Hello");
    await page.settle();
    expect(page.last).toMatchObject({
      kind: "text",
      content: "Hello",
      isOwn: true,
      state: "sending",
      time: "",
    });
    const { key, id } = page.last;
    answer.resolve(json({ Id: "sent-1", AbsoluteTime: "2026-01-01T00:00:02.000Z" }));
    await page.settle();
    expect(page.last).toMatchObject({ id: "sent-1", key, state: "sent" });
    expect(id).not.toBe("sent-1");
    for (const [field, state] of [
      ["DeliveredTimestamp", "delivered"],
      ["ReadTimestamp", "read"],
    ] as const) {
      const Receipts = [{ [field]: "2026-01-01T00:00:03.000Z", RecipientParticipantId: "them" }];
      await page.chat.receive(
        page.chat.item({
          Id: "r",
          Type: "MESSAGEMETADATA",
          Content: undefined,
          MessageMetadata: { MessageId: "sent-1", Receipts },
        }),
      );
      expect(page.last).toMatchObject({ key, state });
    }
    expect(page.state.messages).toHaveLength(1);
  });

  test("keeps its key if its echo arrives before the answer", async () => {
    const answer = deferred<Response>();
    page.chat.service.next(MESSAGE, () => answer.promise);
    void page.store.send("Hello");
    await page.settle();
    const { key } = page.last;
    const echo = { Id: "sent-1", Content: "Hello", ParticipantId: "me", ParticipantRole: "CUSTOMER" };
    await page.chat.receive(page.chat.item(echo));
    expect(page.last).toMatchObject({ id: "sent-1", key });
    answer.resolve(json({ Id: "sent-1", AbsoluteTime: "2026-01-01T00:00:02.000Z" }));
    await page.settle();
    expect(page.state.messages).toHaveLength(1);
    expect(page.last).toMatchObject({ id: "sent-1", key });
  });

  test("two messages with the same text keep different keys", async () => {
    void page.store.send("Hello");
    void page.store.send("Hello");
    await page.settle();
    expect(new Set(keys()).size).toBe(2);
    const before = keys();
    await page.chat.advance(1_000);
    expect(keys()).toEqual(before);
  });

  test("that fails has the error, isn't the chat's error, and can be sent again", async () => {
    page.chat.service.next(MESSAGE, () => errorResponse(400, "ValidationException"));
    await page.store.send("Hello");
    await page.settle();
    expect(page.state.error).toBeNull();
    expect(page.last).toMatchObject({ state: "failed", error: { code: "ServiceError", retryable: false } });
    const { key, id } = page.last;
    await page.store.resend(id);
    await page.settle();
    expect(page.last).toMatchObject({ state: "sent", error: null, key });
  });

  test("with another content type is sent as that", async () => {
    await page.store.send("{}", {
      contentType: "application/vnd.amazonaws.connect.message.interactive.response",
    });
    expect(page.chat.service.to(MESSAGE)[0]?.body).toMatchObject({
      ContentType: "application/vnd.amazonaws.connect.message.interactive.response",
    });
    await page.settle();
    expect(page.last).toMatchObject({ kind: "interactive" });
  });
});

test("resend() of an unknown message sets the error", async () => {
  await page.store.resend("unknown");
  expect(page.state.error).toMatchObject({ code: "IllegalArgument" });
});

test("unchanged messages keep their identity, and so does the list if nothing in it changes", async () => {
  await page.chat.receive(page.chat.item({ Id: "one" }), page.chat.item({ Id: "two" }));
  page.chat.service.next(MESSAGE, cutNetwork, cutNetwork, cutNetwork);
  void page.store.send("Fails");
  await page.chat.advance(60_000);
  const before = page.state.messages;
  expect(page.shown.at(-1)).toEqual(["Fails", "failed"]);
  await page.chat.receive(page.chat.item({ Id: "three", AbsoluteTime: "2026-01-01T00:00:02.000Z" }));
  const after = page.state.messages;
  expect(after).toHaveLength(4);
  for (const message of before) expect(after).toContain(message);
  await page.chat.receive(page.chat.event("typing"));
  expect(page.state.messages).toBe(after);
});

describe("a file", () => {
  test("is shown with its progress, then as its item, with the same key", async () => {
    const stored = deferred<Response>();
    page.chat.service.next("/upload", () => stored.promise);
    void page.store.sendFile(picture());
    await page.settle();
    expect(page.last).toMatchObject({
      kind: "attachment",
      name: "picture.png",
      state: "sending",
      item: null,
    });
    const { key } = page.last;
    stored.resolve(new Response(""));
    await page.settle();
    expect(page.last).toMatchObject({ state: "sent", progress: null, key });
    await page.chat.receive(pictureItem());
    expect(page.state.messages).toHaveLength(1);
    expect(page.last).toMatchObject({
      id: "item-picture",
      key,
      state: "sent",
      files: [{ AttachmentId: "a" }],
    });
  });

  test("whose item arrives before the answer is shown once", async () => {
    const completed = deferred<Response>();
    page.chat.service.next("/participant/complete-attachment-upload", () => completed.promise);
    void page.store.sendFile(picture());
    await page.settle();
    await page.chat.receive(pictureItem());
    completed.resolve(new Response(""));
    await page.settle();
    expect(page.shown).toEqual([["picture.png", "sent"]]);
  });

  test("isn't taken for an older file of the same name", async () => {
    await page.chat.receive(page.chat.item({ AbsoluteTime: "2026-01-01T00:00:05.000Z" }));
    const stored = deferred<Response>();
    page.chat.service.next("/upload", () => stored.promise);
    void page.store.sendFile(picture());
    await page.settle();
    await page.chat.receive(pictureItem({ AbsoluteTime: "2026-01-01T00:00:04.000Z" }));
    expect(page.shown.map(([, state]) => state)).toEqual(["sent", null, "sending"]);
  });

  test("that fails stays at its place, and can be sent again", async () => {
    await page.chat.receive(page.chat.item({ Id: "one", Content: "One" }));
    page.chat.service.next(START_UPLOAD, () => errorResponse(400, "ValidationException"));
    await page.store.sendFile(picture());
    expect(page.last).toMatchObject({ state: "failed", error: { code: "ServiceError" } });
    const { id } = page.last;
    await page.chat.receive(
      page.chat.item({ Id: "two", Content: "Two", AbsoluteTime: "2026-01-01T00:00:02.000Z" }),
    );
    expect(page.shown.map(([text]) => text)).toEqual(["One", "picture.png", "Two"]);
    await page.store.resend(id);
    expect(page.shown.at(-1)).toEqual(["picture.png", "sent"]);
  });

  test("in flight when the store is released changes nothing afterward", async () => {
    const stored = deferred<Response>();
    page.chat.service.next("/upload", () => stored.promise);
    void page.store.sendFile(picture());
    await page.settle();
    detach();
    await nextTask();
    const { changes } = page;
    stored.resolve(new Response(""));
    await page.settle();
    expect(page.changes).toBe(changes);
  });
});

describe("typing", () => {
  test("shows another participant until their message arrives, which is one change", async () => {
    await page.chat.receive(page.chat.event("typing", { DisplayName: "Sam" }));
    expect(page.state.typing).toEqual([{ participantId: "them", displayName: "Sam", role: "AGENT" }]);
    const { changes } = page;
    await page.chat.receive(page.chat.event("typing", { Id: "again", DisplayName: "Sam" }));
    expect(page.changes).toBe(changes);
    await page.chat.receive(page.chat.item());
    expect(page.state.typing).toEqual([]);
    expect(page.changes).toBe(changes + 1);
  });

  test("doesn't show the customer", async () => {
    await page.chat.receive(page.chat.event("typing", { ParticipantId: "me" }));
    expect(page.state.typing).toEqual([]);
  });

  test("ends eleven seconds after the last event", async () => {
    jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick", "queueMicrotask"] });
    await page.chat.receive(page.chat.event("typing", { Id: "first" }));
    jest.advanceTimersByTime(10_000);
    await page.chat.receive(page.chat.event("typing", { Id: "second" }));
    jest.advanceTimersByTime(10_000);
    expect(page.state.typing).toHaveLength(1);
    jest.advanceTimersByTime(1_000);
    expect(page.state.typing).toEqual([]);
  });

  test("setTyping() sends one event for many keystrokes", async () => {
    for (let stroke = 0; stroke < 5; stroke += 1) page.store.setTyping();
    await page.settle();
    expect(page.chat.service.to("/participant/event")).toHaveLength(1);
  });
});

describe("history", () => {
  test("loadMore() adds the older page, and hasMoreHistory is false when there is none", async () => {
    const older = page.chat.item({ Id: "old", Content: "Old", AbsoluteTime: "2025-01-01T00:00:00.000Z" });
    const newer = page.chat.item({ Id: "new", Content: "New" });
    const tokens: unknown[] = [];
    page.chat.service.on(TRANSCRIPT, ({ body }) => {
      tokens.push(body["NextToken"]);
      return body["NextToken"] === "older"
        ? json({ InitialContactId: "c", Transcript: [older] })
        : json({ InitialContactId: "c", Transcript: [newer], NextToken: "older" });
    });
    void page.store.end();
    await page.chat.receive(page.chat.event("chat.ended"));
    void page.store.start();
    await page.settle();
    await page.chat.open();
    expect(page.state).toMatchObject({ hasMoreHistory: true, isLoadingHistory: false });
    tokens.length = 0;
    const both = [page.store.loadMore(), page.store.loadMore()];
    expect(page.state.isLoadingHistory).toBe(true);
    await Promise.all(both);
    await page.settle();
    expect(page.shown.map(([text]) => text)).toEqual(["Old", "New"]);
    expect(page.state).toMatchObject({ hasMoreHistory: false, isLoadingHistory: false });
    await page.store.loadMore();
    expect(tokens).toEqual(["older"]);
  });
});

describe("an item", () => {
  const base: ChatTranscriptItem = { Id: "i", AbsoluteTime: "2026-01-01T00:00:00.000Z", Type: "MESSAGE" };
  const shown = (item: Partial<ChatTranscriptItem>): ChatMessage | null =>
    messageOf({ ...base, ...item }, { key: "k", participantId: "me", error: null });

  test.each<[string, Partial<ChatTranscriptItem>, object | null]>([
    ["text", { ContentType: "text/plain", Content: "Hi" }, { kind: "text", content: "Hi", state: null }],
    ["Markdown", { ContentType: "text/markdown" }, { kind: "text", contentType: "text/markdown" }],
    [
      "an interactive message",
      { ContentType: "application/vnd.amazonaws.connect.message.interactive", Content: "{}" },
      { kind: "interactive", content: "{}" },
    ],
    [
      "an event",
      { Type: "EVENT", ContentType: "application/vnd.amazonaws.connect.event.participant.joined" },
      { kind: "event", event: "participant.joined", state: null },
    ],
    ["a file without a name", { Type: "ATTACHMENT" }, { kind: "attachment", name: "", files: [] }],
    ["a connection's acknowledgment", { Type: "CONNECTION_ACK" }, null],
    [
      "the customer's message of an earlier contact",
      { ParticipantId: "earlier", ParticipantRole: "CUSTOMER" },
      { isOwn: true, state: "sent" },
    ],
  ])("that is %s", (_, item, expected) => {
    if (expected) expect(shown(item)).toMatchObject(expected);
    else expect(shown(item)).toBeNull();
  });
});
