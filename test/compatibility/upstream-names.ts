/** Returns names with their root, such as `session.connect`. */
const under = (root: string, names: string): string[] =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `${root}.${name}`);

const CALLS = `connect getTranscript sendMessage sendEvent sendAttachment downloadAttachment getAttachmentURL describeView
  getAuthenticationUrl cancelParticipantAuthentication sendMessageReceipt reset getChatDetails disconnectParticipant
  cleanUpOnParticipantDisconnect`;

/** Upstream 5.3's public names. The list is maintained by hand and must be complete. Types have their own test. */
export const UPSTREAM_NAMES: readonly string[] = [
  ...under("connect", "ChatClient ChatSession LogLevel LogManager WebSocketManager csmService ChatJS"),
  ...under(
    "connect.ChatSession",
    `ChatClient create setGlobalConfig setFeatureFlag setRegionOverride LogLevel Logger SessionTypes csmService`,
  ),
  ...under(
    "connect.LogManager",
    "getLogger updateLoggerConfig writeToClientLogger isLevelEnabled hasClientLogger selectLogger",
  ),
  ...under("logger", "debug info warn error advancedLog options"),
  ...under("connect.WebSocketManager", "create setGlobalConfig LogLevel Logger"),
  ...under(
    "connect.csmService",
    `addLatencyMetric addLatencyMetricWithStartTime addCountMetric addCountAndErrorMetric addAgentCountMetric addMetric
    setDimensions getDefaultDimensions updateCsmConfig initializeCSM loadCsmScriptAndExecute widgetType csmInitialized
    logger metricsToBePublished agentMetricToBePublished MAX_RETRY _hasCSMFailedToImport`,
  ),
  ...under("connect.ChatJS", "version name source repository build"),
  ...under(
    "setGlobalConfig",
    `loggerConfig.level loggerConfig.useDefaultLogger loggerConfig.customizedLogger loggerConfig.logger
    loggerConfig.advancedLogWriter csmConfig.widgetType region stage cell endpoint customUserAgentSuffix features
    features.messageReceipts.shouldSendMessageReceipts features.messageReceipts.throttleTime useDualStack
    customChatClient webSocketManagerConfig.isNetworkOnline`,
  ),
  ...under(
    "create",
    `chatDetails.contactId chatDetails.participantId chatDetails.participantToken chatDetails.initialContactId
    chatDetails.getConnectionToken type options.region options.customChatClient websocketManager disableCSM`,
  ),
  ...under("session", `${CALLS} controller`),
  ...under("controller", `${CALLS} contactId subscribe getConnectionStatus`),
  ...under(
    "session",
    `onMessage onTyping onReadReceipt onDeliveredReceipt onParticipantIdle onParticipantReturned onParticipantInvited
    onAutoDisconnection onAuthenticationInitiated onAuthenticationSuccessful onAuthenticationFailed
    onAuthenticationTimeout onAuthenticationExpired onAuthenticationCanceled onParticipantDisplayNameUpdated
    onChatRehydrated onEnded onConnectionEstablished onConnectionLost onConnectionBroken onDeepHeartbeatSuccess
    onDeepHeartbeatFailure onTranscriptUpdated`,
  ),
  ...under(
    "subscribe",
    `INCOMING_MESSAGE INCOMING_TYPING INCOMING_READ_RECEIPT INCOMING_DELIVERED_RECEIPT CONNECTION_ESTABLISHED
    CONNECTION_LOST CONNECTION_BROKEN CHAT_ENDED PARTICIPANT_IDLE PARTICIPANT_RETURNED PARTICIPANT_INVITED
    AUTODISCONNECTION DEEP_HEARTBEAT_SUCCESS DEEP_HEARTBEAT_FAILURE AUTHENTICATION_INITIATED AUTHENTICATION_SUCCESSFUL
    AUTHENTICATION_FAILED AUTHENTICATION_TIMEOUT AUTHENTICATION_EXPIRED AUTHENTICATION_CANCELED
    PARTICIPANT_DISPLAY_NAME_UPDATED CHAT_REHYDRATED TRANSCRIPT_UPDATED`,
  ),
  ...under(
    "client",
    `createParticipantConnection disconnectParticipant sendMessage sendEvent getTranscript sendAttachment
    downloadAttachment getAttachmentURL describeView getAuthenticationUrl cancelParticipantAuthentication`,
  ),
  ...under(
    "manager",
    `init subscribeTopics sendMessage onInitFailure onConnectionOpen onConnectionClose onConnectionGain onConnectionLost
    onSubscriptionUpdate onSubscriptionFailure onMessage onAllMessage onDeepHeartbeatSuccess onDeepHeartbeatFailure
    onTopicFailure closeWebSocket terminateWebSocketManager`,
  ),
];

/** Settings that upstream accepts, and that this library accepts without an effect that a test could detect. */
export const WITHOUT_EFFECT: readonly string[] = [
  "setGlobalConfig.reconnect",
  "create.options.stage",
  "create.options.cell",
];
