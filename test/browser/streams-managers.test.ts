import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import { until } from "../integration/support/wait";
import { onePageRenewed, REGION, type AgentPage } from "./support/agent-page";
import { describeInBrowser } from "./support/chromium";

jest.setTimeout(60_000);

describeInBrowser("Streams' socket manager", () => {
  let agent: AgentPage;
  onePageRenewed((opened) => (agent = opened));

  /** Counts in the page what the library has subscribed and not taken off, and notes what its callbacks throw. */
  const watchManager = (): Promise<void> =>
    agent.page.evaluate(() => {
      const watched = { live: 0, thrown: [] as string[] };
      window.kept.push(watched);
      const manager = window.connect.core.getWebSocketManager();
      for (const name of Object.keys(manager).filter((each) => each.startsWith("on"))) {
        const subscribe = manager[name];
        if (typeof subscribe !== "function") continue;
        manager[name] = (...given: unknown[]): unknown => {
          const callback = given.pop();
          const guarded = (...told: unknown[]): void => {
            try {
              if (typeof callback === "function") Reflect.apply(callback, undefined, told);
            } catch (error) {
              watched.thrown.push(String(error));
            }
          };
          const off: unknown = Reflect.apply(subscribe, manager, [...given, guarded]);
          watched.live += 1;
          return () => {
            watched.live -= 1;
            if (typeof off === "function") Reflect.apply(off, undefined, []);
          };
        };
      }
    });

  test("is as the library takes it: no init, no closeWebSocket, an earlier gain is not told again", async () => {
    await agent.load("streams", "chatjs");
    await agent.start();
    const contact = agent.nextContact();
    await agent.join(contact);
    await agent.untilTold(contact, "connectionEstablished");
    const seen = await agent.page.evaluate(() => {
      const manager = window.connect.core.getWebSocketManager();
      const told: string[] = [];
      const names = Object.keys(manager);
      const returned = names
        .filter((name) => name.startsWith("on"))
        .map((name) => {
          const subscribe = manager[name];
          const given = name === "onMessage" ? ["a topic"] : [];
          return typeof subscribe === "function"
            ? typeof Reflect.apply(subscribe, manager, [...given, () => told.push(name)])
            : "missing";
        });
      return { names, told, returned: [...new Set(returned)] };
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
    expect(seen).toMatchObject({ told: [], returned: ["function"] });
    // The chat counts as connected all the same: its socket was up before it came.
    expect(await agent.told(contact, "connectionEstablished")).toHaveLength(1);
  });

  test.each<[string, "missing" | "throwing"]>([
    ["missing, as before 2.17", "missing"],
    ["throwing a TypeError, as in 2.17 and 2.18", "throwing"],
  ])("its deep-heartbeat methods may be %s", async (_when, how) => {
    await agent.load("streams", "chatjs");
    await agent.start();
    await agent.page.evaluate((given) => {
      const manager = window.connect.core.getWebSocketManager();
      for (const name of ["onDeepHeartbeatSuccess", "onDeepHeartbeatFailure"]) {
        if (given === "missing") Reflect.deleteProperty(manager, name);
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
    expect(await agent.told(contact, "connectionEstablished")).toHaveLength(1);
  });

  test("our callbacks never throw into it: damaged frames, handlers that throw, events without data", async () => {
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
        window.ccp.tell("webSocket::all_message", { topic: "aws/chat", content });
      window.ccp.tell("webSocket::connection_gain");
      window.ccp.tell("webSocket::connection_lost");
      window.ccp.tell("webSocket::connection_lost", null);
      window.ccp.tell("webSocket::connection_gain");
    });
    await agent.untilTold(contact, "connectionEstablished", 2);
    agent.simulator.contact(contact.contactId).say("after all that", { role: "CUSTOMER" });
    expect(await agent.texts(contact, "after all that")).toEqual(["after all that"]);
    expect(await agent.page.evaluate(() => window.kept)).toEqual([{ live: expect.any(Number), thrown: [] }]);
    // A gain without a loss before it is no second establishment, nor a second loss another one.
    expect(await agent.told(contact, "connectionEstablished")).toHaveLength(2);
    expect(await agent.told(contact, "connectionLost")).toHaveLength(1);
  });

  test("tells a loss and, once it is back, a gain: the chat goes on", async () => {
    await agent.load("streams", "chatjs");
    await agent.start();
    const contact = agent.nextContact();
    await agent.join(contact);
    agent.simulator.dropSockets();
    await agent.untilTold(contact, "connectionLost");
    await agent.untilTold(contact, "connectionEstablished", 2);
    await agent.untilSubscribed(2);
    agent.simulator.contact(contact.contactId).say("welcome back", { role: "CUSTOMER" });
    expect(await agent.texts(contact, "welcome back")).toEqual(["welcome back"]);
  });

  test("fails to start: the chat is broken, and Streams is told in plain data", async () => {
    await agent.load("streams", "chatjs");
    await agent.start();
    const contact = agent.nextContact();
    await agent.join(contact);
    await agent.panel.evaluate(() => window.ccp.tell("webSocket::init_failure"));
    await agent.untilTold(contact, "connectionBroken");
    await until(() => agent.metrics("Chat Session connection broken").length > 0);
    expect(agent.metrics("Chat Session connection broken")).toEqual([
      expect.objectContaining({ data: expect.objectContaining({ data: {} }) }),
    ]);
  });

  test("is replaced when Streams is started anew: the links on the old one are dropped", async () => {
    await agent.load("streams", "chatjs");
    await agent.start(2);
    await watchManager();
    const [one, other] = [agent.nextContact(), agent.nextContact()];
    await agent.join(one);
    await agent.join(other);
    const live = (): Promise<unknown> =>
      agent.page.evaluate(() => Reflect.get(Object(window.kept[0]), "live") as unknown);
    expect(await live()).toBeGreaterThan(0);

    await agent.page.evaluate(() => {
      window.kept.push(window.sessions);
      window.sessions = {};
      window.connect.core.terminate();
      document.querySelector("#ccp iframe")?.remove();
    });
    await agent.start();
    await agent.join(one);

    expect(await live()).toBe(0);
    const old = await agent.page.evaluate(() =>
      Object.values(Object(window.kept[1]) as typeof window.sessions).map(({ session, told }) => ({
        state: session.connectionState,
        changes: told.filter(({ name }) => name === "connectionStateChanged").map(({ event }) => event.data),
        ends: told.filter(({ name }) => name === "ended").length,
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
    /** The regions that the Participant Service was asked in. */
    const regions: string[] = [];

    beforeEach(async () => {
      regions.length = 0;
      // Without an endpoint the library asks the service itself, which is far from here.
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

    test("is the contact's, and after a failover that of Streams' override", async () => {
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
        // The conduits of two panels, as far as a failover asks for them.
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

    test("that is null leaves the agent's own, and features may be undefined", async () => {
      await agent.start(2, null);
      await joinNext();
      expect(regions).toEqual([REGION]);
      // Nor does Streams always know the agent's: then it hands null to setGlobalConfig(), which keeps what it was told.
      await agent.page.evaluate(() => {
        const { Agent, ChatSession } = window.connect;
        Object.assign(Agent.prototype, { _getInstanceRegion: () => null });
        const set = ChatSession.setGlobalConfig.bind(ChatSession);
        ChatSession.setGlobalConfig = (config) => {
          window.kept.push(config && { region: config.region, features: config.features });
          set(config);
        };
      });
      await joinNext();
      expect(await agent.page.evaluate(() => window.kept)).toEqual([{ region: null, features: undefined }]);
      expect(regions).toEqual([REGION, REGION]);
    });
  });
});
