import { afterAll, afterEach, beforeAll, expect, jest, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import type { AgentConnection } from "../../simulator/index";
import { until } from "../integration/support/wait";
import { AgentPage, REGION } from "./support/agent-page";
import { describeInBrowser, launchChromium } from "./support/chromium";

jest.setTimeout(60_000);

/** A request to the Participant Service for a contact's agent. */
interface AgentRequest {
  operation: string;
  body: unknown;
}

describeInBrowser("an agent's chat through getMediaController()", () => {
  let browser: Browser;
  let agent: AgentPage;

  beforeAll(async () => {
    browser = await launchChromium();
    agent = await AgentPage.open(browser);
    await agent.load("streams", "chatjs");
    await agent.start(14);
  });
  afterAll(async () => {
    await agent.close();
    await browser.close();
  });
  afterEach(() => expect(agent.errors).toEqual([]));

  // Filtered by contact, because chats from other tests may still send requests.
  const requestsFor = (contact: AgentConnection): AgentRequest[] =>
    agent.simulator.requests
      .filter(({ participantId }) => participantId === contact.participantId)
      .map(({ operation, body }) => ({ operation, body }));

  test("starts when Streams configures the library, clears the region override, creates a session, subscribes and connects, in this order", async () => {
    const { contactId, participantId, participantToken } = agent.nextContact();
    const calls = await agent.page.evaluate(async (id) => {
      const { ChatSession, Contact } = window.connect;
      const seen: [name: string, argument?: unknown][] = [];
      const plain = (value: unknown): unknown =>
        JSON.parse(
          JSON.stringify(value, (key, each: unknown) =>
            key === "websocketManager" || key === "logger"
              ? "<object>"
              : typeof each === "function"
                ? "function"
                : each,
          ),
        );
      const watch = (target: object, names: string[]): (() => void) => {
        const before = names.map((name): unknown => Reflect.get(target, name));
        names.forEach((name, index) =>
          Object.assign(target, {
            [name]: (...args: unknown[]): unknown => {
              seen.push(
                typeof args[0] === "function" ? [name] : args.length > 0 ? [name, plain(args[0])] : [name],
              );
              const method = before[index];
              const result: unknown =
                typeof method === "function" ? Reflect.apply(method, target, args) : undefined;
              if (name === "create" && typeof result === "object" && result !== null) {
                watch(result, ["onConnectionBroken", "onConnectionEstablished", "connect"]);
              }
              return result;
            },
          }),
        );
        return () => names.forEach((name, index) => Object.assign(target, { [name]: before[index] }));
      };
      const stop = watch(ChatSession, ["setGlobalConfig", "setRegionOverride", "create"]);
      try {
        await new Contact(id).getAgentConnection().getMediaController();
      } finally {
        stop();
      }
      return seen;
    }, contactId);

    const connectionData = JSON.stringify({ ConnectionAuthenticationToken: participantToken });
    expect(calls).toEqual([
      ["setGlobalConfig", { loggerConfig: { logger: "<object>" }, region: REGION }],
      ["setRegionOverride", null],
      [
        "create",
        {
          chatDetails: {
            contactId,
            initialContactId: contactId,
            participantId,
            getConnectionToken: "function",
            participantToken,
            originalInfo: { connectionData },
          },
          type: "AGENT",
          websocketManager: "<object>",
          options: { region: REGION },
        },
      ],
      ["onConnectionBroken"],
      ["onConnectionEstablished"],
      ["connect"],
    ]);
  });

  test("emits CONNECTION_ESTABLISHED once to handlers that are added after getMediaController() has resolved", async () => {
    const contact = agent.nextContact();
    await agent.join(contact);
    await agent.untilEmitted(contact, "connectionEstablished");
    expect(await agent.emitted(contact, "connectionEstablished")).toEqual([{}]);
  });

  test("emits a call's events in a later task, not in the microtasks of the call's promise", async () => {
    const { contactId } = agent.nextContact();
    const order = await agent.page.evaluate(async (id) => {
      const seen: string[] = [];
      const session = await new window.connect.Contact(id).getAgentConnection().getMediaController();
      const established = new Promise<void>((resolve) =>
        session.onConnectionEstablished(() => {
          seen.push("established");
          resolve();
        }),
      );
      for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
      seen.push("a hundred microtasks later");
      await established;
      return seen;
    }, contactId);
    expect(order).toEqual(["a hundred microtasks later", "established"]);
  });

  test("uses the token from getConnectionToken(), and acknowledges the contact without Type", async () => {
    const contact = agent.nextContact();
    await agent.join(contact);
    const sent = await agent.page.evaluate(
      async (id) =>
        (await window.sessions[id]?.session.sendMessage({ message: "Hello", contentType: "text/plain" }))
          ?.data,
      contact.contactId,
    );
    expect(sent).toMatchObject({ Id: expect.any(String) });
    expect(agent.tokenRequests).toContain(contact.participantId);
    expect(await agent.texts(contact, "Hello")).toEqual(["Hello"]);
    await until(() => requestsFor(contact).length > 1);
    expect(requestsFor(contact)).toEqual(
      expect.arrayContaining([
        { operation: "CreateParticipantConnection", body: { ConnectParticipant: true } },
        { operation: "SendMessage", body: expect.objectContaining({ Content: "Hello" }) },
      ]),
    );
    expect(requestsFor(contact)).toHaveLength(2);
  });

  test("gets its token from CreateParticipantConnection, which also acknowledges the contact, if getConnectionToken() fails", async () => {
    const contact = agent.nextContact();
    agent.tokenRequestsFail = true;
    try {
      await agent.join(contact);
    } finally {
      agent.tokenRequestsFail = false;
    }
    expect(requestsFor(contact)).toEqual([
      {
        operation: "CreateParticipantConnection",
        body: { Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"], ConnectParticipant: true },
      },
    ]);
  });

  test("returns the same session for a connection until Streams destroys it", async () => {
    const { contactId, participantId } = agent.nextContact();
    const [again, after, cleanUp] = await agent.page.evaluate(
      async ([id, connectionId]) => {
        const connection = new window.connect.Contact(id).getAgentConnection();
        const session = await connection.getMediaController();
        const same = (await connection.getMediaController()) === session;
        window.connect.core.mediaFactory.destroy(connectionId);
        await new Promise((resolve) => setTimeout(resolve));
        return [same, (await connection.getMediaController()) === session, "cleanUp" in session];
      },
      [contactId, participantId] as const,
    );
    expect({ again, after, cleanUp }).toEqual({ again: true, after: false, cleanUp: false });
  });

  test("shares the manager's socket with other chats, and receives only its own messages", async () => {
    const contacts = [agent.nextContact(), agent.nextContact(), agent.nextContact()];
    for (const contact of contacts) await agent.join(contact);
    contacts.forEach(({ contactId }, index) => {
      agent.simulator.contact(contactId).say(`for ${index}`, { role: "CUSTOMER" });
    });
    const texts = await Promise.all(contacts.map((contact, index) => agent.texts(contact, `for ${index}`)));
    expect(texts).toEqual([["for 0"], ["for 1"], ["for 2"]]);
    expect(agent.simulator.sockets).toHaveLength(1);
  });

  test("passes a log line with % to Streams' logger unchanged, and returns the entry", async () => {
    const line = await agent.page.evaluate(() => {
      const { LogManager, getLog } = window.connect;
      window.connect.ChatSession.setGlobalConfig({ loggerConfig: { logger: getLog() } });
      const logger = LogManager.getLogger({ prefix: "mine" });
      const before = getLog()._serverBoundInternalLogs.length;
      const entry = logger.info("100% sure, %s and %d", "%x");
      const logs = getLog()._logs;
      if (typeof entry !== "object" || entry === null || !logs.some((each) => each === entry))
        throw new Error("The returned value isn't an entry in Streams' log.");
      const send: unknown = Reflect.get(entry, "sendInternalLogToServer");
      if (typeof send === "function") Reflect.apply(send, entry, []);
      return {
        text: Reflect.get(entry, "text") as unknown,
        sent: getLog()._serverBoundInternalLogs.length - before,
      };
    });
    expect(line).toEqual({ text: 'INFO ["100% sure, %s and %d","%x"] ', sent: 1 });
  });

  test("passes Streams a connection metric that postMessage can send as plain data", async () => {
    const contact = agent.nextContact();
    await agent.join(contact);
    await agent.untilEmitted(contact, "connectionEstablished");
    const name = "Chat Session connection established";
    const received = (): unknown[] =>
      agent.metrics(name).filter(({ contactId }) => contactId === contact.contactId);
    await until(() => received().length > 0);
    expect(received()).toEqual([
      {
        name,
        contactId: contact.contactId,
        data: expect.objectContaining({
          connectSuccess: true,
          data: {},
          chatDetails: expect.objectContaining({ participantId: contact.participantId }),
        }),
      },
    ]);
  });

  test("emits events and errors that survive JSON and postMessage as plain data without functions", async () => {
    const contact = agent.nextContact();
    await agent.join(contact);
    agent.simulator.contact(contact.contactId).say("Plain", { role: "CUSTOMER" });
    await agent.texts(contact, "Plain");
    await agent.untilEmitted(contact, "connectionEstablished");
    agent.simulator.faults.failNext("SendMessage", { status: 400, errorType: "ValidationException" });
    const changed = await agent.page.evaluate(async (id) => {
      const joined = window.sessions[id];
      const error: unknown = await joined?.session
        .sendMessage({ message: "Refused", contentType: "text/plain" })
        .catch((thrown: unknown) => thrown);
      // structuredClone() keeps only an error's message. JSON contains its other fields.
      const cloned: unknown = structuredClone(error);
      const events = (joined?.emitted ?? []).map(({ name, event }) => ({
        name,
        same: JSON.stringify(structuredClone(event)) === JSON.stringify(event),
      }));
      return {
        names: [...new Set(events.map(({ name }) => name))].sort(),
        changed: events.filter(({ same }) => !same),
        message: cloned instanceof Error && error instanceof Error && cloned.message === error.message,
        error: JSON.parse(JSON.stringify(error)) as unknown,
      };
    }, contact.contactId);
    expect(changed).toEqual({
      names: expect.arrayContaining(["connectionEstablished", "connectionStateChanged", "message"]),
      changed: [],
      message: true,
      error: expect.objectContaining({ type: "ValidationException", statusCode: 400 }),
    });
  });

  test("sends counts to the page's own csm, and session outcomes to publishMetric", async () => {
    const [one, other] = [agent.nextContact(), agent.nextContact()];
    await agent.page.evaluate(() => {
      window.saved = [];
      // Counts from earlier tests are also waiting for csm.
      window.connect.csmService.agentMetricToBePublished.length = 0;
      window.csm = { API: { addCount: (...count: unknown[]) => window.saved.push(count) } };
    });
    const counted = async (times: number): Promise<unknown> =>
      (
        await agent.page.waitForFunction(
          (minimum) => (window.saved.length >= minimum ? window.saved.splice(0) : null),
          times,
        )
      ).jsonValue();
    const before = agent.metrics("ChatJSEventMetric").length;

    await agent.join(one);
    expect(await counted(3)).toEqual([
      ["AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", 0],
      ["CREATE_PARTICIPANT_CONACK_CALL_COUNT", 1],
      ["AGENT_CREATE_PARTICIPANT_ERROR_RATE", 0],
    ]);
    const version = await agent.page.evaluate(() => [window.connect.version, window.connect.ChatJS.version]);
    const category = (outcome: string): string => `StreamsJS-${String(version[0])}-${outcome}`;
    await until(() => agent.metrics("ChatJSEventMetric").length > before);
    expect(agent.metrics("ChatJSEventMetric").slice(before)).toEqual([
      {
        name: "ChatJSEventMetric",
        data: { count: 1 },
        dimensions: {
          category: category("ChatJSConnectSessionSuccess"),
          streamsJSVersion: version[0],
          chatJSVersion: version[1],
        },
        customCCPName: "ChatJS",
      },
    ]);

    agent.tokenRequestsFail = true;
    agent.simulator.faults.failNext("CreateParticipantConnection", { status: 400 });
    await expect(agent.join(other)).rejects.toThrow();
    agent.tokenRequestsFail = false;
    await agent.page.evaluate(() => {
      try {
        Reflect.apply(window.connect.ChatSession.create, undefined, [{}]);
      } catch {
        // Only the metric matters here.
      }
    });
    expect(await counted(1)).toEqual([["AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", 1]]);
    await until(() => agent.metrics("ChatJSSuccessMetric").length === 2);
    expect(agent.metrics("ChatJSSuccessMetric")).toEqual(
      ["ChatJSConnectSessionError", "ChatJSCreateSessionError"].map((outcome) => ({
        name: "ChatJSSuccessMetric",
        data: { count: 0 },
        dimensions: {
          category: category(outcome),
          errorType: "InternalServerError",
          streamsJSVersion: version[0],
        },
        customCCPName: "ChatJS",
      })),
    );
  });
});
