/**
 * Where each of the Participant Service's operations is sent: by POST, with its input as the body, and by GET where the
 * path ends in a slash, which the input's `ViewToken` follows. A test holds the table to the AWS SDK's own model.
 */
export const ROUTES = {
  CancelParticipantAuthentication: "/participant/cancel-authentication",
  CompleteAttachmentUpload: "/participant/complete-attachment-upload",
  CreateParticipantConnection: "/participant/connection",
  DescribeView: "/participant/views/",
  DisconnectParticipant: "/participant/disconnect",
  GetAttachment: "/participant/attachment",
  GetAuthenticationUrl: "/participant/authentication-url",
  GetTranscript: "/participant/transcript",
  SendEvent: "/participant/event",
  SendMessage: "/participant/message",
  StartAttachmentUpload: "/participant/start-attachment-upload",
} as const;
