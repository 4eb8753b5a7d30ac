import { expect } from "@jest/globals";
import type { ConnectionStateChange } from "../../../src/api/connection";
import type { ChatEventName } from "../../../src/api/events";
import type { CustomerChatSession } from "../../../src/api/session";
import {
  CHAT_EVENT_NAMES,
  CHAT_EVENTS,
  itemKindOf,
  methodOf,
  publicNameOf,
} from "../../../src/conversation/events";
import type { TranscriptSnapshot } from "../../../src/conversation/transcript";
import { deferred, json } from "../../support/fake-service";
import type { Page } from "../support/page";
import { row, type Row, type Rows } from "../support/row";

const PING = "aws/ping";

async function receipt(page: Page, kind: string): Promise<void> {
  await page.chat.receive(
    page.chat.event("message.metadata", {
      Type: "MESSAGEMETADATA",
      MessageMetadata: { MessageId: "m", Receipts: [{ [kind]: "t", RecipientParticipantId: "them" }] },
    }),
  );
}

/** The descriptions and causes of events without a dedicated content type. The causes run on a connected chat. */
const EVENT_CAUSES: Partial<
  Readonly<Record<ChatEventName, readonly [when: string, cause: (page: Page) => unknown]>>
> = {
  message: [
    "fires for each item without a dedicated event: messages, attachments, participants joining or leaving, unknown types",
    (page) => page.chat.receive(page.chat.item()),
  ],
  readReceipt: [
    "fires when another participant has read a message",
    (page) => receipt(page, "ReadTimestamp"),
  ],
  deliveredReceipt: [
    "fires when a message has been delivered to another participant",
    (page) => receipt(page, "DeliveredTimestamp"),
  ],
  ended: ["fires once, when the chat has ended", (page) => page.chat.receive(page.chat.event("chat.ended"))],
  connectionEstablished: ["fires once per connection, when the link is open and subscribed", () => undefined],
  connectionLost: [
    "fires when the link drops and is being restored",
    (page) => page.chat.platform.socket.end(1006),
  ],
  deepHeartbeatSuccess: [
    "fires when `aws/ping` succeeds",
    (page) => page.chat.platform.socket.receive({ topic: PING, statusCode: 200, statusContent: "OK" }),
  ],
  deepHeartbeatFailure: [
    "fires when `aws/ping` fails or receives no reply",
    (page) => page.chat.platform.socket.receive({ topic: PING, statusCode: 500, statusContent: "Down" }),
  ],
  transcriptUpdated: [
    "fires with the complete transcript, sorted and deduplicated, including outgoing messages in flight",
    (page) => page.chat.receive(page.chat.item()),
  ],
  messagesRecovered: [
    "ours: fires when the messages that were missed while the link was down have been delivered",
    async (page) => {
      page.chat.platform.socket.end(1006);
      await page.chat.nextSocket(5_000);
      await page.chat.open();
      await page.chat.advance(10_000);
    },
  ],
  connectionStateChanged: ["ours: fires at each change of `connectionState`", () => undefined],
};

type Emitted = { readonly data: unknown; readonly name: string };

const idsOf = (emitted: readonly Emitted[]): unknown[] =>
  emitted.map(({ data }) => (data as { Id?: unknown } | null)?.Id);

/** Drops the link and restores it. */
async function reconnect(page: Page): Promise<void> {
  page.chat.platform.socket.end(1006);
  await page.chat.nextSocket(5_000);
  await page.chat.open();
  await page.chat.advance(10_000);
}

/** Further checks of a row's description. `emitted` grows as the handler receives more events. */
const CHECKS: Partial<
  Readonly<
    Record<ChatEventName, (page: Page, emitted: readonly Emitted[], session: CustomerChatSession) => unknown>
  >
