import { expect } from "@jest/globals";
import {
  CHAT_EVENT_NAMES,
  CHAT_EVENTS,
  methodOf,
  type ChatEventName,
} from "../../../src/conversation/events";
import type { CustomerChatSession } from "../../../src/session/chat-session";
import { json } from "../../support/fake-service";
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
    "each item that has no event of its own: messages, attachments, who joins and leaves, unknown types",
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
    "ours: what was missed while the link was down has been told",
    async (page) => {
      page.chat.platform.socket.end(1006);
      await page.chat.nextSocket(5_000);
      await page.chat.open();
      await page.chat.advance(10_000);
    },
  ],
  connectionStateChanged: ["ours: each change of `connectionState`", () => undefined],
};

/** The content type of an item event, without what they all begin with. */
const shortType = (name: ChatEventName): string =>
  String(CHAT_EVENTS[name].contentType).split(".event.")[1] ?? "";

async function happen(page: Page, session: CustomerChatSession, name: ChatEventName): Promise<void> {
  if (name === "connectionBroken") {
    const Websocket = { Url: "ftp://nowhere", ConnectionExpiry: "" };
    const ConnectionCredentials = { ConnectionToken: "t", Expiry: "" };
    page.chat.service.on("/participant/connection", () => json({ Websocket, ConnectionCredentials }));
    await session.connect();
  } else {
    await page.chat.connected(session);
    const cause = CAUSES[name]?.[1] ?? (() => page.chat.receive(page.chat.event(shortType(name))));
    await cause(page);
  }
  await page.chat.platform.settle();
}

const BROKEN = "the link is given up: its configuration is invalid, or its manager was terminated";

function rowsOf(name: ChatEventName): Record<string, Row> {
  const { upstream } = CHAT_EVENTS[name];
  const on = methodOf(name);
  const does =
    name === "connectionBroken" ? BROKEN : (CAUSES[name]?.[0] ?? `an item of type \`${shortType(name)}\``);
  const told = upstream ?? name;
  const rows: Record<string, Row> = {
    [`session.${on}`]: row(does, async (page) => {
      const session = page.customer();
      const names: string[] = [];
      session[on]((_event, given) => names.push(given));
      await happen(page, session, name);
      expect(names).toContain(told);
    }),
  };
  if (upstream !== undefined) {
    rows[`subscribe.${upstream}`] = row(`as ${on}`, async (page) => {
      const session = page.customer();
      const names: string[] = [];
      session.controller.subscribe(upstream, (_event, given) => names.push(given));
      await happen(page, session, name);
      expect(names).toContain(upstream);
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
