// Spies on the controller, as tests and instrumentation install them. The scenarios observe which calls they receive.
import { HANDLERS, plain, scenario, wait } from "../page.mjs";

const TEXT = { message: "hello", contentType: "text/plain" };
const CALLS = [
  ["connect", { metadata: "m" }],
  ["sendMessage", { ...TEXT, metadata: "m" }],
  ["sendEvent", { contentType: "application/vnd.amazonaws.connect.event.typing" }],
  ["getTranscript", { maxResults: 5 }],
  ["sendAttachment", { attachment: "a" }],
  ["downloadAttachment", { attachmentId: "a" }],
  ["getAttachmentURL", { attachmentId: "a" }],
  ["describeView", { viewToken: "v" }],
  ["getAuthenticationUrl", { redirectUri: "r", sessionId: "s" }],
  ["cancelParticipantAuthentication", { sessionId: "s" }],
  ["getChatDetails"],
  ["disconnectParticipant"],
];

/** Replaces a controller method and records its calls in `calls`. Returns a function that restores the method. */
function spyOn(session, name, calls, replacement) {
  const { controller } = session;
  const original = controller[name];
  controller[name] = function (...args) {
    calls.push({ name, args: plain(args), onController: this === controller });
    return replacement(() => Reflect.apply(original, controller, args));
  };
  return () => (controller[name] = original);
}

async function observeCalls(t, session) {
  for (const [name, ...args] of CALLS) {
    if (typeof session[name] !== "function") continue;
    const calls = [];
    const restore = spyOn(session, name, calls, () => `result of the spy on ${name}`);
    await t.call(`${name}: the session's result`, () => session[name](...args));
    t.observe(`${name}: the spy's calls`, calls);
    restore();
  }
  await t.requests("requests to the service");
}

scenario("spies on the controller: a customer's calls", async (t) => {
  const { session } = await t.customer();
  await observeCalls(t, session);
});

scenario("spies on the controller: an agent's calls", async (t) => {
  const { ContactId } = await t.sim("startChat");
  const agent = await t.sim("joinAgent", ContactId);
  const session = t.ChatSession.create({
    type: "AGENT",
    chatDetails: { ...agent, getConnectionToken: () => Promise.reject(new Error("none")) },
  });
  await observeCalls(t, session);
});

scenario("spies on the controller: calls without arguments", async (t) => {
  const { session } = await t.customer();
  for (const name of ["connect", "getTranscript"]) {
    const calls = [];
    spyOn(session, name, calls, () => "result of the spy");
    session[name]();
    t.observe(name, calls);
  }
});

scenario("spies on the controller: handlers", async (t) => {
  const { session } = await t.customer();
  for (const on of [...HANDLERS, "onTranscriptUpdated"]) {
    const subscribeCalls = [];
    session.controller.subscribe = (...args) => {
      subscribeCalls.push(args);
      return "result of the spy";
    };
    const handler = () => undefined;
    session[on](handler);
    t.observe(
      on,
      subscribeCalls.map(([name, received, ...rest]) => ({
        name,
        isTheHandler: received === handler,
        rest: plain(rest),
      })),
    );
  }
});

scenario("spies on the controller: a spy that calls the original", async (t) => {
  const { session, contactId } = await t.customer();
  const calls = [];
  for (const name of ["connect", "sendMessage", "subscribe"]) spyOn(session, name, calls, (run) => run());
  const texts = [];
  session.onMessage((event) => texts.push(event.data.Content));
  await session.connect();
  // The socket doesn't get messages from before its subscription.
  await t.subscribed(contactId);
  await session.sendMessage(TEXT);
  await t.until(() => texts.includes("hello"));
  t.observe("the spies' calls", calls);
  t.observe("handler calls for the message", texts.filter((text) => text === "hello").length);
});

/** Observes the transcript fetch that onTranscriptUpdated causes, through a spy that calls `replacement`. */
async function observeFetch(t, replacement) {
  const { session, contactId } = await t.customer();
  await t.sim("say", contactId, "sent before");
  const calls = [];
  spyOn(session, "getTranscript", calls, replacement);
  let last = [];
  session.onTranscriptUpdated((event) => (last = event.data.transcript.map(({ Content }) => Content)));
  await session.connect();
  await t.subscribed(contactId);
  await t.until(() => calls.length > 0);
  await wait(300);
  await t.sim("say", contactId, "live");
  await t.until(() => last.includes("live"));
  t.observe("the spy's calls", calls);
  t.observe(
    "the transcript's texts",
    last.filter((text) => text !== undefined),
  );
  await t.call("a call still works", () => session.controller.getConnectionStatus());
}

scenario("spies on the controller: the library's transcript fetch", (t) => observeFetch(t, (run) => run()));

scenario("spies on the controller: the library's transcript fetch, returning junk", (t) =>
  observeFetch(t, () => Promise.resolve({ data: { Transcript: [{ Id: "junk", Content: "junk" }] } })),
);

scenario("spies on the controller: the library's transcript fetch, rejected", (t) =>
  observeFetch(t, () => Promise.reject(new Error("no"))),
);
