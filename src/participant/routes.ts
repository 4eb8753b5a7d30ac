/**
 * The paths of the Participant Service's operations. Requests use POST, with the input as the body. A path that ends in
 * a slash uses GET, with the input's `ViewToken` appended. A test compares the table with the AWS SDK's model.
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