> = {
  message: async (page, emitted) => {
    const { chat } = page;
    await chat.receive(
      chat.item({ Id: "file", Type: "ATTACHMENT", ContentType: "application/pdf" }),
      chat.event("participant.joined", { Id: "joined" }),
      chat.event("participant.left", { Id: "left" }),
      chat.item({ Id: "unknown", Type: "NEW", ContentType: "application/new" }),
      chat.event("typing", { Id: "typing" }),
    );
    expect(idsOf(emitted)).toEqual(["item-1", "file", "joined", "left", "unknown"]);
    expect(emitted[0]?.data).toEqual(JSON.parse(JSON.stringify(chat.item())));
  },
  readReceipt: (page, emitted) => expectOwnReceiptIgnored(page, "ReadTimestamp", emitted),
  deliveredReceipt: (page, emitted) => expectOwnReceiptIgnored(page, "DeliveredTimestamp", emitted),
  ended: async (page, emitted, session) => {
    await page.chat.receive(page.chat.event("chat.ended", { Id: "again" }));
    expect(emitted.map(({ data }) => data)).toEqual([null]);
    expect(session.connectionState).toBe("ended");
  },
  connectionEstablished: async (page, emitted) => {
    expect(emitted).toHaveLength(1);
    page.chat.platform.socket.end(1006);
    await page.chat.nextSocket(5_000);
    page.chat.platform.socket.open();
    await page.chat.platform.settle();
    expect(emitted).toHaveLength(1);
    page.chat.acceptSubscription();
    await page.chat.advance(5_000);
    expect(emitted.map(({ data }) => data)).toEqual([{}, {}]);
  },
  connectionLost: async (page, emitted, session) => {
    expect(emitted.map(({ data }) => data)).toEqual([{}]);
    expect(session.connectionState).toBe("reconnecting");
    await page.chat.nextSocket(5_000);
  },
  connectionBroken: (page, emitted, session) => {
    expect(emitted.map(({ data }) => data)).toEqual([{}]);
    expect(session.connectionState).toBe("broken");
    return expectTerminatedBreaks(page);
  },
  deepHeartbeatSuccess: (_page, emitted) => expect(emitted.map(({ data }) => data)).toEqual([{}]),
  deepHeartbeatFailure: async (page, emitted) => {
    expect(emitted).toHaveLength(1);
    const { platform } = page.chat;
    platform.socket.receive({ topic: "aws/heartbeat" });
    await platform.advance(10_000);
    platform.socket.receive({ topic: "aws/heartbeat" });
    await platform.advance(6_000);
    expect(emitted.map(({ data }) => data)).toEqual([{}, {}]);
  },
  transcriptUpdated: async (page, emitted, session) => {
    const { chat } = page;
    const earlier = chat.item({ Id: "earlier", AbsoluteTime: "2026-01-01T00:00:00.500Z" });
    await chat.receive(earlier, chat.item({ Content: "again" }));
    const response = deferred<Response>();
    chat.service.on("/participant/message", () => response.promise);
    const sent = session.sendMessage({ message: "mine", contentType: "text/plain" });
    await chat.platform.settle();
    const data = emitted.at(-1)?.data as TranscriptSnapshot;
    expect(data.previousTranscriptNextToken).toBeNull();
    expect(data.transcript).toMatchObject([
      { Id: "earlier", serializedContent: JSON.stringify(earlier) },
      { Id: "item-1", Content: "again" },
      { Content: "mine", AbsoluteTime: "", MessageMetadata: { Status: "SENDING" } },
    ]);
    response.resolve(json({ Id: "sent", AbsoluteTime: "2026-01-01T00:00:02.000Z" }));
    await sent;
    await chat.platform.settle();
    const { transcript } = emitted.at(-1)?.data as TranscriptSnapshot;
    expect(transcript.at(-1)).toMatchObject({ Id: "sent", MessageMetadata: { Status: "SENT" } });
  },
  messagesRecovered: async (page, emitted, session) => {
    const ids: unknown[] = [];
    session.onMessage(({ data, recovered }) => ids.push([data.Id, recovered]));
    const Transcript = [page.chat.item({ Id: "missed", AbsoluteTime: "2026-01-01T00:01:00.000Z" })];
    page.chat.service.on("/participant/transcript", () => json({ InitialContactId: "c", Transcript }));
    await reconnect(page);
    expect(emitted.at(-1)?.data).toEqual({ count: 1, complete: true });
    expect(ids).toEqual([["missed", true]]);
  },
  connectionStateChanged: async (page, emitted, session) => {
    await reconnect(page);
    await page.chat.receive(page.chat.event("chat.ended"));
    const change = ({ data }: Emitted): string => {
      const { oldState, newState } = data as ConnectionStateChange;
      return `${oldState} ${newState}`;
    };
    expect(emitted.map(change)).toEqual([
      "idle connecting",
      "connecting connected",
      "connected reconnecting",
      "reconnecting connected",
      "connected ended",
    ]);
    expect(session.connectionState).toBe("ended");
  },
};

