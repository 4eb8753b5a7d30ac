import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { until } from "../integration/support/wait";
import { useSharedPage, REGION, type AgentPage } from "./support/agent-page";
import { describeInBrowser } from "./support/chromium";

jest.setTimeout(60_000);

describeInBrowser("Streams' socket manager", () => {
  let agent: AgentPage;
  useSharedPage((page) => (agent = page));

  /** Counts the library's active subscriptions in the page, and records errors thrown by its callbacks. */
  const watchManager = (): Promise<void> =>
    agent.page.evaluate(() => {
      const watched = { live: 0, thrown: [] as string[] };
      window.saved.push(watched);
      const manager = window.connect.core.getWebSocketManager();
      for (const name of Object.keys(manager).filter((each) => each.startsWith("on"))) {
        const subscribe = manager[name];
        if (typeof subscribe !== "function") continue;
        manager[name] = (...args: unknown[]): unknown => {
          const callback = args.pop();
          const guarded = (...payload: unknown[]): void => {
            try {
              if (typeof callback === "function") Reflect.apply(callback, undefined, payload);
            } catch (error) {
              watched.thrown.push(String(error));
            }
          };
          const unsubscribe: unknown = Reflect.apply(subscribe, manager, [...args, guarded]);
          watched.live += 1;
          return () => {
            watched.live -= 1;
            if (typeof unsubscribe === "function") Reflect.apply(unsubscribe, undefined, []);
          };
        };
      }
    });

  test("has no init() and no closeWebSocket(), and doesn't report an earlier connection gain again", async () => {
    await agent.load("streams", "chatjs");
    await agent.start();
    const contact = agent.nextContact();
    await agent.join(contact);
    await agent.untilEmitted(contact, "connectionEstablished");
    const seen = await agent.page.evaluate(() => {
      const manager = window.connect.core.getWebSocketManager();
      const emitted: string[] = [];
      const names = Object.keys(manager);
      const returned = names
        .filter((name) => name.startsWith("on"))
        .map((name) => {
          const subscribe = manager[name];
          const args = name === "onMessage" ? ["a topic"] : [];
          return typeof subscribe === "function"
            ? typeof Reflect.apply(subscribe, manager, [...args, () => emitted.push(name)])
            : "missing";
        });
      return { names, emitted, returned: [...new Set(returned)] };
    });
    expect(seen.names.sort()).toEqual([
      "onAllMessage",
      "onConnectionClose",
      "onConnectionGain",
      "onConnectionLost",
      "onConnectionOpen",
      "onDeepHeartbeatFailure",
      "onDeepHeartbeatSuccess",
      "onInitFailure",
      "onMessage",
      "onSubscriptionFailure",
      "onSubscriptionUpdate",
      "onTopicFailure",
      "sendMessage",
      "subscribeTopics",
    ]);
    expect(seen).toMatchObject({ emitted: [], returned: ["function"] });
    // The session still reports the connection, although the socket was open before the session existed.
    expect(await agent.emitted(contact, "connectionEstablished")).toHaveLength(1);
  });

  test.each<[string, "missing" | "throwing"]>([
    ["are missing, as before 2.17", "missing"],
    ["throw a TypeError, as in 2.17 and 2.18", "throwing"],
  ])("works even if its deep-heartbeat methods %s", async (_when, how) => {
    await agent.load("streams", "chatjs");
    await agent.start();
    await agent.page.evaluate((problem) => {
      const manager = window.connect.core.getWebSocketManager();
      for (const name of ["onDeepHeartbeatSuccess", "onDeepHeartbeatFailure"]) {
        if (problem === "missing") Reflect.deleteProperty(manager, name);
        else
          manager[name] = () => {
            throw new TypeError("callbacks is not iterable");
          };
      }
    }, how);
    const contact = agent.nextContact();
    await agent.join(contact);
    agent.simulator.contact(contact.contactId).say("Still here", { role: "CUSTOMER" });
    expect(await agent.texts(contact, "Still here")).toEqual(["Still here"]);
    expect(await agent.emitted(contact, "connectionEstablished")).toHaveLength(1);
  });

  test("never gets an error from our callbacks, even with damaged frames, throwing handlers and events without data", async () => {
    await agent.load("streams", "chatjs");
    await agent.start();
    await watchManager();
    const contact = agent.nextContact();
    await agent.join(contact);
    await agent.page.evaluate((id) => {
      const fail = (): never => {
        throw new Error("the application's");
      };
      const session = window.sessions[id]?.session;
      session?.onMessage(fail);
      session?.onConnectionLost(fail);
      session?.onConnectionEstablished(fail);
    }, contact.contactId);
    await agent.panel.evaluate(() => {
      const damaged = [
        undefined,
        null,
        5,
        "",
        "{",
        "null",
        "5",
        "[]",
        '{"Type":5}',
        '{"Type":"MESSAGE"}',
        {},
      ];
      for (const content of damaged)
        window.ccp.emit("webSocket::all_message", { topic: "aws/chat", content });
      window.ccp.emit("webSocket::connection_gain");
      window.ccp.emit("webSocket::connection_lost");
      window.ccp.emit("webSocket::connection_lost", null);
      window.ccp.emit("webSocket::connection_gain");
    });
    await agent.untilEmitted(contact, "connectionEstablished", 2);
    agent.simulator.contact(contact.contactId).say("after all that", { role: "CUSTOMER" });
    expect(await agent.texts(contact, "after all that")).toEqual(["after all that"]);
    expect(await agent.page.evaluate(() => window.saved)).toEqual([{ live: expect.any(Number), thrown: [] }]);
    // A connection gain without a preceding loss causes no event, and neither does a second loss in a row.
    expect(await agent.emitted(contact, "connectionEstablished")).toHaveLength(2);
    expect(await agent.emitted(contact, "connectionLost")).toHaveLength(1);
  });

  test("can lose and regain its socket without ending the chat", async () => {
    await agent.load("streams", "chatjs");
    await agent.start();
    const contact = agent.nextContact();
    await agent.join(contact);
    agent.simulator.dropSockets();
    await agent.untilEmitted(contact, "connectionLost");
    await agent.untilEmitted(contact, "connectionEstablished", 2);
    await agent.untilSubscribed(2);
    agent.simulator.contact(contact.contactId).say("welcome back", { role: "CUSTOMER" });
    expect(await agent.texts(contact, "welcome back")).toEqual(["welcome back"]);
  });

  test("can fail to start, which makes the session emit connectionBroken and pass Streams a metric as plain data", async () => {
    await agent.load("streams", "chatjs");
    await agent.start();
    const contact = agent.nextContact();
    await agent.join(contact);
    await agent.panel.evaluate(() => window.ccp.emit("webSocket::init_failure"));
    await agent.untilEmitted(contact, "connectionBroken");
    await until(() => agent.metrics("Chat Session connection broken").length > 0);
    expect(agent.metrics("Chat Session connection broken")).toEqual([
      expect.objectContaining({ data: expect.objectContaining({ data: {} }) }),
    ]);
  });

  test("is replaced when Streams restarts, which ends the sessions on the previous manager", async () => {
    await agent.load("streams", "chatjs");
    await agent.start(2);
    await watchManager();
    const [one, other] = [agent.nextContact(), agent.nextContact()];
    await agent.join(one);
    await agent.join(other);
    const live = (): Promise<unknown> =>
      agent.page.evaluate(() => Reflect.get(Object(window.saved[0]), "live") as unknown);
    expect(await live()).toBeGreaterThan(0);

    await agent.page.evaluate(() => {
      window.saved.push(window.sessions);
      window.sessions = {};
      window.connect.core.terminate();
      document.querySelector("#ccp iframe")?.remove();
    });
    await agent.start();
    await agent.join(one);

    expect(await live()).toBe(0);
    const old = await agent.page.evaluate(() =>
      Object.values(Object(window.saved[1]) as typeof window.sessions).map(({ session, emitted }) => ({
        state: session.connectionState,
        changes: emitted
          .filter(({ name }) => name === "connectionStateChanged")
          .map(({ event }) => event.data),
        ends: emitted.filter(({ name }) => name === "ended").length,
      })),
    );
    const dropped = {
      state: "ended",
      changes: expect.arrayContaining([
        {
          oldState: "connected",
          newState: "ended",
          code: "manager-replaced",
          reason: expect.stringContaining("another socket manager"),
        },
      ]),
      ends: 0,
    };
    expect(old).toEqual([dropped, dropped]);
    agent.simulator.contact(one.contactId).say("on the new one", { role: "CUSTOMER" });
    expect(await agent.texts(one, "on the new one")).toEqual(["on the new one"]);
  });

  describe("a region", () => {
    /** The regions of requests to the Participant Service. */
    const regions: string[] = [];

    beforeEach(async () => {
      regions.length = 0;
      // Without an endpoint the library calls the real service, so its requests are intercepted.
      await agent.page.addScriptTag({ url: "/streams.js" });
      await agent.page.addScriptTag({ url: "/chatjs.js" });
      await agent.page.route("https://participant.connect.*/**", async (route) => {
        regions.push(new URL(route.request().url()).hostname.split(".")[2] ?? "");
        await route.fulfill({ status: 200, json: {}, headers: { "access-control-allow-origin": "*" } });
      });
    });

    const joinNext = async (): Promise<void> => {
      const before = regions.length;
      await agent.join(agent.nextContact());
      await until(() => regions.length > before);
    };

    test("is the contact's until a failover, and is Streams' override afterward", async () => {
      await agent.start(2, "us-east-1");
      await joinNext();
      expect(regions).toEqual(["us-east-1"]);
      const overridden = await agent.page.evaluate(() => {
        const calls: unknown[] = [];
        const { ChatSession, globalResiliency } = window.connect;
        const set = ChatSession.setRegionOverride.bind(ChatSession);
        Object.assign(ChatSession, {
          setRegionOverride: (region: string | null | undefined): void => {
            calls.push(region);
            set(region);
          },
        });
        // The parts of the two panels' conduits that a failover uses.
        const conduit = {
          name: location.origin,
          sendUpstream: () => undefined,
          onUpstream: () => ({ unsubscribe: () => undefined }),
          iframe: {},
        };
        globalResiliency._initializeActiveRegion(
          { getActiveConduit: () => conduit, getInactiveConduit: () => conduit },
          "us-west-2",
        );
        return calls;
      });
      expect(overridden).toEqual(["us-west-2"]);
      const chatDetails = agent.simulator.startChat();
      await agent.page.evaluate(async (details) => {
        const { ChatSession } = window.connect;
        const connectIn = async (region: string): Promise<void> => {
          const session = ChatSession.create({
            type: "CUSTOMER",
            chatDetails: details,
            disableCSM: true,
            options: { region },
          });
          await session.connect().catch(() => undefined);
          session.dispose();
        };
        await connectIn("us-east-1");
        ChatSession.setRegionOverride(null);
        await connectIn("us-east-1");
      }, chatDetails);
      expect(regions.slice(1)).toEqual(["us-west-2", "us-east-1"]);
    });

    test("stays the agent's if Streams later passes a null region and undefined features", async () => {
      await agent.start(2, null);
      await joinNext();
      expect(regions).toEqual([REGION]);
      // If Streams doesn't know the agent's region, it passes null to setGlobalConfig(), which keeps the earlier
      // region.
      await agent.page.evaluate(() => {
        const { Agent, ChatSession } = window.connect;
        Object.assign(Agent.prototype, { _getInstanceRegion: () => null });
        const set = ChatSession.setGlobalConfig.bind(ChatSession);
        ChatSession.setGlobalConfig = (config) => {
          window.saved.push(config && { region: config.region, features: config.features });
          set(config);
        };
      });
      await joinNext();
      expect(await agent.page.evaluate(() => window.saved)).toEqual([{ region: null, features: undefined }]);
      expect(regions).toEqual([REGION, REGION]);
    });
  });
});
