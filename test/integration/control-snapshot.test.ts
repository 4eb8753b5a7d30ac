/** A snapshot contains the simulator's state as JSON. Any simulator can restore it while a page uses the chat. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CustomerChatSession } from "../../src/index";
import { startSimulator, type Simulator, type SimulatorOptions, type Snapshot } from "../../simulator/index";
import { loadBundle } from "./support/bundle";
import { callService } from "./support/call-service";
import { ControlClient, errorOf } from "./support/control";
import { nextEvent, nextMessage } from "./support/wait";

const { ChatSession } = loadBundle();

let simulator: Simulator;
let sessions: CustomerChatSession[] = [];
const control = new ControlClient(() => simulator.url);

/** Closes the simulator and starts another one on the same port. */
async function replaceSimulator(options: SimulatorOptions = {}): Promise<void> {
  const { port } = simulator;
  await simulator.close();
  simulator = await startSimulator({ control: true, port, ...options });
  // fetch needs a while to notice that its idle connections to the previous simulator are closed.
  let isReached = false;
  while (!isReached) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    isReached = await control.call("getStatus").then(
      () => true,
      () => false,
    );
  }
}

beforeEach(async () => {
  simulator = await startSimulator({ control: true });
  ChatSession.setGlobalConfig({
    endpoint: simulator.url,
    region: "us-west-2",
    features: { messageReceipts: { shouldSendMessageReceipts: false } },
  });
});

afterEach(async () => {
  for (const session of sessions) session.dispose();
  sessions = [];
  await simulator.close();
});

async function connectSession(): Promise<{ session: CustomerChatSession; contactId: string }> {
  const chatDetails = await control.call("startContact", { body: { displayName: "Ada" } });
  const session = ChatSession.create({ type: "CUSTOMER", chatDetails, disableCSM: true });
  sessions.push(session);
  const established = nextEvent(session, "connectionEstablished");
  await session.connect();
  await established;
  return { session, contactId: chatDetails.ContactId };
}

const textsIn = (contactId: string): (string | undefined)[] =>
  simulator
    .contact(contactId)
    .transcript.flatMap(({ Type, Content }) => (Type === "MESSAGE" ? [Content] : []));

/** Expects that the customer's session can send a message and receive one from the agent. */
async function expectChatContinues(session: CustomerChatSession, contactId: string): Promise<void> {
  const parameters = { contactId };
  await control.call("waitFor", { parameters, body: { for: "connected", timeoutMs: 20_000 } });
  const next = nextMessage(session, "Welcome back");
  await control.call("sendMessage", { parameters, body: { content: "Welcome back" } });
  expect((await next).DisplayName).toBe("Ann");
  await session.sendMessage({ message: "Still here", contentType: "text/plain" });
  expect(textsIn(contactId).slice(-2)).toEqual(["Welcome back", "Still here"]);
}

async function startChatWithAgent(): Promise<{ session: CustomerChatSession; contactId: string }> {
  const { session, contactId } = await connectSession();
  const parameters = { contactId };
  await control.call("joinParticipant", { parameters, body: { role: "AGENT", displayName: "Ann" } });
  const greeting = nextMessage(session, "Hello");
  await control.call("sendMessage", { parameters, body: { content: "Hello" } });
  await greeting;
  await session.sendMessage({ message: "Hi", contentType: "text/plain" });
  return { session, contactId };
}

describe("a page in the middle of a chat", () => {
  test("reconnects when a snapshot is restored, and the chat continues from the snapshot", async () => {
    const { session, contactId } = await startChatWithAgent();
    const snapshot = await control.call("getSnapshot");
    await session.sendMessage({ message: "Forgotten", contentType: "text/plain" });
    const lost = nextEvent(session, "connectionLost");
    expect(await control.call("restoreSnapshot", { body: snapshot })).toEqual({ contacts: 1 });
    await lost;
    expect(textsIn(contactId)).toEqual(["Hello", "Hi"]);
    await expectChatContinues(session, contactId);
  });

  test("reconnects to another simulator that starts with the snapshot on the same port", async () => {
    const { session, contactId } = await startChatWithAgent();
    const snapshot = JSON.parse(JSON.stringify(simulator.snapshot())) as Snapshot;
    await replaceSimulator({ snapshot });
    await expectChatContinues(session, contactId);
  });
});

