/** A snapshot with item signatures that commit 7b942bd took, and the transcript at that time. cspell:disable */
export const snapshotOf7b942bd = {
  stored: [
    {
      Id: "seen",
      Type: "MESSAGE",
      ContentType: "text/plain",
      Content: "text of stored-1",
      AbsoluteTime: "2026-01-01T00:00:00.000Z",
      ParticipantId: "them",
      ParticipantRole: "AGENT",
    },
    {
      Id: "file",
      Type: "ATTACHMENT",
      ContentType: "image/png",
      AbsoluteTime: "2026-01-01T00:00:00.000Z",
      ParticipantId: "them",
      ParticipantRole: "AGENT",
      Attachments: [
        {
          AttachmentId: "a",
          Status: "IN_PROGRESS",
        },
      ],
    },
    {
      Id: "answer",
      Type: "MESSAGE",
      ContentType: "text/plain",
      Content: "Let me",
      AbsoluteTime: "2026-01-01T00:00:00.000Z",
      ParticipantId: "them",
      ParticipantRole: "AGENT",
      MessageMetadata: {
        MessageId: "answer",
        MessageCompleted: false,
        ChunkNumber: 1,
      },
    },
  ],
  snapshot: {
    version: 1,
    contactId: "contact-1",
    participantId: "me",
    cursor: "2026-01-01T00:00:00.000Z",
    seen: {
      seen: "2ncou9-1xiubr1",
      file: "n63le4-c8mwr4",
      answer: "1c1an0n-njizp3",
    },
    unsent: {
      "00000000-0000-4000-8000-000000000002": {
        content: "unsent",
        contentType: "text/plain",
        clientToken: "00000000-0000-4000-8000-000000000001",
        sentAtMs: 1767225600000,
      },
    },
    answered: ["sent-1"],
  },
} as const;
