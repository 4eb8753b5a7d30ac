import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../../src/api/session";
import type { Zone } from "../../../src/util/zone";
import { ChatUnderTest, NOTHING_LEFT } from "../../support/chat-under-test";
import type { FakePlatform } from "../../support/fake-platform";
import { ManagerUnderTest } from "../../support/manager-under-test";

/** Imitates a zone of zone.js: code that runs in the zone sees the zone as the current zone. */
class FakeZone implements Zone {
  readonly name: string;
  readonly parent: FakeZone | null;
  readonly #platform: FakePlatform;

  constructor(platform: FakePlatform, name: string, parent: FakeZone | null) {
    this.#platform = platform;
    this.name = name;
    this.parent = parent;
  }

  run<Result>(callback: () => Result): Result {
    const outer = this.#platform.zone;
    this.#platform.zone = this;
    try {
      return callback();
    } finally {
      this.#platform.zone = outer;
    }
  }
}

/** Creates the page's zones. Code runs in the root zone unless it is run in another zone. */
function zonesOf(platform: FakePlatform): { root: FakeZone; angular: FakeZone; other: FakeZone } {
  const root = new FakeZone(platform, "<root>", null);
  platform.zone = root;
  return {
    root,
    angular: new FakeZone(platform, "angular", root),
    other: new FakeZone(platform, "other", root),
  };
}

let chat: ChatUnderTest;
let session: CustomerChatSession;
let zones: ReturnType<typeof zonesOf>;
/** The name of the zone that each handler ran in. */
let zoneNames: string[];

const currentZoneName = (): string =>
  chat.platform.zone instanceof FakeZone ? chat.platform.zone.name : "none";
const recordZone = (): void => void zoneNames.push(currentZoneName());

beforeEach(() => {
  chat = new ChatUnderTest();
  zones = zonesOf(chat.platform);
  zoneNames = [];
  session = chat.customer();
});

afterEach(() => {
  session.dispose();
  expect(chat.leftovers).toEqual(NOTHING_LEFT);
});

describe("on a page with zone.js", () => {
  test("a handler runs in the zone where it was added, whether a frame, a call or a timer triggers the event", async () => {
    await chat.connected(session);
    zones.angular.run(() => {
      session.onMessage(recordZone);
      session.onTranscriptUpdated(recordZone);
      session.onConnectionLost(recordZone);
    });
    await chat.receive(chat.item());
    expect(zoneNames).toEqual(["angular", "angular"]);

    await session.sendMessage({ message: "mine", contentType: "text/plain" });
    await chat.platform.settle();
    expect(zoneNames).toEqual(["angular", "angular", "angular", "angular"]);

    // The server no longer answers heartbeats, so a timer finds that the link is dead.
    await chat.platform.advance(20_000);
    expect(zoneNames).toEqual(["angular", "angular", "angular", "angular", "angular"]);
  });

  test.each(["subscribe", "on", "once"] as const)(
    "a handler that controller.%s adds runs in the zone where it was added",
    async (method) => {
      await chat.connected(session);
      const { controller } = session;
      zones.angular.run(() => {
        if (method === "subscribe") controller.subscribe("INCOMING_MESSAGE", recordZone);
        else controller[method]("message", recordZone);
      });
      await chat.receive(chat.item());
      expect(zoneNames).toEqual(["angular"]);
    },
  );

  test("a handler that is added in the root zone runs in the zone of connect()", async () => {
    session.onMessage(recordZone);
    zones.other.run(() => session.onMessage(recordZone));
    await zones.angular.run(() => chat.connected(session));
    session.onMessage(recordZone);
    await chat.receive(chat.item());
    expect(zoneNames).toEqual(["angular", "other", "angular"]);
  });

  test("another connect() call from the root zone doesn't change any handler's zone", async () => {
    session.onMessage(recordZone);
    await zones.angular.run(() => chat.connected(session));
    await session.connect();
    await chat.receive(chat.item());
    expect(zoneNames).toEqual(["angular"]);
  });

  test("handlers stay in the root zone if connect() was called in the root zone, even if another zone triggers the event", async () => {
    session.onMessage(recordZone);
    await chat.connected(session);
    zones.angular.run(() => chat.send(chat.item()));
    expect(zoneNames).toEqual(["<root>"]);
  });

  test("a handler that throws in its zone, and a zone that throws, are logged and don't affect other handlers", async () => {
    chat.library.ChatSession.setGlobalConfig({ loggerConfig: { useDefaultLogger: true, level: "ERROR" } });
    await chat.connected(session);
    const brokenZone = new FakeZone(chat.platform, "broken", zones.root);
    brokenZone.run(() => session.onMessage(recordZone));
    brokenZone.run = () => {
      throw new RangeError("the zone is closed");
    };
    zones.angular.run(() => {
      session.onMessage(() => {
        throw new TypeError("the handler failed");
      });
      session.onMessage(recordZone);
    });
    await chat.receive(chat.item());
    expect(zoneNames).toEqual(["angular"]);
    const lines = chat.platform.printed.map(({ line }) => line);
    expect(lines.filter((line) => line.includes("A handler failed"))).toHaveLength(2);
  });

  test("a failing async handler is logged even if its promise isn't an instance of the page's Promise", async () => {
    chat.library.ChatSession.setGlobalConfig({ loggerConfig: { useDefaultLogger: true, level: "ERROR" } });
    await chat.connected(session);
    const rejectedPromise = Promise.reject(new RangeError("the handler failed"));
    // zone.js replaces Promise, and native async functions don't return instances of zone.js's class.
    session.onMessage(() => ({ then: rejectedPromise.then.bind(rejectedPromise) }));
    await chat.receive(chat.item());
    const lines = chat.platform.printed.map(({ line }) => line);
    expect(lines).toEqual([expect.stringContaining("A handler failed")]);
  });

  test("an upload's progress is reported in the zone of the call", async () => {
    await chat.connected(session);
    const attachment = new File(["text"], "note.txt", { type: "text/plain" });
    await zones.angular.run(() => session.sendAttachment({ attachment, onProgress: recordZone }));
    expect([...new Set(zoneNames)]).toEqual(["angular"]);
  });
});

test("without zone.js, handlers run outside any zone", async () => {
  chat.platform.zone = null;
  session.onMessage(recordZone);
  await chat.connected(session);
  await chat.receive(chat.item());
  expect(zoneNames).toEqual(["none"]);
});

test("callbacks of connect.WebSocketManager run in the zone where they were added", async () => {
  const harness = new ManagerUnderTest();
  const { angular } = zonesOf(harness.platform);
  const names: unknown[] = [];
  const recordManagerZone = (): void =>
    void names.push(harness.platform.zone instanceof FakeZone && harness.platform.zone.name);
  angular.run(() => {
    harness.manager.onConnectionGain(recordManagerZone);
    harness.manager.onMessage("custom", recordManagerZone);
  });
  harness.manager.onMessage("custom", recordManagerZone);
  const socket = await harness.up();
  angular.run(() => socket.receive({ topic: "custom", content: {} }));
  expect(names).toEqual(["angular", "angular", "<root>"]);
  harness.manager.closeWebSocket();
});
