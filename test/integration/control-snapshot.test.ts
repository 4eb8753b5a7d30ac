/** Snapshots: the state as JSON, restored in the same simulator or in another one, under a page that goes on. */
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

/** Starts a simulator in the place of the former one: on the same port. */
async function replace(options: SimulatorOptions = {}): Promise<void> {
  const { port } = simulator;
  await simulator.close();
  simulator = await startSimulator({ control: true, port, ...options });
  // Until fetch has noticed that its idle connections to the former simulator are closed.
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

async function connected(): Promise<{ session: CustomerChatSession; contactId: string }> {
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

/** Both sides go on: the customer's session sends, and receives from the agent. */
async function goesOn(session: CustomerChatSession, contactId: string): Promise<void> {
  const parameters = { contactId };
  await control.call("waitFor", { parameters, body: { for: "connected", timeoutMs: 20_000 } });
  const next = nextMessage(session, "Welcome back");
  await control.call("sendMessage", { parameters, body: { content: "Welcome back" } });
  expect((await next).DisplayName).toBe("Ann");
  await session.sendMessage({ message: "Still here", contentType: "text/plain" });
  expect(textsIn(contactId).slice(-2)).toEqual(["Welcome back", "Still here"]);
}

async function inMidChat(): Promise<{ session: CustomerChatSession; contactId: string }> {
  const { session, contactId } = await connected();
  const parameters = { contactId };
  await control.call("joinParticipant", { parameters, body: { role: "AGENT", displayName: "Ann" } });
  const greeting = nextMessage(session, "Hello");
  await control.call("sendMessage", { parameters, body: { content: "Hello" } });
  await greeting;
  await session.sendMessage({ message: "Hi", contentType: "text/plain" });
  return { session, contactId };
}

describe("in mid-chat, with a page that uses the library", () => {
  test("a restored snapshot takes the chat back; the page reconnects by itself and goes on", async () => {
    const { session, contactId } = await inMidChat();
    const snapshot = await control.call("getSnapshot");
    await session.sendMessage({ message: "Forgotten", contentType: "text/plain" });
    const lost = nextEvent(session, "connectionLost");
    expect(await control.call("restoreSnapshot", { body: snapshot })).toEqual({ contacts: 1 });
    await lost;
    expect(textsIn(contactId)).toEqual(["Hello", "Hi"]);
    await goesOn(session, contactId);
  });

  test("another simulator on the same port starts with the snapshot; the page reconnects to it", async () => {
    const { session, contactId } = await inMidChat();
    const snapshot = JSON.parse(JSON.stringify(simulator.snapshot())) as Snapshot;
    await replace({ snapshot });
    await goesOn(session, contactId);
  });
});

describe("the whole state", () => {
  test("a restored simulator has an equal snapshot: contacts, tokens, files, views, viewers, behaviors, answers", async () => {
    const { contactId } = await inMidChat();
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
    await replace({ snapshot });
    const { takenAt } = snapshot;
    expect({ ...(await control.call("getSnapshot")), takenAt }).toEqual(snapshot);
    const details = await control.call("getContact", { parameters });
    expect(details).toMatchObject({ authenticationSessionId: "s", behaviors: { disconnectFlow: "survey" } });
    expect(simulator.contact(ended.ContactId).ended).toBe(true);
  });

  test("connection tokens, transcript pages and repeated calls go on", async () => {
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
    await replace({ snapshot: simulator.snapshot() });
    const next = await call("transcript", token, { MaxResults: 1, NextToken: page.body["NextToken"] });
    expect(next.body["Transcript"]).toMatchObject([{ Content: "1" }]);
    expect((await call("message", token, message("1"))).body).toEqual(first.body);
    expect(textsIn(contactId)).toEqual(["1", "2"]);
  });

  test("restoring drops sockets and pending waits, and replaces all contacts", async () => {
    const empty = await control.call("getSnapshot");
    const { session, contactId } = await connected();
    const waiting = control.send("waitFor", { parameters: { contactId }, body: { for: "message" } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const lost = nextEvent(session, "connectionLost");
    await control.call("restoreSnapshot", { body: empty });
    await lost;
    expect((await waiting).status).toBe(409);
    expect(await control.call("listContacts")).toEqual({ contacts: [] });
  });
});

test("a damaged snapshot is refused with the field's path, and changes nothing", async () => {
  const { ContactId } = simulator.startChat();
  const snapshot = await control.call("getSnapshot");
  const damaged = JSON.stringify(snapshot).replace('"role":"CUSTOMER"', '"role":"GUEST"');
  const answer = await control.fetch("PUT", "/_control/snapshot", damaged);
  expect(answer.status).toBe(400);
  expect(errorOf(answer).message).toContain("`contacts[0].participants[0].role`");
  expect(simulator.contact(ContactId).ended).toBe(false);
});
