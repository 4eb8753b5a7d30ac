import { scenario } from "../page.mjs";

const EVENT = "application/vnd.amazonaws.connect.event.";
const MESSAGE = "application/vnd.amazonaws.connect.message.";

const KNOWN = [
  "text/plain",
  "text/markdown",
  "text/csv",
  "application/msword",
  "application/json",
  "application/pdf",
  "application/vnd.ms-powerpoint",
  "application/vnd.ms-excel",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "image/jpeg",
  "image/png",
  "audio/wav",
  "audio/x-wav",
  "audio/vnd.wave",
  `${MESSAGE}interactive`,
  `${MESSAGE}interactive.response`,
];
export const EVENTS = [
  "typing",
  "message.read",
  "message.delivered",
  "connection.acknowledged",
  "chat.ended",
  "chat.rehydrated",
  "workflow.cancelled",
  "participant.joined",
  "participant.left",
  "participant.active",
  "participant.inactive",
  "participant.idle",
  "participant.returned",
  "participant.invited",
  "participant.autodisconnection",
  "participant.displayname.updated",
  "transfer.succeeded",
  "transfer.failed",
  "authentication.initiated",
  "authentication.succeeded",
  "authentication.failed",
  "authentication.timeout",
  "authentication.expired",
  "authentication.cancelled",
];
const UNKNOWN = ["text/html", "video/mp4", "TEXT/PLAIN", "text/plain; charset=utf-8", `${EVENT}dance`];

scenario("sendMessage: every content type", async (t) => {
  const { session } = await t.connected();
  // chat.ended comes last, because the simulator echoes it as an event.
  const end = `${EVENT}chat.ended`;
  const events = EVENTS.map((name) => EVENT + name).filter((contentType) => contentType !== end);
  for (const contentType of [...KNOWN, ...events, ...UNKNOWN, end]) {
    const message = `as ${contentType}`;
    const outcome = await t.outcome(() => session.sendMessage({ message, contentType }));
    const requests = await t.sim("takeRequests");
    t.observe(contentType, {
      outcome,
      requests: requests.map(({ operation, body }) => ({ operation, body })),
    });
  }
});

scenario("sendMessage", async (t) => {
  const { session, contactId } = await t.connected();
  await t.exchange("text", () => session.sendMessage({ message: "Hello", contentType: "text/plain" }));
  await t.events("the outgoing message is echoed", { count: 1 });
  const metadata = { mine: [1, 2] };
  await t.exchange("with metadata", () =>
    session.sendMessage({ message: "Two", contentType: "text/plain", metadata }),
  );
  await t.exchange("metadata is a string", () =>
    session.sendMessage({ message: "Three", contentType: "text/plain", metadata: "m" }),
  );
  await t.exchange("Unicode", () =>
    // cspell:ignore grüße
    session.sendMessage({ message: 'grüße 👋 \n\t"', contentType: "text/plain" }),
  );
  t.forget();
  const parallel = ["a", "b", "c"].map((message) =>
    t.outcome(() => session.sendMessage({ message, contentType: "text/plain" })),
  );
  t.observe("three at once", await Promise.all(parallel));
  // Sorts the requests, because upstream sends them over several connections, so the network determines their order.
  await t.events("events of three at once", { count: 3, sortedBy: ({ event }) => event.data.Content });
  await t.sim("say", contactId, "Hi");
  await t.events("a message from the agent", { count: 1 });
  await t.requests("requests of three at once", { sortedBy: ({ body }) => body.Content });
  await t.exchange("clientToken", () =>
    session.sendMessage({ message: "Tok", contentType: "text/plain", clientToken: "my-token" }),
  );
  await t.exchange("through the controller", () =>
    session.controller.sendMessage({ message: "C", contentType: "text/plain", metadata: 1 }),
  );
});

scenario("sendMessage: invalid arguments", async (t) => {
  const { session } = await t.connected();
  const cases = {
    "no arguments": undefined,
    "no message": { contentType: "text/plain", metadata: "m" },
    "message is a number": { message: 7, contentType: "text/plain", metadata: "m" },
    "message is null": { message: null, contentType: "text/plain", metadata: "m" },
    "message is an object": { message: {}, contentType: "text/plain", metadata: "m" },
    "message is empty": { message: "", contentType: "text/plain", metadata: "m" },
    "no contentType": { message: "x", metadata: "m" },
    "contentType is a number": { message: "x", contentType: 7, metadata: "m" },
  };
  for (const [name, args] of Object.entries(cases)) await t.exchange(name, () => session.sendMessage(args));
});

const REFUSALS = { 400: 1, 402: 1, 403: 20, 404: 1, 409: 1, 429: 20, 500: 20 };

for (const [status, times] of Object.entries(REFUSALS)) {
  scenario(`sendMessage: fails with ${status}`, async (t) => {
    const { session } = await t.connected();
    await t.sim("failNext", "SendMessage", { status: Number(status), message: "Not today", times });
    const args = { message: "x", contentType: "text/plain", metadata: { m: 1 } };
    await t.exchange("outcome", () => session.sendMessage(args), 30_000);
  });
}

scenario("sendMessage: unusual errors", async (t) => {
  const { session } = await t.connected();
  const send = (key) =>
    t.exchange(key, () => session.sendMessage({ message: key, contentType: "text/plain" }), 20_000);
  await t.sim("failNext", "SendMessage", { status: 400, errorType: "SomethingNewException", message: "New" });
  await send("an unknown error type");
  await t.sim("failNext", "SendMessage", {
    status: 400,
    errorType: "ValidationException:http://internal/",
    message: "Url",
  });
  await send("an error type with a URL");
  await t.sim("failNext", "SendMessage", { status: 502, body: "<html>Bad gateway</html>", times: 20 });
  await send("a proxy's HTML page");
  await t.sim("clearFaults");
  // Observes each request once, because browsers differ in how often they retry after a cut connection.
  const cut = async (key, times) => {
    await t.sim("cutNext", "SendMessage", { when: "before", times });
    await t.call(key, () => session.sendMessage({ message: key, contentType: "text/plain" }), 20_000);
    const bodies = (await t.sim("takeRequests")).map(({ body }) => JSON.stringify(body));
    t.observe(
      `${key}: requests, each once`,
      [...new Set(bodies)].map((body) => JSON.parse(body)),
    );
  };
  await cut("a connection cut once", 1);
  await cut("a connection that is always cut", 30);
});

scenario("AWS SDK fields", async (t) => {
  const { session } = await t.connected();
  const { data } = await session.sendMessage({ message: "x", contentType: "text/plain" });
  t.observe("fields of data", Object.keys(data).sort());
  await t.sim("failNext", "SendMessage", { status: 400, message: "No" });
  const error = await session
    .sendMessage({ message: "x", contentType: "text/plain" })
    .catch((thrown) => thrown);
  t.observe("a rejection is an Error", error instanceof Error);
  t.observe("fields of the rejection in JSON", Object.keys(JSON.parse(JSON.stringify(error))).sort());
});
