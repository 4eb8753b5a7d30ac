import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { RECOVERY } from "../../../src/conversation/recovery";
import { ChatUnderTest, EVENT, NOTHING_LEFT, record } from "../../support/chat-under-test";
import { cutNetwork, deferred, errorResponse, json, type Responder } from "../../support/fake-service";
import { StoredTranscript } from "../../support/stored-transcript";

const TRANSCRIPT = "/participant/transcript";
const CONNECTION = "/participant/connection";
const SECOND = 1_000;

let chat: ChatUnderTest;
let stored: StoredTranscript;
let session: CustomerChatSession;
/** The IDs that onMessage received. Recovered IDs are marked. */
let ids: string[];
let outcomes: unknown[];

beforeEach(async () => {
  chat = new ChatUnderTest();
  chat.platform.randomValue = 0;
  stored = new StoredTranscript(chat);
  session = chat.customer();
  ids = [];
  outcomes = [];
  session.onMessage(({ data, recovered }) => ids.push(`${recovered ? "recovered " : ""}${data.Id}`));
  session.onMessagesRecovered(({ data }) => outcomes.push(data));
  await chat.connected(session);
});

afterEach(() => {
  session.dispose();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

async function dropLink(): Promise<void> {
  chat.platform.socket.end();
  await chat.platform.settle();
}

/** Opens the next socket and subscribes it. Nothing is recovered yet. */
async function restoreLink(): Promise<void> {
  await chat.nextSocket(60 * SECOND);
  chat.platform.socket.open();
  chat.acceptSubscription();
}

/** Drops the link, runs `whileDown`, restores the link and recovers missed items. */
async function gap(whileDown: () => void): Promise<void> {
  await dropLink();
  whileDown();
  await restoreLink();
  await chat.platform.advance(0);
}

/** Drops and restores the link while GetTranscript gets no response, so live items wait. One message is missed. */
async function restoreLinkWithoutTranscript(): Promise<void> {
  chat.platform.randomValue = 0.5;
  await dropLink();
  stored.store();
  chat.service.on(TRANSCRIPT, cutNetwork);
  await restoreLink();
  await chat.platform.advance(0);
}

const throttled: Responder = () => errorResponse(429, "ThrottlingException");

describe("REL-14: messages sent while the link was down", () => {
  test("REL-01: missed items are delivered once, in order, with `recovered: true` and their contact IDs, and are then reported as complete", async () => {
    const emitted: unknown[] = [];
    session.onMessage(({ data, recovered }) =>
      emitted.push([data.ContactId, data.InitialContactId, recovered]),
    );
    await stored.send();
    await gap(() => {
      stored.store();
      stored.store();
    });
    expect(ids).toEqual(["stored-1", "recovered stored-2", "recovered stored-3"]);
    expect(emitted.at(-1)).toEqual([chat.contactId, chat.contactId, true]);
    expect(outcomes).toEqual([{ count: 2, complete: true }]);
  });

  test("are requested from ten seconds before the cursor, a hundred per page", async () => {
    await chat.advance(40 * SECOND);
    const { AbsoluteTime } = await stored.send();
    await gap(() => stored.store());
    expect(stored.calls.map(({ body }) => body)).toEqual([
      {
        MaxResults: 100,
        SortOrder: "ASCENDING",
        ScanDirection: "FORWARD",
        StartPosition: { AbsoluteTime: new Date(Date.parse(String(AbsoluteTime)) - 10_000).toISOString() },
      },
    ]);
  });

  test("are requested from a minute before the connection if no item has been received yet", async () => {
    const connectedAt = chat.platform.now();
    await chat.advance(5 * 60 * SECOND);
    await gap(() => stored.store());
    const { StartPosition } = stored.calls[0]?.body as { StartPosition: { AbsoluteTime: string } };
    expect(Date.parse(StartPosition.AbsoluteTime)).toBe(connectedAt - 60_000 - RECOVERY.overlapMs);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("are delivered page by page if there are many pages", async () => {
    await gap(() => {
      for (let number = 0; number < 350; number += 1) stored.store();
    });
    expect(ids).toEqual(stored.items.map(({ Id }) => `recovered ${String(Id)}`));
    expect(stored.calls).toHaveLength(4);
    expect(outcomes).toEqual([{ count: 350, complete: true }]);
  });

  test("are reported as incomplete after ten pages, and live items don't wait for the next round", async () => {
    chat.platform.randomValue = 0.5;
    await gap(() => {
      for (let number = 0; number < 1_150; number += 1) {
        chat.platform.time += 1_000;
        stored.store();
      }
    });
    await chat.platform.advance(RECOVERY.jitterMs);
    expect(ids).toHaveLength(1_000);
    expect(outcomes).toEqual([{ count: 1_000, complete: false }]);
    await chat.receive(chat.item({ Id: "live" }));
    expect(ids.at(-1)).toBe("live");
    await chat.platform.advance(RECOVERY.maxRoundPauseMs);
    expect(ids.filter((id) => id !== "live")).toEqual(
      stored.items.map(({ Id }) => `recovered ${String(Id)}`),
    );
    expect(outcomes.at(-1)).toEqual({ count: 150, complete: true });
  });

  test("are delivered to the handlers for their event types", async () => {
    const emitted = record(session, "message", "participantIdle", "participantJoined", "typing");
    await gap(() => {
      stored.storeEvent("participant.idle");
      stored.storeEvent("participant.joined");
      stored.store();
    });
    expect(emitted).toEqual(["participantIdle", "message", "participantJoined", "message"]);
  });

  test("are delivered before onMessagesRecovered, which fires before onConnectionEstablished", async () => {
    const emitted = record(
      session,
      "connectionLost",
      "connectionEstablished",
      "message",
      "messagesRecovered",
      "connectionStateChanged",
    );
    await gap(() => stored.store());
    expect(emitted).toEqual([
      "connectionStateChanged",
      "connectionLost",
      "connectionStateChanged",
      "message",
      "messagesRecovered",
      "connectionEstablished",
    ]);
  });

  test("are counted as zero if no message was missed, and onConnectionEstablished follows", async () => {
    const emitted = record(session, "connectionEstablished", "messagesRecovered");
    await stored.send();
    await gap(() => undefined);
    expect(emitted).toEqual(["messagesRecovered", "connectionEstablished"]);
    expect(outcomes).toEqual([{ count: 0, complete: true }]);
    expect(ids).toEqual(["stored-1"]);
  });

  test("are added to the session's transcript", async () => {
    const transcripts: unknown[] = [];
    session.onTranscriptUpdated(({ data }) => transcripts.push(data.transcript.map(({ Id }) => Id)));
    await stored.send();
    await gap(() => stored.store());
    expect(transcripts.at(-1)).toEqual(["stored-1", "stored-2"]);
  });

  test("aren't delivered if they belong to an earlier contact of a persistent chat", async () => {
    await gap(() => {
      stored.store({ ContactId: "another", InitialContactId: "another" });
      stored.store({ RelatedContactId: "another" });
      stored.store({ ContactId: "a later one", InitialContactId: chat.contactId });
      stored.store({ RelatedContactId: chat.contactId });
    });
    expect(ids).toEqual(["recovered stored-3", "recovered stored-4"]);
    expect(outcomes).toEqual([{ count: 2, complete: true }]);
  });

  test("aren't requested if recovery is switched off", async () => {
    chat.library.ChatSession.setGlobalConfig({ features: { messageRecovery: { enabled: false } } });
    const emitted = record(session, "connectionEstablished", "messagesRecovered");
    await gap(() => stored.store());
    expect(stored.calls).toHaveLength(0);
    expect(emitted).toEqual(["connectionEstablished"]);
    expect(ids).toEqual([]);
    await chat.receive(chat.item({ Id: "live" }));
    expect(ids).toEqual(["live"]);
  });
});

test("a session whose manager is terminated becomes broken", async () => {
  const manager = chat.library.WebSocketManager.create();
  const managedSession = chat.library.ChatSession.create({
    type: "CUSTOMER",
    chatDetails: { contactId: chat.contactId, participantId: "other", participantToken: "t" },
    websocketManager: manager,
    disableCSM: true,
  });
  const emitted: unknown[] = [];
  managedSession.onMessage(({ data }) => emitted.push(data.Id));
  void manager.init(() =>
    Promise.resolve({ webSocketTransport: { url: "wss://x", transportLifeTimeInSeconds: 3_540 } }),
  );
  await chat.platform.settle();
  await managedSession.connect();
  await chat.open();
  manager.terminateWebSocketManager("enough");
  await chat.platform.settle();
  expect(managedSession.connectionState).toBe("broken");
  managedSession.dispose();
});

describe("an item", () => {
  test("isn't delivered again if it was received live before the loss", async () => {
    await stored.send();
    await stored.send();
    await gap(() => stored.store());
    expect(ids).toEqual(["stored-1", "stored-2", "recovered stored-3"]);
  });

  test("isn't delivered again if it is received live after it was recovered", async () => {
    let lateItem: unknown;
    await gap(() => (lateItem = stored.store()));
    await chat.receive(lateItem);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("is delivered again if it changed during the gap", async () => {
    const attachment = (Status: string): Record<string, unknown> => ({
      Type: "ATTACHMENT",
      ContentType: "image/png",
      Content: undefined,
      Attachments: [{ AttachmentId: "a", Status }],
    });
    await stored.send(attachment("IN_PROGRESS"));
    await gap(() => Object.assign(stored.items[0] ?? {}, attachment("APPROVED")));
    expect(ids).toEqual(["stored-1", "recovered stored-1"]);
  });

  test("isn't delivered if the application fetched it itself, but later items are", async () => {
    await dropLink();
    stored.store();
    await session.getTranscript({ maxResults: 100 });
    stored.store();
    await restoreLink();
    await chat.platform.advance(0);
    expect(ids).toEqual(["recovered stored-2"]);
    await stored.send();
    expect(ids.at(-1)).toBe("stored-3");
  });

  test("is delivered once over many reconnections, and the cursor follows the recovered items", async () => {
    for (let round = 0; round < 20; round += 1) {
      // The gaps are as frequent as the client's request budget allows.
      await chat.advance(45 * SECOND);
      await stored.send();
      await gap(() => stored.store());
    }
    expect(ids.map((id) => id.replace("recovered ", ""))).toEqual(stored.items.map(({ Id }) => Id));
    const { StartPosition } = stored.calls.at(-1)?.body as { StartPosition: { AbsoluteTime: string } };
    expect(Date.parse(StartPosition.AbsoluteTime)).toBeGreaterThan(chat.platform.now() - 15 * SECOND);
  });
});

describe("live items", () => {
  test("wait for earlier missed messages, but typing events don't wait", async () => {
    const emitted = record(session, "typing");
    const response = deferred<Response>();
    await dropLink();
    stored.store();
    chat.service.next(TRANSCRIPT, () => response.promise);
    await restoreLink();
    await chat.platform.advance(0);
    const page = stored.respond(stored.calls.at(-1) ?? failWithoutCall());
    await chat.receive(chat.item({ Id: "live" }), chat.event("typing"));
    expect(ids).toEqual([]);
    expect(emitted).toEqual(["typing"]);
    response.resolve(page);
    await chat.platform.settle();
    expect(ids).toEqual(["recovered stored-1", "live"]);
  });

  test("wait for at most ten seconds and are then delivered, and the incomplete recovery continues", async () => {
    chat.platform.randomValue = 0.5;
    await dropLink();
    stored.store();
    chat.service.on(TRANSCRIPT, throttled);
    await restoreLink();
    await chat.receive(chat.item({ Id: "live" }));
    await chat.advance(9_900);
    expect(ids).toEqual([]);
    await chat.advance(200);
    expect(ids).toEqual(["live"]);
    expect(outcomes).toEqual([{ count: 0, complete: false }]);
    await chat.receive(chat.item({ Id: "another" }));
    expect(ids).toEqual(["live", "another"]);
    chat.service.on(TRANSCRIPT, (call) => stored.respond(call));
    await chat.advance(120 * SECOND);
    expect(ids).toEqual(["live", "another", "recovered stored-1"]);
    expect(outcomes).toEqual([
      { count: 0, complete: false },
      { count: 1, complete: true },
    ]);
  });

  test("are delivered once if the recovery also fetched them", async () => {
    const response = deferred<Response>();
    await dropLink();
    chat.service.next(TRANSCRIPT, () => response.promise);
    await restoreLink();
    await chat.platform.advance(0);
    await stored.send();
    response.resolve(stored.respond(stored.calls.at(-1) ?? failWithoutCall()));
    await chat.platform.settle();
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("are delivered with the next recovery if they are still waiting when the link is lost again", async () => {
    await restoreLinkWithoutTranscript();
    await stored.send();
    await dropLink();
    chat.service.on(TRANSCRIPT, (call) => stored.respond(call));
    await restoreLink();
    await chat.platform.advance(SECOND);
    expect(ids).toEqual(["recovered stored-1", "recovered stored-2"]);
  });

  test("are delivered after ten seconds if they are from an earlier link, and the new link's items keep waiting", async () => {
    await restoreLinkWithoutTranscript();
    await chat.receive(chat.item({ Id: "old" }));
    await dropLink();
    const response = deferred<Response>();
    chat.service.on(TRANSCRIPT, () => response.promise);
    await restoreLink();
    await chat.platform.advance(SECOND);
    await chat.receive(chat.item({ Id: "new" }));
    expect(ids).toEqual([]);
    await chat.advance(9 * SECOND);
    expect(ids).toEqual(["old"]);
    expect(outcomes).toEqual([{ count: 0, complete: false }]);
    response.resolve(stored.respond(stored.calls.at(-1) ?? failWithoutCall()));
    await chat.platform.settle();
    expect(ids).toEqual(["old", "recovered stored-1", "new"]);
  });

  test("are delivered if their ten seconds end before the next link's recovery begins, and that recovery is incomplete", async () => {
    await restoreLinkWithoutTranscript();
    await chat.receive(chat.item({ Id: "old" }));
    const heldAt = chat.platform.time;
    await dropLink();
    chat.service.on(TRANSCRIPT, (call) => stored.respond(call));
    await chat.nextSocket(60 * SECOND);
    await chat.platform.advance(heldAt + 9_990 - chat.platform.time);
    chat.platform.socket.open();
    chat.acceptSubscription();
    await chat.receive(chat.item({ Id: "new" }));
    expect(ids).toEqual([]);
    await chat.platform.advance(50);
    expect(ids).toEqual(["old"]);
    expect(outcomes).toEqual([{ count: 0, complete: false }]);
    await chat.platform.advance(SECOND);
    expect(ids).toEqual(["old", "recovered stored-1", "new"]);
  });

  test("are delivered before the end if they are still waiting when the session learns that the chat has ended", async () => {
    const emitted = record(session, "ended");
    chat.platform.randomValue = 0.5;
    await chat.advance(120 * SECOND);
    await dropLink();
    chat.service.on(TRANSCRIPT, cutNetwork);
    await restoreLink();
    await chat.receive(chat.item({ Id: "last words" }));
    await chat.advance(9 * SECOND);
    expect(ids).toEqual([]);
    chat.service.endChat();
    chat.platform.time += 120 * SECOND;
    await dropLink();
    await chat.platform.advance(2 * SECOND);
    expect(ids).toEqual(["last words", ""]);
    expect(emitted).toEqual(["ended"]);
  });
});

describe("a recovery", () => {
  test.each([
    ["a network error", cutNetwork],
    ["a 503", () => errorResponse(503, "InternalServerException")],
    ["a 429", throttled],
    ["a proxy's error page", () => new Response("<html>", { status: 200 })],
  ])("is retried after %s until it succeeds", async (_, responder: Responder) => {
    chat.platform.randomValue = 0.9;
    await dropLink();
    stored.store();
    chat.service.on(TRANSCRIPT, responder);
    await restoreLink();
    await chat.advance(5 * 60 * SECOND);
    const attempts = stored.calls.length;
    expect(attempts).toBeGreaterThan(2);
    expect(attempts).toBeLessThan(40);
    expect(ids).toEqual([]);
    chat.service.on(TRANSCRIPT, (call) => stored.respond(call));
    await chat.advance(2 * 60 * SECOND);
    expect(ids).toEqual(["recovered stored-1"]);
    expect(outcomes.at(-1)).toEqual({ count: 1, complete: true });
  });

  test("waits for a 429's Retry-After", async () => {
    await dropLink();
    chat.service.next(TRANSCRIPT, () => errorResponse(429, "ThrottlingException", { "retry-after": "5" }));
    await restoreLink();
    await chat.advance(4_900);
    expect(stored.calls).toHaveLength(1);
    await chat.advance(200);
    expect(stored.calls).toHaveLength(2);
  });

  test("continues after a 403 whose token renewal failed with 503s", async () => {
    chat.platform.randomValue = 0.5;
    await dropLink();
    stored.store();
    await restoreLink();
    chat.service.next(TRANSCRIPT, () => errorResponse(403, "AccessDeniedException"));
    const busy: Responder = () => errorResponse(503, "InternalServerException");
    chat.service.next(CONNECTION, busy, busy, busy);
    await chat.advance(30 * SECOND);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("is reported as incomplete if the service rejects it, and the next recovery starts at the same position", async () => {
    await stored.send();
    const positions: unknown[] = [];
    chat.service.on(TRANSCRIPT, ({ body }) => {
      positions.push(body["StartPosition"]);
      return errorResponse(404, "ResourceNotFoundException");
    });
    await gap(() => stored.store());
    expect(outcomes).toEqual([{ count: 0, complete: false }]);
    await stored.send();
    chat.service.on(TRANSCRIPT, (call) => {
      positions.push(call.body["StartPosition"]);
      return stored.respond(call);
    });
    await gap(() => stored.store());
    expect(positions[1]).toEqual(positions[0]);
    expect(ids).toEqual(["stored-1", "stored-3", "recovered stored-2", "recovered stored-4"]);
  });

  test("starts over if another loss interrupts it, and connectionLost and connectionEstablished fire only once", async () => {
    const emitted = record(session, "connectionLost", "connectionEstablished");
    await dropLink();
    stored.store();
    chat.service.on(TRANSCRIPT, () => new Promise<Response>(() => undefined));
    await restoreLink();
    await chat.platform.advance(SECOND);
    await dropLink();
    stored.store();
    chat.service.on(TRANSCRIPT, (call) => stored.respond(call));
    await restoreLink();
    await chat.platform.advance(0);
    expect(ids).toEqual(["recovered stored-1", "recovered stored-2"]);
    expect(emitted).toEqual(["connectionLost", "connectionEstablished"]);
  });

  test("continues after the first page if it is interrupted before the second page", async () => {
    await dropLink();
    for (let number = 0; number < 150; number += 1) {
      chat.platform.time += 1_000;
      stored.store();
    }
    chat.service.next(
      TRANSCRIPT,
      (call) => stored.respond(call),
      () => new Promise<Response>(() => undefined),
    );
    await restoreLink();
    await chat.platform.advance(0);
    expect(ids).toHaveLength(100);
    await dropLink();
    await restoreLink();
    await chat.platform.advance(0);
    expect(ids).toEqual(stored.items.map(({ Id }) => `recovered ${String(Id)}`));
  });

  test("delays onConnectionEstablished by at most three seconds", async () => {
    const emitted = record(session, "connectionEstablished");
    chat.platform.randomValue = 0.5;
    await dropLink();
    chat.service.on(TRANSCRIPT, throttled);
    await restoreLink();
    await chat.platform.advance(2_900);
    expect(emitted).toEqual([]);
    await chat.platform.advance(200);
    expect(emitted).toEqual(["connectionEstablished"]);
  });

  test("is stopped by reset(), which leaves nothing running and drops held items", async () => {
    chat.platform.randomValue = 0.5;
    await dropLink();
    chat.service.on(TRANSCRIPT, throttled);
    await restoreLink();
    await chat.receive(chat.item());
    await chat.platform.advance(SECOND);
    await session.reset();
    expect(chat.leftovers).toEqual(NOTHING_LEFT);
    expect(ids).toEqual([]);
  });

  test("begins after a random delay, so that clients don't all send requests at the same moment", async () => {
    chat.platform.randomValue = 0.5;
    await dropLink();
    await restoreLink();
    await chat.platform.advance(RECOVERY.jitterMs / 2 - 1);
    expect(stored.calls).toHaveLength(0);
    await chat.platform.advance(1);
    expect(stored.calls).toHaveLength(1);
  });
});

describe("a chat.ended in a gap", () => {
  test("is delivered after earlier missed messages, and then ended fires", async () => {
    const emitted = record(session, "message", "ended", "connectionEstablished", "connectionBroken");
    await gap(() => {
      stored.store();
      stored.storeEvent("chat.ended", { Id: "end" });
    });
    await chat.platform.settle();
    expect(ids).toEqual(["recovered stored-1", "end"]);
    expect(emitted).toEqual(["message", "message", "ended"]);
    expect(session.connectionState).toBe("ended");
  });
});

describe("REL-34: a damaged frame", () => {
  const damage = (): void => chat.platform.socket.receive({ topic: "aws/chat", content: '{"Id": "1", "Ty' });

  test("starts a recovery a moment later, and live items wait for the recovery", async () => {
    await stored.send();
    stored.store();
    damage();
    await stored.send();
    expect(ids).toEqual(["stored-1"]);
    await chat.platform.advance(RECOVERY.debounceMs);
    expect(ids).toEqual(["stored-1", "recovered stored-2", "recovered stored-3"]);
    expect(outcomes).toEqual([{ count: 2, complete: true }]);
  });

  test("starts only one recovery, even if many more damaged frames follow", async () => {
    for (let number = 0; number < 10; number += 1) damage();
    chat.platform.socket.receive("no JSON");
    await chat.platform.advance(SECOND);
    expect(stored.calls).toHaveLength(1);
  });

  test("starts another recovery if it arrives during a recovery", async () => {
    const response = deferred<Response>();
    chat.service.next(TRANSCRIPT, () => response.promise);
    damage();
    await chat.platform.advance(RECOVERY.debounceMs);
    stored.store();
    damage();
    response.resolve(json({ InitialContactId: chat.contactId, Transcript: [] }));
    await chat.platform.advance(5 * SECOND);
    expect(ids).toEqual(["recovered stored-1"]);
  });

  test("starts recoveries less and less often if damaged frames keep arriving and nothing is missing", async () => {
    for (let second = 0; second < 600; second += 1) {
      damage();
      await chat.advance(SECOND);
    }
    expect(stored.calls.length).toBeLessThan(25);
    expect(stored.calls.length).toBeGreaterThan(8);
    // Live items don't wait for these recoveries.
    await chat.receive(chat.item({ Id: "live" }));
    await chat.advance(SECOND);
    expect(ids).toEqual(["live"]);
  });

  test("isn't assumed when the link is lost, so no request is sent before the link is restored", async () => {
    await dropLink();
    await chat.platform.advance(SECOND);
    expect(stored.calls).toHaveLength(0);
  });
});

describe("missed receipts", () => {
  const receipts: string[] = [];
  const at = (AbsoluteTime: string): Record<string, unknown> => ({ AbsoluteTime });

  beforeEach(() => {
    receipts.length = 0;
    session.onReadReceipt(({ data, recovered }) =>
      receipts.push(`read ${data.MessageMetadata?.MessageId ?? ""} ${String(recovered)}`),
    );
    session.onDeliveredReceipt(({ data, recovered }) =>
      receipts.push(`delivered ${data.MessageMetadata?.MessageId ?? ""} ${String(recovered)}`),
    );
  });

  const send = async (): Promise<string> => {
    const { data } = await session.sendMessage({ message: "hi", contentType: "text/plain" });
    const { Id, AbsoluteTime } = data;
    stored.items.push(
      chat.item({ Id, ParticipantId: "me", ParticipantRole: "CUSTOMER", ...at(AbsoluteTime) }),
    );
    return Id;
  };

  const addReceipt = (message: number, times: Record<string, string>): void => {
    Object.assign(stored.items[message] ?? {}, {
      MessageMetadata: {
        MessageId: stored.items[message]?.["Id"],
        Receipts: [{ RecipientParticipantId: "them", ...times }],
      },
    });
  };

  test("are found in the newest page, even for an older message, and are delivered once", async () => {
    const id = await send();
    await chat.advance(60 * SECOND);
    await stored.send();
    await gap(() => addReceipt(0, { ReadTimestamp: "2026-01-01T00:01:30.000Z" }));
    expect(receipts).toEqual([`read ${id} true`]);
    expect(outcomes).toEqual([{ count: 0, complete: true }]);
    await gap(() => undefined);
    expect(receipts).toHaveLength(1);
  });

  test("aren't delivered again if they were received live, and a read receipt replaces a delivered receipt", async () => {
    const id = await send();
    const DeliveredTimestamp = "2026-01-01T00:00:10.000Z";
    const liveReceipt = chat.item({
      Id: "r",
      Type: "MESSAGEMETADATA",
      ContentType: `${EVENT}message.metadata`,
      MessageMetadata: { MessageId: id, Receipts: [{ RecipientParticipantId: "them", DeliveredTimestamp }] },
    });
    await chat.receive(liveReceipt, liveReceipt);
    expect(receipts).toEqual([`delivered ${id} undefined`]);
    await gap(() => addReceipt(0, { DeliveredTimestamp }));
    expect(receipts).toHaveLength(1);
    await gap(() => addReceipt(0, { DeliveredTimestamp, ReadTimestamp: "2026-01-01T00:00:20.000Z" }));
    expect(receipts).toEqual([`delivered ${id} undefined`, `read ${id} true`]);
  });

  test("are delivered if they are stored as transcript items, except the participant's own receipts", async () => {
    const id = await send();
    const receipt = (RecipientParticipantId: string): Record<string, unknown> => ({
      Type: "MESSAGEMETADATA",
      ContentType: `${EVENT}message.metadata`,
      Content: undefined,
      MessageMetadata: {
        MessageId: id,
        Receipts: [{ RecipientParticipantId, ReadTimestamp: "2026-01-01T00:00:10.000Z" }],
      },
    });
    await gap(() => {
      stored.store(receipt("them"));
      stored.store(receipt("me"));
    });
    expect(receipts).toEqual([`read ${id} true`]);
    expect(outcomes).toEqual([{ count: 1, complete: true }]);
  });
});

describe("a bot's answer that streams across a gap", () => {
  const piece = (
    ChunkNumber: number,
    Content: string,
    MessageCompleted = false,
  ): Record<string, unknown> => ({
    Id: "answer",
    ParticipantRole: "SYSTEM",
    Content,
    MessageMetadata: { MessageCompleted, ChunkNumber },
  });
  let texts: string[];

  beforeEach(() => {
    texts = [];
    session.onMessage(({ data }) => texts.push(data.Content ?? ""));
  });

  test("holds back the cursor, is delivered as far as it is stored, and continues with the next piece", async () => {
    await stored.send(piece(1, "Hel"));
    await chat.advance(60 * SECOND);
    await stored.send({ Id: "other" });
    await gap(() => Object.assign(stored.items[0] ?? {}, piece(3, "Hello, ")));
    expect(texts).toEqual(["Hel", "text of stored-2", "Hello, "]);
    await chat.receive(chat.item(piece(4, "world")));
    expect(texts.at(-1)).toBe("Hello, world");
  });

  test("isn't delivered again if all its pieces were delivered live", async () => {
    await stored.send(piece(1, "Hel"));
    await chat.receive(chat.item(piece(2, "lo")));
    await gap(() => Object.assign(stored.items[0] ?? {}, piece(2, "Hello")));
    expect(texts).toEqual(["Hel", "Hello"]);
  });

  test("is delivered in full, once, if it was completed during the gap", async () => {
    await stored.send(piece(1, "Hel"));
    await gap(() => Object.assign(stored.items[0] ?? {}, piece(4, "Hello!", true)));
    expect(texts).toEqual(["Hel", "Hello!"]);
    await gap(() => undefined);
    expect(texts).toHaveLength(2);
  });
});

function failWithoutCall(): never {
  throw new Error("GetTranscript was not called.");
}
