// Typed handlers and error details.
import {
  ChatError,
  isChatError,
  type ChatErrorCode,
  type ConnectionState,
  type ParticipantRole,
} from "amazon-connect-chatjs";

declare const session: connect.CustomerChatSession;

export function listen(signal: AbortSignal): () => void {
  const off: () => void = session.onMessage(({ data }, name: string) => console.log(data.Content, name), {
    signal,
  });
  session.on("message", ({ data, chatDetails }) => console.log(data.Id.length, chatDetails.contactId));
  session.on("typing", ({ data }) => {
    const type: "application/vnd.amazonaws.connect.event.typing" = data.ContentType;
    console.log(type);
  });
  session.on("ended", ({ data }) => {
    const nothing: null = data;
    console.log(nothing);
  });
  session.on("transcriptUpdated", ({ data: { transcript, previousTranscriptNextToken } }) =>
    console.log(transcript.length, previousTranscriptNextToken),
  );
  session.on("connectionEstablished", ({ connectSuccess, metadata }) =>
    console.log(connectSuccess, metadata),
  );
  session.on("connectionStateChanged", ({ data: { oldState, newState, reason } }) => {
    const states: ConnectionState[] = [oldState, newState];
    console.log(states, reason);
  });
  session.onConnectionStateChanged(({ data }) => {
    switch (data.newState) {
      case "idle":
      case "connecting":
      case "connected":
      case "reconnecting":
      case "broken":
      case "ended":
        return;
      default: {
        const never: never = data.newState;
        return never;
      }
    }
  });
  session.once("messagesRecovered", ({ data: { count, complete } }) =>
    console.log(count.toFixed(), complete),
  );
  session.onParticipantJoined(({ data, recovered }) => console.log(data.DisplayName, recovered === true));
  session.onTransferFailed(({ data }) => console.log(data.Id), { signal });
  session.onAuthenticationExpired(({ data }) => console.log(data.Id));
  session.on("deepHeartbeatFailure", ({ data }) => console.log(data.Id?.length));
  // An application function that handles any event.
  const log = (event: { chatDetails: connect.ChatDetails }): void => console.log(event.chatDetails.contactId);
  session.onMessage(log);
  session.on("connectionLost", log);
  return off;
}

export async function send(): Promise<string> {
  try {
    const { data, metadata } = await session.sendMessage({ message: "a", contentType: "text/plain" });
    const none: null = metadata;
    console.log(none);
    return data.Id;
  } catch (error) {
    if (!isChatError(error)) throw error;
    const code: ChatErrorCode = error.code;
    switch (error.code) {
      case "IllegalArgument":
        return error.field ?? "";
      case "ServiceError":
        return `${error.type} ${error.statusCode ?? 0}`;
      case "StorageError":
        return `${error.stage ?? ""} ${error.storageCode ?? ""}`;
      case "NetworkError": {
        const { messageId } = error;
        if (messageId === undefined) return code;
        const { data, metadata } = await session.resendMessage(messageId, { metadata: 1 });
        return data.Id + metadata.toFixed();
      }
      default:
        return error.retryable ? `retry in ${error.retryAfterMs ?? 0}` : code;
    }
  }
}

export function thrown(error: unknown): ChatErrorCode | undefined {
  return error instanceof ChatError ? error.code : undefined;
}

/** Compares a role with all of the service's roles. The declared type of an item's role has only upstream's roles. */
export function isPerson(item: connect.ChatTranscriptItem): boolean {
  const role = item.ParticipantRole as ParticipantRole | undefined;
  return role !== "SYSTEM" && role !== "CUSTOM_BOT";
}
