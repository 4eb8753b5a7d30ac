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

/** What causes each event that is not an item with a content type of its own; `connected` is the case already. */
const CAUSES: Partial<
  Readonly<Record<ChatEventName, readonly [when: string, cause: (page: Page) => unknown]>>
> = {
  message: [
    "each item without a dedicated event: messages, attachments, who joins and leaves, unknown types",
    (page) => page.chat.receive(page.chat.item()),
  ],
  readReceipt: ["another has read a message", (page) => receipt(page, "ReadTimestamp")],
  deliveredReceipt: ["another was given a message", (page) => receipt(page, "DeliveredTimestamp")],
  ended: ["the chat has ended, once", (page) => page.chat.receive(page.chat.event("chat.ended"))],
  connectionEstablished: ["the link is open and subscribed, once each time", () => undefined],
  connectionLost: ["the link dropped and is being restored", (page) => page.chat.platform.socket.end(1006)],
  deepHeartbeatSuccess: [
    "the answer to `aws/ping`",
    (page) => page.chat.platform.socket.receive({ topic: PING, statusCode: 200, statusContent: "OK" }),
  ],
  deepHeartbeatFailure: [
    "the answer to `aws/ping` is a failure, or there is none",
    (page) => page.chat.platform.socket.receive({ topic: PING, statusCode: 500, statusContent: "Down" }),
  ],
  transcriptUpdated: [
    "the whole transcript, sorted, without duplicates, own messages in flight included",
    (page) => page.chat.receive(page.chat.item()),
  ],
  messagesRecovered: [
    "ours: the messages missed while the link was down have been delivered",
    async (page) => {
      page.chat.platform.socket.end(1006);
      await page.chat.nextSocket(5_000);
      await page.chat.open();
      await page.chat.advance(10_000);
    },
  ],
  connectionStateChanged: ["ours: each change of `connectionState`", () => undefined],
};

type Told = { readonly data: unknown; readonly name: string };

const idsOf = (told: readonly Told[]): unknown[] =>
  told.map(({ data }) => (data as { Id?: unknown } | null)?.Id);

/** A link that is lost comes back. */
async function back(page: Page): Promise<void> {
  page.chat.platform.socket.end(1006);
  await page.chat.nextSocket(5_000);
  await page.chat.open();
  await page.chat.advance(10_000);
}

/** What more a row's sentence says: `told` has all that the handler was given, and goes on growing. */
const SHOWN: Partial<
  Readonly<
    Record<ChatEventName, (page: Page, told: readonly Told[], session: CustomerChatSession) => unknown>
  >
> = {
  message: async (page, told) => {
    const { chat } = page;
    await chat.receive(
      chat.item({ Id: "file", Type: "ATTACHMENT", ContentType: "application/pdf" }),
      chat.event("participant.joined", { Id: "joined" }),
      chat.event("participant.left", { Id: "left" }),
      chat.item({ Id: "unknown", Type: "NEW", ContentType: "application/new" }),
      chat.event("typing", { Id: "typing" }),
    );
    expect(idsOf(told)).toEqual(["item-1", "file", "joined", "left", "unknown"]);
    expect(told[0]?.data).toEqual(JSON.parse(JSON.stringify(chat.item())));
  },
  readReceipt: (page, told) => ownReceiptIsNone(page, "ReadTimestamp", told),
  deliveredReceipt: (page, told) => ownReceiptIsNone(page, "DeliveredTimestamp", told),
  ended: async (page, told, session) => {
    await page.chat.receive(page.chat.event("chat.ended", { Id: "again" }));
    expect(told.map(({ data }) => data)).toEqual([null]);
    expect(session.connectionState).toBe("ended");
  },
  connectionEstablished: async (page, told) => {
    expect(told).toHaveLength(1);
    page.chat.platform.socket.end(1006);
    await page.chat.nextSocket(5_000);
    page.chat.platform.socket.open();
    await page.chat.platform.settle();
    expect(told).toHaveLength(1);
    page.chat.answerSubscription();
    await page.chat.advance(5_000);
    expect(told.map(({ data }) => data)).toEqual([{}, {}]);
  },
  connectionLost: async (page, told, session) => {
    expect(told.map(({ data }) => data)).toEqual([{}]);
    expect(session.connectionState).toBe("reconnecting");
    await page.chat.nextSocket(5_000);
  },
  connectionBroken: (page, told, session) => {
    expect(told.map(({ data }) => data)).toEqual([{}]);
    expect(session.connectionState).toBe("broken");
    return terminated(page);
  },
  deepHeartbeatSuccess: (_page, told) => expect(told.map(({ data }) => data)).toEqual([{}]),
  deepHeartbeatFailure: async (page, told) => {
    expect(told).toHaveLength(1);
    const { platform } = page.chat;
    platform.socket.receive({ topic: "aws/heartbeat" });
    await platform.advance(10_000);
    platform.socket.receive({ topic: "aws/heartbeat" });
    await platform.advance(6_000);
    expect(told.map(({ data }) => data)).toEqual([{}, {}]);
  },
  transcriptUpdated: async (page, told, session) => {
    const { chat } = page;
    const earlier = chat.item({ Id: "earlier", AbsoluteTime: "2026-01-01T00:00:00.500Z" });
    await chat.receive(earlier, chat.item({ Content: "once more" }));
    const answer = deferred<Response>();
    chat.service.on("/participant/message", () => answer.promise);
    const sent = session.sendMessage({ message: "mine", contentType: "text/plain" });
    await chat.platform.settle();
    const data = told.at(-1)?.data as TranscriptSnapshot;
    expect(data.previousTranscriptNextToken).toBeNull();
    expect(data.transcript).toMatchObject([
      { Id: "earlier", serializedContent: JSON.stringify(earlier) },
      { Id: "item-1", Content: "once more" },
      { Content: "mine", AbsoluteTime: "", MessageMetadata: { Status: "SENDING" } },
    ]);
    answer.resolve(json({ Id: "sent", AbsoluteTime: "2026-01-01T00:00:02.000Z" }));
    await sent;
    await chat.platform.settle();
    const { transcript } = told.at(-1)?.data as TranscriptSnapshot;
    expect(transcript.at(-1)).toMatchObject({ Id: "sent", MessageMetadata: { Status: "SENT" } });
  },
  messagesRecovered: async (page, told, session) => {
    const ids: unknown[] = [];
    session.onMessage(({ data, recovered }) => ids.push([data.Id, recovered]));
    const Transcript = [page.chat.item({ Id: "missed", AbsoluteTime: "2026-01-01T00:01:00.000Z" })];
    page.chat.service.on("/participant/transcript", () => json({ InitialContactId: "c", Transcript }));
    await back(page);
    expect(told.at(-1)?.data).toEqual({ count: 1, complete: true });
    expect(ids).toEqual([["missed", true]]);
  },
  connectionStateChanged: async (page, told, session) => {
    await back(page);
    await page.chat.receive(page.chat.event("chat.ended"));
    const change = ({ data }: Told): string => {
      const { oldState, newState } = data as ConnectionStateChange;
      return `${oldState} ${newState}`;
    };
    expect(told.map(change)).toEqual([
      "idle connecting",
      "connecting connected",
      "connected reconnecting",
      "reconnecting connected",
      "connected ended",
    ]);
    expect(session.connectionState).toBe("ended");
  },
};

