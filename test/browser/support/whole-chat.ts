/**
 * A complete customer chat through the public API. It can be sent as text to any environment: a page, a worker or a VM
 * context.
 */

export interface WholeChat {
  /** The simulator's URL. */
  readonly endpoint: string;
  /** A view that the simulator knows. */
  readonly viewToken: string;
  readonly disableCSM: boolean;
  /** Whether the page has the hooks below. */
  readonly hooked?: boolean;
}

/** Page globals for conditions that the libraries don't report. */
export interface PageHooks {
  /**
   * Resolves when the chat's socket is subscribed. Upstream reports the link earlier, and loses frames sent before the
   * subscription.
   */
  socketIsReady(): Promise<void>;
  /** Advances the page's clock so that the socket URL is too old to reuse. */
  advanceClock(): void;
}

/** The API that the script calls. Both libraries have it. */
interface Session {
  connect(): Promise<unknown>;
  sendMessage(args: object): Promise<{ data: { Id: string } }>;
  sendEvent(args: object): Promise<unknown>;
  getTranscript(args: object): Promise<{ data: { Transcript: { Content?: string }[] } }>;
  describeView(args: object): Promise<unknown>;
  sendAttachment(args: object): Promise<unknown>;
  downloadAttachment(args: object): Promise<Blob>;
  getAttachmentURL(args: object): Promise<string>;
  getAuthenticationUrl(args: object): Promise<unknown>;
  cancelParticipantAuthentication(args: object): Promise<unknown>;
  disconnectParticipant(): Promise<unknown>;
  onMessage(handler: (event: { data: MessageItem }) => void): unknown;
  onConnectionEstablished(handler: () => void): unknown;
  onConnectionLost(handler: () => void): unknown;
  onEnded(handler: () => void): unknown;
}

interface MessageItem {
  Id: string;
  Content?: string;
  Attachments?: { AttachmentId: string }[];
}

interface Library {
  ChatSession: {
    setGlobalConfig(config: object): void;
    create(args: object): Session;
  };
}

/** The steps of a successful chat. */
export const SUCCESSFUL_STEPS = [
  "connected",
  "sent hello",
  "received the agent's message",
  "sent events",
  "transcript contains hello",
  "view",
  "downloaded the file: text of the file",
  "file has a URL",
  "refused: ValidationException 400",
  "disconnected",
  "reconnected",
  "received a message after reconnecting",
  "ended",
];

/**
 * Self-contained, because it's sent as text. It uses only its argument, the `connect` global and globals that every
 * environment has: fetch, setTimeout and Promise.
 */
export async function wholeChat({
  endpoint,
  viewToken,
  disableCSM,
  hooked = false,
}: WholeChat): Promise<string[]> {
  const library = (globalThis as unknown as { connect: Library }).connect;
  const steps: string[] = [];
  const post = async (path: string, body: object, bearer = ""): Promise<Record<string, string>> => {
    const headers = { "content-type": "application/json", "x-amz-bearer": bearer };
    const response = await fetch(endpoint + path, { method: "POST", headers, body: JSON.stringify(body) });
    return (await response.json()) as Record<string, string>;
  };
  const hooks = hooked ? (globalThis as unknown as PageHooks) : undefined;
  const chat = await post("/start-chat", {});
  library.ChatSession.setGlobalConfig({ endpoint, region: "us-west-2" });
  const session = library.ChatSession.create({ type: "CUSTOMER", chatDetails: chat, disableCSM });

  // Everything is recorded, so that a step can also wait for something that has already happened.
  const items: MessageItem[] = [];
  const counts = { established: 0, lost: 0, ended: 0 };
  let changed = (): void => undefined;
  const count = (name: keyof typeof counts): void => {
    counts[name] += 1;
    changed();
  };
  const until = async <T>(find: () => T | undefined | false): Promise<T> => {
    for (;;) {
      const found = find();
      if (found !== undefined && found !== false) return found;
      await new Promise<void>((resolve) => (changed = resolve));
    }
  };
  const received = (text: string): Promise<MessageItem> =>
    until(() => items.find(({ Content }) => Content === text));
  session.onMessage(({ data }) => {
    items.push(data);
    changed();
  });
  session.onConnectionEstablished(() => count("established"));
  session.onConnectionLost(() => count("lost"));
  session.onEnded(() => count("ended"));

  await session.connect();
  await until(() => counts.established > 0);
  await hooks?.socketIsReady();
  steps.push("connected");

  const agent = await post("/join-agent", chat);
  const agentToken = agent["connectionToken"] ?? "";
  const say = (text: string): Promise<unknown> => {
    const message = { Content: text, ContentType: "text/plain", ClientToken: text };
    return post("/participant/message", message, agentToken);
  };
  await session.sendMessage({ message: "hello", contentType: "text/plain" });
  await received("hello");
  steps.push("sent hello");

  await say("how can I help");
  const { Id: messageId } = await received("how can I help");
  steps.push("received the agent's message");

  const event = "application/vnd.amazonaws.connect.event.";
  await session.sendEvent({ contentType: `${event}typing` });
  const receipt = JSON.stringify({ messageId, disableThrottle: true });
  await session.sendEvent({ contentType: `${event}message.read`, content: receipt });
  steps.push("sent events");

  const { data } = await session.getTranscript({});
  if (data.Transcript.some(({ Content }) => Content === "hello")) steps.push("transcript contains hello");
  await session.describeView({ viewToken });
  steps.push("view");

  const content = "text of the file";
  const attachment =
    typeof File === "function"
      ? new File([content], "note.txt", { type: "text/plain" })
      : Object.assign(new Blob([content], { type: "text/plain" }), { name: "note.txt" });
  await session.sendAttachment({ attachment });
  const attachmentId = await until(
    () => items.find(({ Attachments }) => Attachments?.length)?.Attachments?.[0]?.AttachmentId,
  );
  const blob = await session.downloadAttachment({ attachmentId });
  steps.push(`downloaded the file: ${await blob.text()}`);
  if ((await session.getAttachmentURL({ attachmentId })).startsWith(endpoint)) steps.push("file has a URL");
  await session.getAttachmentURL({ attachmentId: "none" }).catch((error: unknown) => {
    const { type, statusCode } = error as { type: string; statusCode?: number };
    steps.push(`refused: ${type} ${statusCode ?? 400}`);
  });
  const sessionId = "session";
  const authentication = [
    session.getAuthenticationUrl({ redirectUri: "https://page.test/", sessionId }),
    session.cancelParticipantAuthentication({ sessionId }),
  ];
  await Promise.allSettled(authentication);

  hooks?.advanceClock();
  await post("/simulator/drop-sockets", chat);
  await until(() => counts.lost > 0);
  steps.push("disconnected");
  await until(() => counts.established > 1);
  await hooks?.socketIsReady();
  steps.push("reconnected");
  await say("are you there");
  await received("are you there");
  steps.push("received a message after reconnecting");

  await session.disconnectParticipant();
  await until(() => counts.ended > 0);
  steps.push("ended");
  return steps;
}
