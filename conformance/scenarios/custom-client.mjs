/* global window */
import { scenario, wait } from "../page.mjs";

const TYPING = "application/vnd.amazonaws.connect.event.typing";

/**
 * Converts an argument for comparison. From the options, which only our library passes and clients may ignore, it keeps
 * only the signal and the client token.
 */
function argument(arg) {
  if (arg instanceof File) return `<file ${arg.name}>`;
  if (!(arg?.signal instanceof AbortSignal)) return arg;
  const { signal, clientToken } = arg;
  return { signal, clientToken };
}

/** Creates a custom client that records its calls and returns canned responses. */
function recordingClient(t, calls, answers = {}) {
  const data = {
    createParticipantConnection: {
      ConnectionCredentials: { ConnectionToken: "custom-token", Expiry: "2099-01-01T00:00:00.000Z" },
    },
    sendMessage: { Id: "m1", AbsoluteTime: "2026-01-01T00:00:00.000Z" },
    sendEvent: { Id: "e1", AbsoluteTime: "2026-01-01T00:00:00.000Z" },
    getTranscript: { InitialContactId: "i", Transcript: [], NextToken: "n" },
    disconnectParticipant: {},
    sendAttachment: {},
    describeView: { View: { Id: "v" } },
    getAuthenticationUrl: { AuthenticationUrl: "https://example.com" },
    cancelParticipantAuthentication: {},
    ...answers,
  };
  const Base = t.ChatSession.ChatClient ?? class {};
  class RecordingClient extends Base {}
  for (const [name, answer] of Object.entries(data)) {
    RecordingClient.prototype[name] = async function (...args) {
      calls.push([name, ...args.map(argument)]);
      if (answer instanceof Error) throw answer;
      return { data: answer };
    };
  }
  RecordingClient.prototype.downloadAttachment = async (...args) => {
    calls.push(["downloadAttachment", ...args.map(argument)]);
    return new Blob(["own"], { type: "text/plain" });
  };
  RecordingClient.prototype.getAttachmentURL = async (...args) => {
    calls.push(["getAttachmentURL", ...args.map(argument)]);
    return "https://example.com/a";
  };
  return new RecordingClient();
}

async function customSession(t, how) {
  const calls = [];
  const { ContactId, ParticipantId, ParticipantToken } = await t.sim("startChat");
  const connection = await fetch("/participant/connection", {
    method: "POST",
    headers: { "x-amz-bearer": ParticipantToken, "content-type": "application/json" },
    body: JSON.stringify({ Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] }),
  }).then((answer) => answer.json());
  await t.sim("takeRequests");
  const client = recordingClient(t, calls, { createParticipantConnection: connection });
  if (how === "global") t.ChatSession.setGlobalConfig({ customChatClient: client });
  const session = t.ChatSession.create({
    type: "CUSTOMER",
    disableCSM: true,
    chatDetails: { contactId: ContactId, participantId: ParticipantId, participantToken: ParticipantToken },
    ...(how === "options" && { options: { customChatClient: client } }),
  });
  t.watch(session);
  return { session, calls, contactId: ContactId };
}

for (const how of ["options", "global"]) {
  scenario(`custom chat client: ${how}`, async (t) => {
    const { session, calls, contactId } = await customSession(t, how);
    const take = (key) =>
      t.observe(
        key,
        calls.splice(0).map((call) => call.filter((arg) => arg !== undefined)),
      );
    await t.call("connect", () => session.connect({ metadata: "m" }));
    if (!(await t.until(() => session.getChatDetails().connectionDetails, 1_000))) return;
    await t.subscribed(contactId);
    take("connect: client calls");
    await t.call("sendMessage", () =>
      session.sendMessage({ message: "x", contentType: "text/plain", metadata: "m" }),
    );
    take("sendMessage: client calls");
    await t.call("sendEvent", () => session.sendEvent({ contentType: TYPING, metadata: "m" }));
    take("sendEvent: client calls");
    await t.call("getTranscript", () => session.getTranscript({ metadata: "m" }));
    take("getTranscript: client calls");
    await t.call("sendAttachment", () =>
      session.sendAttachment({ attachment: new File(["a"], "a.txt", { type: "text/plain" }), metadata: "m" }),
    );
    take("sendAttachment: client calls");
    await t.call("downloadAttachment", () =>
      session.downloadAttachment({ attachmentId: "a", metadata: "m" }),
    );
    take("downloadAttachment: client calls");
    await t.call("getAttachmentURL", () => session.getAttachmentURL({ attachmentId: "a" }));
    take("getAttachmentURL: client calls");
    await t.call("describeView", () => session.describeView({ viewToken: "v", metadata: "m" }));
    take("describeView: client calls");
    await t.call("getAuthenticationUrl", () =>
      session.getAuthenticationUrl({ redirectUri: "r", sessionId: "s", metadata: "m" }),
    );
    take("getAuthenticationUrl: client calls");
    await t.call("cancelParticipantAuthentication", () =>
      session.cancelParticipantAuthentication({ sessionId: "s", metadata: "m" }),
    );
    take("cancelParticipantAuthentication: client calls");
    await t.call("disconnectParticipant", () => session.disconnectParticipant());
    take("disconnectParticipant: client calls");
    await t.requests("requests to the service");
    await wait(50);
  });
}

scenario("custom chat client: connect fails", async (t) => {
  const calls = [];
  t.ChatSession.setGlobalConfig({ endpoint: window.location.origin });
  const { ContactId, ParticipantId, ParticipantToken } = await t.sim("startChat");
  const failure = Object.assign(new Error("Backend says no"), { type: "BackendError", statusCode: 418 });
  const session = t.ChatSession.create({
    type: "CUSTOMER",
    disableCSM: true,
    chatDetails: { contactId: ContactId, participantId: ParticipantId, participantToken: ParticipantToken },
    options: { customChatClient: recordingClient(t, calls, { createParticipantConnection: failure }) },
  });
  await t.call("connect", () => session.connect({ metadata: "m" }));
});
