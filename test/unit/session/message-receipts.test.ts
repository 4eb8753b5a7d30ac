import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import { ChatUnderTest, EVENT, NOTHING_LEFT } from "../../support/chat-under-test";
import { errorResponse, rejection } from "../../support/fake-service";

const EVENTS = "/participant/event";
const CLIENT_TOKEN = "6f1f1d5e-6b1b-4b0e-8a38-000000000001";

let chat: ChatUnderTest;
let session: CustomerChatSession;

beforeEach(async () => {
  chat = new ChatUnderTest();
  session = await chat.connected(chat.customer());
});

afterEach(async () => {
  session.dispose();
  await chat.platform.settle();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

const sentReceipts = (): unknown[] => chat.service.to(EVENTS).map(({ body }) => body);

describe("sendMessageReceipt()", () => {
  test("sends each receipt immediately instead of in a batch, with the caller's idempotency token and metadata", async () => {
    const outcomes = [
      await session.sendMessageReceipt({ event: "delivered", messageId: "m", metadata: "mine" }),
      await session.sendMessageReceipt({ event: "read", messageId: "m", clientToken: CLIENT_TOKEN }),
      await session.sendMessageReceipt({ event: "read", message: { Id: "n" } }),
    ];
    expect(outcomes).toMatchObject([{ metadata: "mine" }, { metadata: null }, { metadata: null }]);
    expect(sentReceipts()).toEqual([
      {
        ContentType: `${EVENT}message.delivered`,
        Content: '{"messageId":"m"}',
        ClientToken: expect.any(String),
      },
      { ContentType: `${EVENT}message.read`, Content: '{"messageId":"m"}', ClientToken: CLIENT_TOKEN },
      {
        ContentType: `${EVENT}message.read`,
        Content: '{"messageId":"n"}',
        ClientToken: expect.any(String),
      },
    ]);
  });

  test("prevents a second receipt for the same message through sendEvent()", async () => {
    await session.sendMessageReceipt({ event: "read", messageId: "m" });
    const content = { messageId: "m", disableThrottle: true };
    expect(await session.sendEvent({ contentType: `${EVENT}message.read`, content })).toEqual({
      message: "Event already fired",
      metadata: null,
    });
    expect(sentReceipts()).toHaveLength(1);
  });

  test.each([
    ["an unknown event", { event: "seen", messageId: "m", metadata: "mine" }],
    ["no message ID", { event: "read", metadata: "mine" }],
  ])("with %s rejects with errorMessage and the arguments, and sends nothing", async (_what, invalidArgs) => {
    const args = JSON.parse(JSON.stringify(invalidArgs)) as Parameters<typeof session.sendMessageReceipt>[0];
    expect(await rejection(session.sendMessageReceipt(args))).toMatchObject({
      code: "IllegalArgument",
      errorMessage: expect.any(String),
      data: invalidArgs,
      metadata: "mine",
    });
    expect(sentReceipts()).toEqual([]);
  });

  test("rejects with the service's error if the service rejects the receipt", async () => {
    chat.service.on(EVENTS, () => errorResponse(409, "ConflictException"));
    expect(await rejection(session.sendMessageReceipt({ event: "read", messageId: "m" }))).toMatchObject({
      type: "ConflictException",
      statusCode: 409,
    });
  });
});