async function ownReceiptIsNone(page: Page, kind: string, told: readonly Told[]): Promise<void> {
  const RecipientParticipantId = page.chat.participantId;
  await page.chat.receive(
    page.chat.event("message.metadata", {
      Type: "MESSAGEMETADATA",
      MessageMetadata: { MessageId: "other", Receipts: [{ [kind]: "t", RecipientParticipantId }] },
    }),
  );
  expect(told.map(({ data }) => data)).toMatchObject([{ MessageMetadata: { MessageId: "m" } }]);
}

/** A session whose manager is terminated is broken. */
async function terminated(page: Page): Promise<void> {
  const chatDetails = { contactId: "other", participantId: "p", participantToken: "t" };
  const manager = page.library.WebSocketManager.create();
  const type = "CUSTOMER";
  const args = { type, chatDetails, websocketManager: manager, disableCSM: true } as const;
  const session = page.ChatSession.create(args);
  const names: string[] = [];
  session.onConnectionBroken((_event, name) => names.push(name));
  page.chat.service.on("/participant/connection", (call) => page.chat.service.ordinary(call));
  await session.connect();
  await page.chat.platform.settle();
  manager.terminateWebSocketManager("because");
  await page.chat.platform.settle();
  expect(names).toEqual(["CONNECTION_BROKEN"]);
}

async function happen(page: Page, session: CustomerChatSession, name: ChatEventName): Promise<void> {
  if (name === "connectionBroken") {
    page.chat.platform.refuseNextSocket();
    await session.connect();
  } else {
    await page.chat.connected(session);
    const cause = CAUSES[name]?.[1] ?? (() => page.chat.receive(page.chat.event(itemKindOf(name) ?? "")));
    await cause(page);
  }
  await page.chat.platform.settle();
}

const BROKEN = "the link is given up: its configuration is invalid, or its manager was terminated";

function rowsOf(name: ChatEventName): Record<string, Row> {
  const isUpstreams = CHAT_EVENTS[name].upstream !== null;
  const on = methodOf(name);
  const does =
    name === "connectionBroken"
      ? BROKEN
      : (CAUSES[name]?.[0] ?? `an item of type \`${itemKindOf(name) ?? ""}\``);
  const publicName = publicNameOf(name);
  const rows: Record<string, Row> = {
    [`session.${on}`]: row(does, async (page) => {
      const session = page.customer();
      const given: Told[] = [];
      const messages: unknown[] = [];
      session[on]((event, called) => given.push({ data: event.data, name: called }));
      if (name !== "message") session.onMessage(({ data }) => messages.push(data.Id));
      await happen(page, session, name);
      expect(given.map((each) => each.name)).toContain(publicName);
      const shown = SHOWN[name];
      if (shown) await shown(page, given, session);
      else {
        const item: unknown = JSON.parse(JSON.stringify(page.chat.event(itemKindOf(name) ?? "")));
        expect(given.map(({ data }) => data)).toEqual([item]);
        // An item with its own event isn't delivered as a message, unless its event is an additional one.
        expect(messages).toHaveLength(isUpstreams ? 0 : 1);
      }
    }),
  };
  if (isUpstreams) {
    rows[`subscribe.${publicName}`] = row(`as ${on}`, async (page) => {
      const session = page.customer();
      const names: string[] = [];
      session.controller.subscribe(publicName, (_event, given) => names.push(given));
      await happen(page, session, name);
      expect(names).toContain(publicName);
    });
  }
  return rows;
}

export const EVENT_ROWS: Rows = {
  ...Object.fromEntries(CHAT_EVENT_NAMES.flatMap((name) => Object.entries(rowsOf(name)))),
  "controller.subscribe": row("a handler by upstream's name of an event", async (page) => {
    const session = page.customer();
    const names: string[] = [];
    session.controller.subscribe("INCOMING_MESSAGE", (_event, given) => names.push(given));
    await happen(page, session, "message");
    expect(names).toEqual(["INCOMING_MESSAGE"]);
  }),
};