describe("restoring a snapshot", () => {
  test("restores the complete state, so that the next snapshot is equal", async () => {
    const { contactId } = await startChatWithAgent();
    const parameters = { contactId };
    await control.call("sendAttachment", {
      parameters,
      body: { name: "a.txt", contentType: "text/plain", base64: "AAAA/w==" },
    });
    await control.call("setView", { parameters: { viewToken: "v" }, body: { Id: "view" } });
    await control.call("setBehaviors", {
      parameters,
      body: { disconnectFlow: "survey", scanningDelayMs: 7 },
    });
    await control.call("authentication", { parameters, body: { action: "initiate", sessionId: "s" } });
    simulator.contact(contactId).onProcessing(() => ({ status: "FAILED" }));
    const ended = await control.call("startContact", { body: { attributes: { tier: "gold" } } });
    simulator.contact(ended.ContactId).end();
    const snapshot = await control.call("getSnapshot");
    expect(snapshot.attachments).toMatchObject([{ base64: "AAAA/w==", name: "a.txt", completed: true }]);
    await replaceSimulator({ snapshot });
    const { takenAt } = snapshot;
    expect({ ...(await control.call("getSnapshot")), takenAt }).toEqual(snapshot);
    const details = await control.call("getContact", { parameters });
    expect(details).toMatchObject({ authenticationSessionId: "s", behaviors: { disconnectFlow: "survey" } });
    expect(simulator.contact(ended.ContactId).ended).toBe(true);
  });

  test("keeps connection tokens, transcript page tokens and idempotency tokens valid", async () => {
    const { ContactId: contactId, ParticipantToken } = simulator.startChat();
    const call = (path: string, bearer: string, body: unknown): ReturnType<typeof callService> =>
      callService(`${simulator.url}/participant/${path}`, bearer, body);
    const { body } = await call("connection", ParticipantToken, { Type: ["CONNECTION_CREDENTIALS"] });
    const { ConnectionToken: token } = body["ConnectionCredentials"] as { ConnectionToken: string };
    const message = (text: string): unknown => ({
      Content: text,
      ContentType: "text/plain",
      ClientToken: text,
    });
    const first = await call("message", token, message("1"));
    await call("message", token, message("2"));
    const page = await call("transcript", token, { MaxResults: 1 });
    await replaceSimulator({ snapshot: simulator.snapshot() });
    const next = await call("transcript", token, { MaxResults: 1, NextToken: page.body["NextToken"] });
    expect(next.body["Transcript"]).toMatchObject([{ Content: "1" }]);
    expect((await call("message", token, message("1"))).body).toEqual(first.body);
    expect(textsIn(contactId)).toEqual(["1", "2"]);
  });

  test("drops sockets, ends pending waits, and replaces all contacts", async () => {
    const empty = await control.call("getSnapshot");
    const { session, contactId } = await connectSession();
    const waiting = control.send("waitFor", { parameters: { contactId }, body: { for: "message" } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const lost = nextEvent(session, "connectionLost");
    await control.call("restoreSnapshot", { body: empty });
    await lost;
    expect((await waiting).status).toBe(409);
    expect(await control.call("listContacts")).toEqual({ contacts: [] });
  });
});

test("an invalid snapshot is rejected with the invalid field's path, and changes nothing", async () => {
  const { ContactId } = simulator.startChat();
  const snapshot = await control.call("getSnapshot");
  const damaged = JSON.stringify(snapshot).replace('"role":"CUSTOMER"', '"role":"GUEST"');
  const response = await control.fetch("PUT", "/_control/snapshot", damaged);
  expect(response.status).toBe(400);
  expect(errorOf(response).message).toContain("`contacts[0].participants[0].role`");
  expect(simulator.contact(ContactId).ended).toBe(false);
});
