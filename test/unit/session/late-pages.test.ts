import { beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest } from "../../support/chat-under-test";
import { deferred, json } from "../../support/fake-service";

let chat: ChatUnderTest;
let session: CustomerChatSession;
let shown: unknown[];
let told: unknown[];

beforeEach(async () => {
  chat = new ChatUnderTest();
  session = await chat.connected(chat.customer());
  told = [];
  session.onMessage(({ data }) => void told.push(data.Content));
  session.onTranscriptUpdated(({ data }) => {
    shown = data.transcript.map(({ Content }) => Content);
  });
});

const piece = (Content: string, ChunkNumber?: number, MessageCompleted = false): Record<string, unknown> =>
  chat.item({
    Id: "answer",
    Content,
    ParticipantRole: "SYSTEM",
    MessageMetadata: { MessageCompleted, ...(ChunkNumber !== undefined && { ChunkNumber }) },
  });

/** A page that is asked for now, and comes when the rest has come. */
async function latePage(items: unknown[], meanwhile: () => Promise<void>): Promise<void> {
  const page = deferred<Response>();
  chat.service.next("/participant/transcript", () => page.promise);
  const asked = session.getTranscript();
  await meanwhile();
  page.resolve(json({ InitialContactId: chat.contactId, Transcript: items }));
  await asked;
  await chat.platform.settle();
}

describe("a page that was on its way while an answer grew", () => {
  test("takes no completed answer back from the transcript", async () => {
    await chat.receive(piece("a", 1));
    await latePage([piece("a", 1)], () => chat.receive(piece("b", 2), piece("abc", undefined, true)));
    expect(shown).toEqual(["abc"]);
  });

  test("takes no later piece back from the transcript", async () => {
    await chat.receive(piece("a", 1));
    await latePage([piece("a", 1)], () => chat.receive(piece("b", 2)));
    expect(shown).toEqual(["ab"]);
    await chat.receive(piece("c", 3));
    expect(shown).toEqual(["abc"]);
  });

  test("brings the transcript further where it knows more", async () => {
    await latePage([piece("abc", 3)], () => chat.receive(piece("a", 1)));
    expect(shown).toEqual(["abc"]);
  });
});

test("a page's piece without a number does not stop the answer", async () => {
  await chat.receive(piece("a", 1), piece("b", 2));
  await latePage([piece("ab")], () => Promise.resolve());
  await chat.receive(piece("c", 3));
  expect(told).toEqual(["a", "ab", "abc"]);
});
