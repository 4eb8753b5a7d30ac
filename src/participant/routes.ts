/**
 * The paths of the Participant Service's operations. A request uses POST with the input as its body. If the path ends
 * with a slash, the request uses GET and appends the input's `ViewToken` to the path. A test compares this table
 * with the AWS SDK's model.
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
