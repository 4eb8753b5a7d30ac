/** A whole customer's chat by public calls, to be run as text wherever the library is: a page, a worker, a context. */

export interface WholeChat {
  /** Where the simulator is. */
  readonly endpoint: string;
  /** Known to the simulator. */
  readonly viewToken: string;
  readonly disableCSM: boolean;
  /** Whether the page has the hooks below. */
  readonly hooked?: boolean;
}

/** What a page offers in its globals where more must be known than a library tells. */
export interface PageHooks {
  /** Resolves once the chat's socket is subscribed. Upstream tells of the link before: a frame meanwhile is missed. */
  socketIsReady(): Promise<void>;
  /** Puts the page's clock forward, so that the socket's URL is too old to be used again. */
  putClockForward(): void;
}

/** The part of either library that the script calls. */
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

/** What a chat that went well tells. */
export const WENT_WELL = [
  "connected",
  "sent hello",
  "heard from the agent",
  "sent events",
  "transcript holds hello",
  "view",
  "file came back: text of the file",
  "file has a URL",
  "refused: ValidationException 400",
  "lost",
  "connected again",
  "heard after the loss",
  "ended",
];

/**
 * Self-contained: it is handed over as text. Everything it needs is in its argument, in the `connect` global and in the
 * globals that each of the surroundings has: fetch, setTimeout, Promise.
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

  // What has happened so far is kept, so that nothing is missed by asking for it late.
  const items: MessageItem[] = [];
  const counts = { established: 0, lost: 0, ended: 0 };
  let changed = (): void => undefined;
  const note = (name: keyof typeof counts): void => {
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
  const heard = (text: string): Promise<MessageItem> =>
    until(() => items.find(({ Content }) => Content === text));
  session.onMessage(({ data }) => {
    items.push(data);
    changed();
  });
  session.onConnectionEstablished(() => note("established"));
  session.onConnectionLost(() => note("lost"));
  session.onEnded(() => note("ended"));

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
  await heard("hello");
  steps.push("sent hello");

  await say("how can I help");
  const { Id: messageId } = await heard("how can I help");
  steps.push("heard from the agent");

  const event = "application/vnd.amazonaws.connect.event.";
  await session.sendEvent({ contentType: `${event}typing` });
  const receipt = JSON.stringify({ messageId, disableThrottle: true });
  await session.sendEvent({ contentType: `${event}message.read`, content: receipt });
  steps.push("sent events");

  const { data } = await session.getTranscript({});
  if (data.Transcript.some(({ Content }) => Content === "hello")) steps.push("transcript holds hello");
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
  steps.push(`file came back: ${await blob.text()}`);
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

  hooks?.putClockForward();
  await post("/simulator/drop-sockets", chat);
  await until(() => counts.lost > 0);
  steps.push("lost");
  await until(() => counts.established > 1);
  await hooks?.socketIsReady();
  steps.push("connected again");
  await say("are you there");
  await heard("are you there");
  steps.push("heard after the loss");

  await session.disconnectParticipant();
  await until(() => counts.ended > 0);
  steps.push("ended");
  return steps;
}