async function expectOwnReceiptIgnored(page: Page, kind: string, emitted: readonly Emitted[]): Promise<void> {
  const RecipientParticipantId = page.chat.participantId;
  await page.chat.receive(
    page.chat.event("message.metadata", {
      Type: "MESSAGEMETADATA",
      MessageMetadata: { MessageId: "other", Receipts: [{ [kind]: "t", RecipientParticipantId }] },
    }),
  );
  expect(emitted.map(({ data }) => data)).toMatchObject([{ MessageMetadata: { MessageId: "m" } }]);
}

/** Expects that a session's connection breaks when its manager is terminated. */
async function expectTerminatedBreaks(page: Page): Promise<void> {
  const chatDetails = { contactId: "other", participantId: "p", participantToken: "t" };
  const manager = page.library.WebSocketManager.create();
  const type = "CUSTOMER";
  const args = { type, chatDetails, websocketManager: manager, disableCSM: true } as const;
  const session = page.ChatSession.create(args);
  const names: string[] = [];
  session.onConnectionBroken((_event, name) => names.push(name));
  page.chat.service.on("/participant/connection", (call) => page.chat.service.defaultResponse(call));
  await session.connect();
  await page.chat.platform.settle();
  manager.terminateWebSocketManager("because");
  await page.chat.platform.settle();
  expect(names).toEqual(["CONNECTION_BROKEN"]);
}

async function trigger(page: Page, session: CustomerChatSession, name: ChatEventName): Promise<void> {
  if (name === "connectionBroken") {
    page.chat.platform.rejectNextSocket();
    await session.connect();
  } else {
    await page.chat.connected(session);
    const cause =
      EVENT_CAUSES[name]?.[1] ?? (() => page.chat.receive(page.chat.event(itemKindOf(name) ?? "")));
    await cause(page);
  }
  await page.chat.platform.settle();
}

const BROKEN =
  "fires when the link has failed permanently, because its configuration is invalid or its manager was terminated";

function rowsOf(name: ChatEventName): Record<string, Row> {
  const isUpstreams = CHAT_EVENTS[name].upstream !== null;
  const on = methodOf(name);
  const does =
    name === "connectionBroken"
      ? BROKEN
      : (EVENT_CAUSES[name]?.[0] ?? `fires for an item of type \`${itemKindOf(name) ?? ""}\``);
  const publicName = publicNameOf(name);
  const rows: Record<string, Row> = {
    [`session.${on}`]: row(does, async (page) => {
      const session = page.customer();
      const received: Emitted[] = [];
      const messages: unknown[] = [];
      session[on]((event, eventName) => received.push({ data: event.data, name: eventName }));
      if (name !== "message") session.onMessage(({ data }) => messages.push(data.Id));
      await trigger(page, session, name);
      expect(received.map((each) => each.name)).toContain(publicName);
      const check = CHECKS[name];
      if (check) await check(page, received, session);
      else {
        const item: unknown = JSON.parse(JSON.stringify(page.chat.event(itemKindOf(name) ?? "")));
        expect(received.map(({ data }) => data)).toEqual([item]);
        // Upstream's own events replace the message event. Events that only this library has are emitted in addition.
        expect(messages).toHaveLength(isUpstreams ? 0 : 1);
      }
    }),
  };
  if (isUpstreams) {
    rows[`subscribe.${publicName}`] = row(`same as ${on}`, async (page) => {
      const session = page.customer();
      const names: string[] = [];
      session.controller.subscribe(publicName, (_event, eventName) => names.push(eventName));
      await trigger(page, session, name);
      expect(names).toContain(publicName);
    });
  }
  return rows;
}

export const EVENT_ROWS: Rows = {
  ...Object.fromEntries(CHAT_EVENT_NAMES.flatMap((name) => Object.entries(rowsOf(name)))),
  "controller.subscribe": row("adds a handler by upstream's event name", async (page) => {
    const session = page.customer();
    const names: string[] = [];
    session.controller.subscribe("INCOMING_MESSAGE", (_event, eventName) => names.push(eventName));
    await trigger(page, session, "message");
    expect(names).toEqual(["INCOMING_MESSAGE"]);
  }),
};
