import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest } from "../../support/chat-under-test";
import { deferred, json } from "../../support/fake-service";

let chat: ChatUnderTest;
let session: CustomerChatSession;
let transcript: unknown[];
let delivered: unknown[];

beforeEach(async () => {
  chat = new ChatUnderTest();
  session = await chat.connected(chat.customer());
  delivered = [];
  session.onMessage(({ data }) => void delivered.push(data.Content));
  session.onTranscriptUpdated(({ data }) => {
    transcript = data.transcript.map(({ Content }) => Content);
  });
});

const piece = (Content: string, ChunkNumber?: number, MessageCompleted = false): Record<string, unknown> =>
  chat.item({
    Id: "answer",
    Content,
    ParticipantRole: "SYSTEM",
    MessageMetadata: { MessageCompleted, ...(ChunkNumber !== undefined && { ChunkNumber }) },
  });

/** Requests a page that arrives after `beforeResponse` has run. */
async function fetchLatePage(items: unknown[], beforeResponse: () => Promise<void>): Promise<void> {
  const page = deferred<Response>();
  chat.service.next("/participant/transcript", () => page.promise);
  const fetching = session.getTranscript();
  await beforeResponse();
  page.resolve(json({ InitialContactId: chat.contactId, Transcript: items }));
  await fetching;
  await chat.platform.settle();
}

describe("a page that was in flight while a bot's answer grew", () => {
  test("doesn't revert a completed answer in the transcript", async () => {
    await chat.receive(piece("a", 1));
    await fetchLatePage([piece("a", 1)], () => chat.receive(piece("b", 2), piece("abc", undefined, true)));
    expect(transcript).toEqual(["abc"]);
  });

  test("doesn't revert a later piece in the transcript", async () => {
    await chat.receive(piece("a", 1));
    await fetchLatePage([piece("a", 1)], () => chat.receive(piece("b", 2)));
    expect(transcript).toEqual(["ab"]);
    await chat.receive(piece("c", 3));
    expect(transcript).toEqual(["abc"]);
  });

  test("extends the answer in the transcript if the page has more of it", async () => {
    await fetchLatePage([piece("abc", 3)], () => chat.receive(piece("a", 1)));
    expect(transcript).toEqual(["abc"]);
  });
});

test("a page's partial answer without a chunk number doesn't prevent the delivery of later chunks", async () => {
  await chat.receive(piece("a", 1), piece("b", 2));
  await fetchLatePage([piece("ab")], () => Promise.resolve());
  await chat.receive(piece("c", 3));
  expect(delivered).toEqual(["a", "ab", "abc"]);
});
