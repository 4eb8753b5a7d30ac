// Every call and event in upstream's declarations, with every argument and every field of the results.
import "amazon-connect-chatjs";

declare const customer: connect.CustomerChatSession;
declare const agent: connect.AgentChatSession;
declare const manager: connect.WebSocketManager;
declare const file: File;

interface Mark {
  readonly requestedAt: number;
}
const metadata: Mark = { requestedAt: 1 };

export async function calls(): Promise<void> {
  const connected = await customer.connect({ metadata });
  const at: number = connected.metadata.requestedAt;
  const flags: [boolean, boolean] = [connected.connectCalled, connected.connectSuccess];
  await customer.connect();
  await customer.connect({});

  const sent = await customer.sendMessage({
    message: "a",
    contentType: "text/plain",
    clientToken: "t",
    metadata,
  });
  const sentAt: number = sent.metadata.requestedAt;
  if (sent.data) {
    const { AbsoluteTime, Id, MessageMetadata } = sent.data;
    const texts: string[] = [AbsoluteTime, Id];
    console.log(texts, MessageMetadata?.Status, MessageMetadata?.MessageProcessingStatus === "REJECTED");
  }
  const explicit = await customer.sendMessage<Mark>({ message: "a", contentType: "text/markdown", metadata });
  const plain: connect.ParticipantServiceResponse<connect.SendMessageResult> = await customer.sendMessage({
    message: "a",
    contentType: "application/json",
  });
  const response: connect.AWSResponse<connect.SendMessageResult> = plain;
  const fields: [string, number, number] = [response.requestId, response.redirectCount, response.retryCount];
  if (response.error instanceof Error) console.log(response.error.message);

  const event = await customer.sendEvent({
    contentType: "application/vnd.amazonaws.connect.event.typing",
    content: "",
    clientToken: "t",
    metadata,
  });
  if (event.data) console.log(event.data.Id, event.data.AbsoluteTime, event.metadata.requestedAt);

  const page = await customer.getTranscript({
    contactId: "c",
    maxResults: 100,
    nextToken: "n",
    scanDirection: "FORWARD",
    sortOrder: "DESCENDING",
    startPosition: { id: "i", absoluteTime: "t", mostRecent: 1 },
    metadata,
  });
  const items: connect.ChatTranscriptItem[] = page.data!.Transcript;
  const next: string = page.data!.NextToken;
  const initial: string = page.data!.InitialContactId;

  const uploaded = await customer.sendAttachment({ attachment: file, metadata });
  const blob = await customer.downloadAttachment({ attachmentId: "a", metadata });
  const size: number = blob.size + blob.metadata.requestedAt;
  const bare: Blob = await customer.downloadAttachment({ attachmentId: "a" });
  const url: string = await customer.getAttachmentURL({ attachmentId: "a" });
  const withMark: connect.WithMetadata<string, Mark> = await customer.getAttachmentURL({
    attachmentId: "a",
    metadata,
  });

  const shown = await customer.describeView({ viewToken: "v", InstanceId: "i", metadata });
  const view: connect.View | undefined = shown.data!.View;
  const content: connect.ViewContent | undefined = view?.Content;
  const parts: (string | undefined)[] = [
    content?.InputSchema,
    content?.Template,
    ...(content?.Actions ?? []),
  ];

  const signIn = await customer.getAuthenticationUrl({
    redirectUri: "https://a.b",
    sessionId: "s",
    metadata,
  });
  const signInUrl: string | undefined = signIn.data!.AuthenticationUrl;
  const canceled = await customer.cancelParticipantAuthentication({ sessionId: "s", metadata });
  const none: void = canceled.data;
  const left: connect.ParticipantServiceResponse<void> = await customer.disconnectParticipant();
  agent.cleanUpOnParticipantDisconnect();

  const details: connect.ChatDetails = customer.getChatDetails();
  const ids: string[] = [details.contactId, details.initialContactId, details.participantId];
  const token: string | undefined = details.participantToken;
  const connectionToken: string | undefined = details.connectionDetails?.connectionToken;
  const old = [details.connectionDetails?.ConnectionId, details.connectionDetails?.PreSignedConnectionUrl];

  console.log(
    at,
    flags,
    sentAt,
    explicit.metadata.requestedAt,
    fields,
    items,
    next,
    initial,
    uploaded.metadata,
  );
  console.log(size, bare, url, withMark.metadata.requestedAt, parts, signInUrl, none, left, ids, token);
  console.log(connectionToken, old);
}

