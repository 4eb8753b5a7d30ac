// Values that an application creates from the declarations, for its tests, a store or a wrapper.
import "amazon-connect-chatjs";

const details: connect.ChatDetails = {
  contactId: "c",
  initialContactId: "c",
  participantId: "p",
  participantToken: "t",
  connectionDetails: { connectionToken: "t", ConnectionId: "i", PreSignedConnectionUrl: "u" },
};

const item: connect.ChatTranscriptItem = {
  Id: "i",
  AbsoluteTime: "2026-01-01T00:00:00.000Z",
  Type: "MESSAGE",
  ContentType: "text/plain",
  Content: "Hello",
  ParticipantRole: "CUSTOMER",
  Attachments: [
    { AttachmentId: "a", AttachmentName: "a.txt", ContentType: "text/plain", Status: "APPROVED" },
  ],
};

export const established: connect.ChatConnectionEstablishedEvent = { chatDetails: details };
export const lost: connect.ChatConnectionLostEvent = { chatDetails: details };
export const broken: connect.ChatConnectionBrokenEvent = { chatDetails: details };
export const ended: connect.ChatEndedEvent = { chatDetails: details };
export const message: connect.ChatMessageEvent = {
  chatDetails: details,
  data: { ...item, ContentType: "text/plain" },
};
export const transcript: connect.ChatTranscriptUpdatedEvent = {
  chatDetails: details,
  data: { transcript: [item] },
};
export const levels: connect.ChatLogLevel = { DEBUG: 10, INFO: 20, WARN: 30, ERROR: 40 };
export const page: connect.GetTranscriptResult = {
  InitialContactId: "c",
  NextToken: "n",
  Transcript: [item],
};

/** Restores metrics that the application stored until a session could send them. */
export function restore(csm: connect.CSMService, kept: Record<string, unknown>[]): void {
  csm.metricsToBePublished.push(...kept);
  csm.metricsToBePublished = csm.metricsToBePublished.slice(-100);
}

/** Calls the application's handlers, as the library would. */
export function drive(onLost: (event: connect.ChatConnectionLostEvent) => void): void {
  onLost(lost);
}