export function events(session: connect.ChatSessionInterface): void {
  session.onConnectionBroken((event: connect.ChatConnectionBrokenEvent) => console.log(event.chatDetails));
  session.onConnectionEstablished((event: connect.ChatConnectionEstablishedEvent) =>
    console.log(event.chatDetails),
  );
  session.onConnectionLost((event: connect.ChatConnectionLostEvent) => console.log(event.chatDetails));
  session.onEnded((event: connect.ChatEndedEvent) => console.log(event.chatDetails));
  session.onMessage((event: connect.ChatMessageEvent) => console.log(event.data.Id));
  session.onTyping((event: connect.ChatTypingEvent) => console.log(event.data.ContentType));
  session.onReadReceipt((event: connect.ChatMessageEvent) => console.log(event.data.Id));
  session.onDeliveredReceipt((event: connect.ChatMessageEvent) => console.log(event.data.Id));
  session.onParticipantIdle((event: connect.ChatMessageEvent) => console.log(event.data.Id));
  session.onParticipantReturned((event: connect.ChatMessageEvent) => console.log(event.data.Id));
  session.onParticipantInvited((event: connect.ChatMessageEvent) => console.log(event.data.Id));
  session.onAutoDisconnection((event: connect.ChatMessageEvent) => console.log(event.data.Id));
  session.onDeepHeartbeatSuccess((event: connect.ChatMessageEvent) => console.log(event.chatDetails));
  session.onDeepHeartbeatFailure((event: connect.ChatMessageEvent) => console.log(event.chatDetails));
  session.onChatRehydrated((event: connect.ChatMessageEvent) => console.log(event.data.InitialContactId));
  session.onTranscriptUpdated((event: connect.ChatTranscriptUpdatedEvent) => {
    const items: connect.ChatTranscriptItem[] = event.data.transcript;
    const token: string | undefined = event.data.previousTranscriptNextToken;
    console.log(
      items.map((item) => item.MessageMetadata?.Status ?? item.serializedContent),
      token,
    );
  });
  session.onAuthenticationInitiated((event: connect.ChatAuthenticationInitiatedEvent) =>
    console.log(JSON.parse(event.data.Content)),
  );
  session.onAuthenticationSuccessful((event: connect.ChatMessageEvent) => console.log(event.data.Id));
  session.onAuthenticationFailed((event: connect.ChatMessageEvent) => console.log(event.data.Id));
  session.onAuthenticationTimeout((event: connect.ChatMessageEvent) => console.log(event.data.Id));
  session.onAuthenticationCanceled((event: connect.ChatMessageEvent) => console.log(event.data.Id));
  session.onParticipantDisplayNameUpdated((event: connect.ChatParticipantDisplayNameUpdatedEvent) =>
    console.log(event.data.DisplayName.toUpperCase()),
  );
}

export async function controllers(controller: connect.ChatController): Promise<void> {
  controller.subscribe("CONNECTION_LOST", (event) => console.log(event));
  const sent: connect.ParticipantServiceResponse<connect.SendMessageResult> = await controller.sendMessage({
    message: "a",
    contentType: "text/csv",
  });
  await controller.sendEvent({
    contentType: "application/vnd.amazonaws.connect.event.connection.acknowledged",
  });
  await controller.sendAttachment({ attachment: file });
  await controller.getTranscript({});
  await controller.downloadAttachment({ attachmentId: "a" });
  await controller.getAttachmentURL({ attachmentId: "a" });
  await controller.describeView({ viewToken: undefined, InstanceId: undefined });
  await controller.getAuthenticationUrl({ redirectUri: "", sessionId: "" });
  await controller.cancelParticipantAuthentication({ sessionId: "" });
  await controller.connect();
  await controller.disconnectParticipant?.();
  controller.cleanUpOnParticipantDisconnect?.();
  console.log(sent, controller.getChatDetails().contactId);
}

export function library(chatDetails: connect.ChatDetailsInput, args: connect.CustomerChatSessionArgs): void {
  const types: connect.ChatSessionTypes = connect.ChatSession.SessionTypes;
  const levels: connect.ChatLogLevel = connect.ChatSession.LogLevel;
  const logger: connect.ChatLogger = connect.ChatSession.Logger;
  const made: connect.ChatSessionObject = connect.ChatSession;
  const about: connect.ChatJSObject = connect.ChatJS;
  const environment: "production" | "development" = about.build.environment;
  const names: string[] = [about.name, about.version, about.source, about.repository, about.build.timestamp];
  connect.ChatSession.create({ chatDetails, type: "AGENT", websocketManager: manager, options: {} });
  connect.ChatSession.create(args).disconnectParticipant();
  connect.ChatSession.setFeatureFlag("MESSAGE_RECEIPTS_ENABLED");
  connect.ChatSession.setRegionOverride("eu-west-2");
  const config: connect.ChatGlobalConfig = {
    loggerConfig: {
      customizedLogger: {
        debug: (...line: unknown[]) => console.debug(...line),
        info: (line: string) => console.info(line),
        warn: console.warn,
        error: console.error,
      },
      level: levels.DEBUG,
      useDefaultLogger: false,
    },
    region: "us-east-1",
    features: { messageReceipts: { shouldSendMessageReceipts: false, throttleTime: 1 } },
    customUserAgentSuffix: "mine",
    webSocketManagerConfig: { isNetworkOnline: () => navigator.onLine },
  };
  connect.ChatSession.setGlobalConfig(config);
  const region: string | undefined = config.region;
  const throttle: number | undefined = config.features?.messageReceipts?.throttleTime;
  console.log(types.AGENT, types.CUSTOMER, levels.ERROR, logger, made, environment, names, region, throttle);
}

export function metrics(csm: connect.CSMService): void {
  const dimensions = [{ name: "a", value: "b" }];
  csm.addCountMetric("name", "UI");
  csm.addCountMetric("name", "UI", dimensions);
  csm.addCountAndErrorMetric("name", "UI", false, dimensions);
  csm.addLatencyMetric("name", 1, "API", dimensions);
  csm.addLatencyMetricWithStartTime("name", 1, "API", dimensions);
  csm.addAgentCountMetric("name", 1);
  const metric: Record<string, unknown> = { metricName: "a" };
  csm.setDimensions(metric, csm.getDefaultDimensions());
  csm.addMetric(metric);
  csm.updateCsmConfig({ widgetType: "Mine" });
  csm.initializeCSM();
  csm.loadCsmScriptAndExecute();
  const waiting: Record<string, unknown>[] = [...csm.metricsToBePublished, ...csm.agentMetricToBePublished];
  console.log(waiting, csm.widgetType, csm.csmInitialized, csm.MAX_RETRY, csm._hasCSMFailedToImport());
  csm.logger.info("a", 1, {});
}
