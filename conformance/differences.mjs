/** The requests that upload a three-byte CSV file. */
const uploadOf = (AttachmentName) => [
  {
    bearer: "<token 1>",
    body: { AttachmentName, AttachmentSizeInBytes: 3, ClientToken: "<uuid 1>", ContentType: "text/csv" },
    contentType: "application/json",
    operation: "StartAttachmentUpload",
    status: 200,
  },
  {
    bearer: "<token 1>",
    body: { AttachmentIds: ["<uuid 2>"], ClientToken: "<uuid 3>" },
    contentType: "application/json",
    operation: "CompleteAttachmentUpload",
    status: 200,
  },
];

/** The event for an incoming message. */
const delivered = (Content, role, recovered) => ({
  event: {
    chatDetails: "<getChatDetails()>",
    data: {
      AbsoluteTime: `<time of text/plain "${Content}">`,
      ContactId: "<contact>",
      Content,
      ContentType: "text/plain",
      DisplayName: role,
      Id: `<id of text/plain "${Content}">`,
      InitialContactId: "<contact>",
      ParticipantId: `${role.toLowerCase()}-of-<contact>`,
      ParticipantRole: role,
      Type: "MESSAGE",
    },
    ...recovered,
  },
  name: "INCOMING_MESSAGE",
  on: "onMessage",
});

/** A connection event without the outcome of connect(). */
const linkEvent = (name, on) => ({ event: { chatDetails: "<getChatDetails()>", data: {} }, name, on });
const ESTABLISHED = linkEvent("CONNECTION_ESTABLISHED", "onConnectionEstablished");
const LOST = linkEvent("CONNECTION_LOST", "onConnectionLost");

/** A rejection that the library itself raises. */
const rejected = (type, metadata) => ({ rejected: { message: "<text>", metadata, type } });

/** A session's request for the newest item. */
const NEWEST_ITEM = {
  bearer: "<agent's connection token>",
  body: { MaxResults: 1, ScanDirection: "BACKWARD", SortOrder: "ASCENDING", StartPosition: {} },
  contentType: "application/json",
  operation: "GetTranscript",
  status: 200,
};

/**
 * Features newer than upstream 5.0.0. api.md and behaviour.md specify them, and the tests named here check them. The
 * entries below only prove that nothing else differs.
 */
const NEWER = {
  customClient:
    "behaviour.md, A custom chat client (newer than 5.0.0; checked by test/field/custom-client.test.ts, test/unit/session/custom-client.test.ts, test/compatibility/rows/client.ts)",
  calls:
    "api.md, A session's calls: sendMessageReceipt() and reset() (newer than 5.0.0; checked by test/unit/session/message-receipts.test.ts and as-upstream.test.ts, test/compatibility/rows/calls.ts)",
  dualStack:
    "api.md, setGlobalConfig(config): useDualStack (newer than 5.0.0; checked by test/unit/session/configuration.test.ts, test/compatibility/rows/config.ts)",
  processing:
    "api.md, A session's calls: sendMessage() (MessageMetadata in data is newer than 5.0.0; checked by test/unit/conversation/outgoing-entries.test.ts)",
};

// The intended differences. Each entry names the decision behind it (a row of upstream-defects.md or field-cases.md, or
// a section of api.md, behaviour.md or wire.md), the observations it applies to, and our exact values by path. The path
// "" is the complete value, and "<absent>" is a missing value. Any other difference fails. An entry that no longer
// differs also fails.
export const INTENDED = [
  {
    row: NEWER.customClient,
    in: ["namespace / connect.ChatSession.ChatClient"],
    ours: {
      "": "function",
    },
  },
  {
    row: "upstream-defects.md #18",
    in: ["namespace / other globals"],
    ours: {
      "": [],
    },
  },
  {
    row: NEWER.calls,
    in: [
      "session members / customer's calls",
      "session members / controller's calls",
      "session members / agent's calls",
    ],
    ours: {
      reset: "function",
      sendMessageReceipt: "function",
    },
  },
  {
    row: "upstream-defects.md #7",
    in: ["session members / type that on… returns", "session members / type that subscribe returns"],
    ours: {
      "": "function",
    },
  },
  {
    row: "upstream-defects.md #9",
    in: ["create: invalid arguments / no arguments", "create: invalid arguments / null"],
    ours: {
      "threw.name": "IllegalArgument",
      "threw.field": "arguments",
    },
  },
  {
    row: "upstream-defects.md #9",
    in: ["create: invalid arguments / a string"],
    ours: {
      created: "<absent>",
      threw: {
        field: "arguments",
        isAnError: true,
        name: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #9",
    in: [
      "create: invalid arguments / no chatDetails",
      "create: invalid arguments / chatDetails is null",
      "create: invalid arguments / chatDetails is a string",
    ],
    ours: {
      created: "<absent>",
      threw: {
        field: "chatDetails",
        isAnError: true,
        name: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #9",
    in: [
      "create: invalid arguments / no contactId",
      "create: invalid arguments / contactId is a number",
      "create: invalid arguments / contactId is empty",
    ],
    ours: {
      created: "<absent>",
      threw: {
        field: "chatDetails.contactId",
        isAnError: true,
        name: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #9",
    in: [
      "create: invalid arguments / no participantId",
      "create: invalid arguments / participantId is a number",
    ],
    ours: {
      created: "<absent>",
      threw: {
        field: "chatDetails.participantId",
        isAnError: true,
        name: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #9",
    in: ["create: invalid arguments / initialContactId is a number"],
    ours: {
      created: "<absent>",
      threw: {
        field: "chatDetails.initialContactId",
        isAnError: true,
        name: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #9",
    in: [
      "create: invalid arguments / no participantToken",
      "create: invalid arguments / participantToken is a number",
    ],
    ours: {
      created: "<absent>",
      threw: {
        field: "chatDetails.participantToken",
        isAnError: true,
        name: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #9",
    in: ["create: invalid arguments / an unknown type"],
    ours: {
      "threw.field": "type",
    },
  },
  {
    row: "upstream-defects.md #9",
    in: [
      "create: invalid arguments / an agent without any token",
      "create: invalid arguments / an agent whose getConnectionToken isn't a function",
    ],
    ours: {
      created: "<absent>",
      threw: {
        field: "chatDetails.getConnectionToken",
        isAnError: true,
        name: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #9",
    in: ["create: invalid arguments / options is a string"],
    ours: {
      created: "<absent>",
      threw: {
        field: "options",
        isAnError: true,
        name: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #9",
    in: ["create: invalid arguments / websocketManager is a string"],
    ours: {
      created: "<absent>",
      threw: {
        field: "websocketManager",
        isAnError: true,
        name: "IllegalArgument",
      },
    },
  },
  {
    row: "api.md, A session's calls: getChatDetails() (null if absent)",
    in: [
      "create: valid arguments / camelCase",
      "create: valid arguments / PascalCase",
      "create: valid arguments / PascalCase with InitialContactId",
      "create: valid arguments / initialContactId",
      "create: valid arguments / custom fields",
      "create: valid arguments / options.region is undefined",
      "calls before connect / getChatDetails",
      "connect: fails with 400 / details",
      "connect: fails with 403 / details",
      "connect: fails with 404 / details",
      "connect: fails with 409 / details",
    ],
    ours: {
      connectionDetails: null,
    },
  },
  {
    row: "api.md, A session's calls: getChatDetails() (null if absent)",
    in: [
      "create: valid arguments / participantToken is null for an agent",
      "agent: connect / details before",
    ],
    ours: {
      connectionDetails: null,
      participantToken: null,
    },
  },
  {
    row: "api.md, A session's calls: getConnectionStatus() (upstream throws)",
    in: ["calls before connect / getConnectionStatus"],
    ours: {
      threw: "<absent>",
      returned: "NeverEstablished",
    },
  },
  {
    row: "upstream-defects.md #10",
    in: [
      "calls before connect / sendMessage",
      "calls before connect / sendEvent",
      "calls before connect / getTranscript",
      "disconnectParticipant / sendMessage after the end",
      "disconnectParticipant / sendEvent after the end",
      "disconnectParticipant / getTranscript after the end",
      "disconnectParticipant / getAttachmentURL after the end",
      "end of chat: event from the service / sendMessage",
      "end of chat: while the link is down / sendMessage",
    ],
    ours: {
      rejected: {
        message: "<text>",
        metadata: "m",
        type: "IllegalState",
      },
    },
  },
  {
    row: "upstream-defects.md #10",
    in: [
      "calls before connect / getAttachmentURL",
      "calls before connect / downloadAttachment",
      "calls before connect / sendAttachment",
      "calls before connect / disconnectParticipant",
      "disconnectParticipant / disconnectParticipant after the end",
    ],
    ours: {
      rejected: {
        message: "<text>",
        metadata: null,
        type: "IllegalState",
      },
    },
  },
  {
    row: "upstream-defects.md #10",
    in: ["calls before connect / describeView"],
    ours: {
      threw: "<absent>",
      rejected: {
        message: "<text>",
        metadata: null,
        type: "IllegalState",
      },
    },
  },
  {
    row: "api.md, A session's calls: getConnectionStatus() (upstream throws)",
    in: ["connect: success / status while starting"],
    ours: {
      threw: "<absent>",
      returned: "Establishing",
    },
  },
  {
    row: "upstream-defects.md #3",
    in: ["connect: success / events"],
    ours: {
      "": [
        {
          event: {
            _debug: {
              websocketStatus: "Starting",
            },
            chatDetails: "<getChatDetails()>",
            connectCalled: true,
            connectSuccess: true,
            data: {},
            metadata: {
              mine: 1,
            },
          },
          name: "CONNECTION_ESTABLISHED",
          on: "onConnectionEstablished",
        },
        {
          event: {
            chatDetails: "<getChatDetails()>",
            data: {
              AbsoluteTime: "<time of event.participant.joined>",
              ContactId: "<contact>",
              ContentType: "application/vnd.amazonaws.connect.event.participant.joined",
              DisplayName: "Customer",
              Id: "<id of event.participant.joined>",
              InitialContactId: "<contact>",
              ParticipantId: "<customer>",
              ParticipantRole: "CUSTOMER",
              Type: "EVENT",
            },
          },
          name: "INCOMING_MESSAGE",
          on: "onMessage",
        },
      ],
    },
  },
  {
    row: "upstream-defects.md #3",
    in: [
      "connect: handlers added after connect() / handlers added after await connect()",
      "connect: retried after a failure / events after the second call",
    ],
    ours: {
      "": [
        {
          event: {
            _debug: {
              websocketStatus: "Starting",
            },
            chatDetails: "<getChatDetails()>",
            connectCalled: true,
            connectSuccess: true,
            data: {},
            metadata: null,
          },
          name: "CONNECTION_ESTABLISHED",
          on: "onConnectionEstablished",
        },
        {
          event: {
            chatDetails: "<getChatDetails()>",
            data: {
              AbsoluteTime: "<time of event.participant.joined>",
              ContactId: "<contact>",
              ContentType: "application/vnd.amazonaws.connect.event.participant.joined",
              DisplayName: "Customer",
              Id: "<id of event.participant.joined>",
              InitialContactId: "<contact>",
              ParticipantId: "<customer>",
              ParticipantRole: "CUSTOMER",
              Type: "EVENT",
            },
          },
          name: "INCOMING_MESSAGE",
          on: "onMessage",
        },
      ],
    },
  },
  {
    row: "upstream-defects.md #2",
    in: ["connect: twice / first while pending"],
    ours: {
      "resolved.metadata": 1,
    },
  },
  {
    row: "upstream-defects.md #2",
    in: ["connect: twice / second while pending", "connect: twice / once connected"],
    ours: {
      returned: "<absent>",
      resolved: {
        _debug: {
          websocketStatus: "Starting",
        },
        connectCalled: true,
        connectSuccess: true,
        metadata: 1,
      },
    },
  },
  {
    row: "api.md, A session's calls: connect() (the service error's type, message and statusCode)",
    in: ["connect: fails with 400 / connect"],
    ours: {
      "rejected._debug._debug.metadata": null,
      "rejected._debug.reason": "CreateParticipantConnection failed",
      "rejected.message": "Not today",
      "rejected.statusCode": 400,
      "rejected.type": "ValidationException",
    },
  },
  {
    row: "api.md, A session's calls: getConnectionStatus() (upstream throws)",
    in: [
      "connect: fails with 400 / status",
      "connect: fails with 403 / status",
      "connect: fails with 404 / status",
      "connect: fails with 409 / status",
    ],
    ours: {
      threw: "<absent>",
      returned: "Broken",
    },
  },
  {
    row: "api.md, A session's calls: connect() (the service error's type, message and statusCode)",
    in: ["connect: fails with 403 / connect", "connect: retried after a failure / first"],
    ours: {
      "rejected._debug._debug.metadata": null,
      "rejected._debug.reason": "CreateParticipantConnection failed",
      "rejected.message": "Not today",
      "rejected.statusCode": 403,
      "rejected.type": "AccessDeniedException",
    },
  },
  {
    row: "api.md, A session's calls: connect() (the service error's type, message and statusCode)",
    in: ["connect: fails with 404 / connect"],
    ours: {
      "rejected._debug._debug.metadata": null,
      "rejected._debug.reason": "CreateParticipantConnection failed",
      "rejected.message": "Not today",
      "rejected.statusCode": 404,
      "rejected.type": "ResourceNotFoundException",
    },
  },
  {
    row: "api.md, A session's calls: connect() (the service error's type, message and statusCode)",
    in: ["connect: fails with 409 / connect"],
    ours: {
      "rejected._debug._debug.metadata": null,
      "rejected._debug.reason": "CreateParticipantConnection failed",
      "rejected.message": "Not today",
      "rejected.statusCode": 409,
      "rejected.type": "ConflictException",
    },
  },
  {
    row: "upstream-defects.md #2",
    in: ["connect: retried after a failure / second"],
    ours: {
      returned: "<absent>",
      resolved: {
        _debug: {
          websocketStatus: "Starting",
        },
        connectCalled: true,
        connectSuccess: true,
        metadata: null,
      },
    },
  },
  {
    row: "upstream-defects.md #2",
    in: ["connect: retried after a failure / is connected"],
    ours: {
      "": true,
    },
  },
  {
    row: "upstream-defects.md #2",
    in: ["connect: retried after a failure / sendMessage"],
    ours: {
      rejected: "<absent>",
      resolved: {
        data: {
          AbsoluteTime: '<time of text/plain "Hello">',
          Id: '<id of text/plain "Hello">',
        },
        metadata: null,
      },
    },
  },
  {
    row: "api.md, A session's calls: connect() (the service error's type, message and statusCode)",
    in: ["connect: persistent server error / connect"],
    ours: {
      "rejected._debug._debug.metadata": null,
      "rejected._debug.reason": "CreateParticipantConnection failed",
      "rejected.message": "Down",
      "rejected.statusCode": 500,
      "rejected.type": "InternalServerException",
    },
  },
  {
    row: "upstream-defects.md #8",
    in: ["connect: with metrics enabled / scripts injected"],
    ours: {
      "": 0,
    },
  },
  {
    row: "upstream-defects.md #8",
    in: ["connect: with metrics enabled / window.onbeforeunload"],
    ours: {
      "": "object",
    },
  },
  {
    row: "upstream-defects.md #8",
    in: ["connect: with metrics enabled / window.csm"],
    ours: {
      "": "undefined",
    },
  },
  {
    row: "upstream-defects.md #10",
    in: [
      "sendMessage: every content type / text/html",
      "sendMessage: every content type / video/mp4",
      "sendMessage: every content type / TEXT/PLAIN",
      "sendMessage: every content type / text/plain; charset=utf-8",
    ],
    ours: {
      "outcome.threw": "<absent>",
      "outcome.rejected": {
        message: "<text>",
        metadata: null,
        type: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #10",
    in: [
      "sendMessage: invalid arguments / no arguments",
      "sendAttachment: invalid arguments / no arguments",
      "downloadAttachment / no arguments",
      "describeView / no arguments",
      "getAuthenticationUrl / no arguments",
      "cancelParticipantAuthentication / no arguments",
    ],
    ours: {
      threw: "<absent>",
      rejected: {
        message: "<text>",
        metadata: null,
        type: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #10",
    in: [
      "sendMessage: invalid arguments / no message",
      "sendMessage: invalid arguments / message is a number",
      "sendMessage: invalid arguments / message is null",
      "sendMessage: invalid arguments / message is an object",
      "sendMessage: invalid arguments / no contentType",
      "sendMessage: invalid arguments / contentType is a number",
      "sendAttachment: invalid arguments / no attachment",
    ],
    ours: {
      threw: "<absent>",
      rejected: {
        message: "<text>",
        metadata: "m",
        type: "IllegalArgument",
      },
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["sendMessage: fails with 403 / outcome: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "x",
            ContentType: "text/plain",
          },
          contentType: "application/json",
          operation: "SendMessage",
          status: 403,
        },
        {
          bearer: "<participant token>",
          body: {
            Type: ["CONNECTION_CREDENTIALS"],
          },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 200,
        },
        {
          bearer: "<token 2>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "x",
            ContentType: "text/plain",
          },
          contentType: "application/json",
          operation: "SendMessage",
          status: 403,
        },
      ],
    },
  },
  {
    row: "behaviour.md, The bundled client (the status decides, before any parsing)",
    in: ["sendMessage: unusual errors / a proxy's HTML page"],
    ours: {
      "rejected.message": "SendMessage was refused with status 502. The service failed. Try again later.",
      "rejected.type": "InternalServerException",
      "rejected.statusCode": 502,
    },
  },
  {
    row: "behaviour.md, The bundled client (the status decides, before any parsing)",
    in: ["sendMessage: unusual errors / a proxy's HTML page: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "a proxy's HTML page",
            ContentType: "text/plain",
          },
          contentType: "application/json",
          operation: "SendMessage",
          status: 502,
        },
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "a proxy's HTML page",
            ContentType: "text/plain",
          },
          contentType: "application/json",
          operation: "SendMessage",
          status: 502,
        },
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "a proxy's HTML page",
            ContentType: "text/plain",
          },
          contentType: "application/json",
          operation: "SendMessage",
          status: 502,
        },
      ],
    },
  },
  {
    row: "api.md, A session's calls: a rejection's type (NetworkError for upstream's TypeError)",
    in: ["sendMessage: unusual errors / a connection that is always cut"],
    ours: {
      "rejected.type": "NetworkError",
    },
  },
  {
    row: "api.md, A session's calls: results and rejections (no $metadata and no AWS SDK stack; rejections are Errors)",
    in: ["AWS SDK fields / fields of data"],
    ours: {
      "": ["AbsoluteTime", "Id"],
    },
  },
  {
    row: "api.md, A session's calls: results and rejections (no $metadata and no AWS SDK stack; rejections are Errors)",
    in: ["AWS SDK fields / a rejection is an Error"],
    ours: {
      "": true,
    },
  },
  {
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; errors are rejections)",
    in: [
      "sendEvent: message content types and unknown ones / text/plain",
      "sendEvent: message content types and unknown ones / application/json",
    ],
    ours: {
      threw: "<absent>",
      rejected: {
        message: 'ContentType must begin with "application/vnd.amazonaws.connect.event.".',
        metadata: "m",
        statusCode: 400,
        type: "ValidationException",
      },
    },
  },
  {
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; errors are rejections)",
    in: ["sendEvent: message content types and unknown ones / text/plain: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "x",
            ContentType: "text/plain",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 400,
        },
      ],
    },
  },
  {
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; errors are rejections)",
    in: ["sendEvent: message content types and unknown ones / application/json: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "x",
            ContentType: "application/json",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 400,
        },
      ],
    },
  },
  {
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; errors are rejections)",
    in: [
      "sendEvent: message content types and unknown ones / text/html",
      "sendEvent: message content types and unknown ones / ",
      "sendEvent: message content types and unknown ones / undefined",
      "sendEvent: message content types and unknown ones / 7",
    ],
    ours: {
      threw: "<absent>",
      rejected: {
        message: "<text>",
        metadata: "m",
        type: "IllegalArgument",
      },
    },
  },
  {
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; errors are rejections)",
    in: ["sendEvent: message content types and unknown ones / no arguments"],
    ours: {
      threw: "<absent>",
      rejected: {
        message: "<text>",
        metadata: null,
        type: "IllegalArgument",
      },
    },
  },
  {
    row: "api.md, A session's calls: sendEvent() (content a string, or an object sent as JSON)",
    in: ["sendEvent: content / a string"],
    ours: {
      threw: "<absent>",
      resolved: {
        data: {
          AbsoluteTime: '<time of event.participant.joined "text">',
          Id: '<id of event.participant.joined "text">',
        },
        metadata: {
          m: 1,
        },
      },
    },
  },
  {
    row: "api.md, A session's calls: sendEvent() (content a string, or an object sent as JSON)",
    in: ["sendEvent: content / a string: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "text",
            ContentType: "application/vnd.amazonaws.connect.event.participant.joined",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 200,
        },
      ],
    },
  },
  {
    row: "api.md, A session's calls: sendEvent() (content a string, or an object sent as JSON)",
    in: ["sendEvent: content / an object"],
    ours: {
      rejected: "<absent>",
      resolved: {
        data: {
          AbsoluteTime: "<time of event.participant.active>",
          Id: "<id of event.participant.active>",
        },
        metadata: {
          m: 1,
        },
      },
    },
  },
  {
    row: "api.md, A session's calls: sendEvent() (content a string, or an object sent as JSON)",
    in: ["sendEvent: content / an object: requests"],
    ours: {
      "[0].body.Content": '{"a":1,"b":[2]}',
      "[0].status": 200,
    },
  },
  {
    row: "api.md, A session's calls: sendEvent() (content a string, or an object sent as JSON)",
    in: ["sendEvent: content / a number", "sendEvent: content / true"],
    ours: {
      "rejected.message": "<text>",
      "rejected.statusCode": "<absent>",
      "rejected.type": "IllegalArgument",
    },
  },
  {
    row: "api.md, A session's calls: sendEvent() (content a string, or an object sent as JSON)",
    in: ["sendEvent: content / a number: requests", "sendEvent: content / true: requests"],
    ours: {
      "": [],
    },
  },
  {
    row: "api.md, A session's calls: sendEvent() (a throttled typing call resolves with the earlier call's result)",
    in: ["sendEvent: typing is throttled / with content"],
    ours: {
      threw: "<absent>",
      resolved: {
        data: {
          AbsoluteTime: "<time of event.typing>",
          Id: "<id of event.typing>",
        },
        metadata: 3,
      },
    },
  },
  {
    row: "upstream-defects.md #13",
    in: ["sendEvent: typing in two sessions / second"],
    ours: {
      "resolved.data.AbsoluteTime": "<time of event.typing 2>",
      "resolved.data.Id": "<id of event.typing 2>",
    },
  },
  {
    row: "upstream-defects.md #13",
    in: ["sendEvent: typing in two sessions / second: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            ContentType: "application/vnd.amazonaws.connect.event.typing",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 200,
        },
      ],
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["sendEvent: fails with 403 / outcome: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            ContentType: "application/vnd.amazonaws.connect.event.connection.acknowledged",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 403,
        },
        {
          bearer: "<participant token>",
          body: {
            Type: ["CONNECTION_CREDENTIALS"],
          },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 200,
        },
        {
          bearer: "<token 2>",
          body: {
            ClientToken: "<uuid 1>",
            ContentType: "application/vnd.amazonaws.connect.event.connection.acknowledged",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 403,
        },
      ],
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["sendEvent: fails with 403 / typing: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            ContentType: "application/vnd.amazonaws.connect.event.typing",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 403,
        },
        {
          bearer: "<participant token>",
          body: {
            Type: ["CONNECTION_CREDENTIALS"],
          },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 200,
        },
        {
          bearer: "<token 2>",
          body: {
            ClientToken: "<uuid 1>",
            ContentType: "application/vnd.amazonaws.connect.event.typing",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 403,
        },
      ],
    },
  },
  {
    row: "behaviour.md, Sending (typing is never retried)",
    in: ["sendEvent: throttled by the service / typing: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            ContentType: "application/vnd.amazonaws.connect.event.typing",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 429,
        },
      ],
    },
  },
  {
    row: "upstream-defects.md #21",
    in: [
      "receipts: one read receipt / requests",
      "receipts: one delivered receipt / requests",
      "receipts: one delivered receipt / requests for read after delivered",
      "receipts: delivered, then read immediately / requests",
      "receipts: delivered and read of three messages / requests",
      "receipts: three read receipts in one window / requests",
      "receipts: rejected by the service / requests",
    ],
    ours: {
      "[0].body.ClientToken": "<uuid 1>",
    },
  },
  {
    row: "upstream-defects.md #5",
    in: ["receipts: delivered, then read immediately / outcomes"],
    ours: {
      "[0].pending": "<absent>",
      "[0].resolved": {
        data: {
          AbsoluteTime: "<time of event.message.metadata>",
          Id: "<id of event.message.metadata>",
        },
        metadata: "m",
      },
    },
  },
  {
    row: "upstream-defects.md #5",
    in: ["receipts: delivered and read of three messages / outcomes"],
    ours: {
      "[0].pending": "<absent>",
      "[0].resolved": {
        data: {
          AbsoluteTime: "<time of event.message.metadata>",
          Id: "<id of event.message.metadata>",
        },
        metadata: "m",
      },
      "[2].pending": "<absent>",
      "[2].resolved": {
        data: {
          AbsoluteTime: "<time of event.message.metadata>",
          Id: "<id of event.message.metadata>",
        },
        metadata: "m",
      },
      "[4].pending": "<absent>",
      "[4].resolved": {
        data: {
          AbsoluteTime: "<time of event.message.metadata>",
          Id: "<id of event.message.metadata>",
        },
        metadata: "m",
      },
    },
  },
  {
    row: "upstream-defects.md #21",
    in: ["receipts: disableThrottle / requests", "receipts: ClientTokens of two read receipts / requests"],
    ours: {
      "[0].body.ClientToken": "<uuid 1>",
      "[1].body.ClientToken": "<uuid 2>",
    },
  },
  {
    row: "api.md, A session's calls: sendEvent() (content a string, or an object sent as JSON)",
    in: ["receipts: content is an object / outcome"],
    ours: {
      rejected: "<absent>",
      resolved: {
        data: {
          AbsoluteTime: "<time of event.message.metadata>",
          Id: "<id of event.message.metadata>",
        },
        metadata: "m",
      },
    },
  },
  {
    row: "api.md, A session's calls: sendEvent() (content a string, or an object sent as JSON)",
    in: ["receipts: content is an object / outcome: requests"],
    ours: {
      "[0].body.ClientToken": "<uuid 1>",
      "[0].body.Content": '{"messageId":"<id of text/plain "message 1">"}',
      "[0].status": 200,
    },
  },
  {
    row: "upstream-defects.md #10",
    in: ["receipts: invalid arguments / no content"],
    ours: {
      threw: "<absent>",
      rejected: {
        data: {
          contentType: "application/vnd.amazonaws.connect.event.message.read",
          metadata: "m",
        },
        errorMessage: "<text>",
        message: "<text>",
        metadata: "m",
        type: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #10",
    in: [
      "receipts: invalid arguments / an empty object",
      "receipts: invalid arguments / messageId is empty",
      "receipts: invalid arguments / messageId is null",
    ],
    ours: {
      "rejected.message": "<text>",
      "rejected.metadata": "m",
      "rejected.type": "IllegalArgument",
    },
  },
  {
    row: "upstream-defects.md #10",
    in: ["receipts: invalid arguments / not JSON"],
    ours: {
      threw: "<absent>",
      rejected: {
        data: {
          content: "read it",
          contentType: "application/vnd.amazonaws.connect.event.message.read",
          metadata: "m",
        },
        errorMessage: "<text>",
        message: "<text>",
        metadata: "m",
        type: "IllegalArgument",
      },
    },
  },
  {
    row: "upstream-defects.md #10",
    in: [
      "receipts: disabled / read",
      "receipts: disabled / delivered",
      "receipts: disabled / disableThrottle",
    ],
    ours: {
      "rejected.message": "<text>",
      "rejected.metadata": "m",
      "rejected.type": "IllegalState",
    },
  },
  {
    row: "upstream-defects.md #11",
    in: [
      "receipts: still disabled after a later setGlobalConfig / after a later setGlobalConfig without features",
    ],
    ours: {
      resolved: "<absent>",
      rejected: {
        data: {
          content: '{"messageId":"<id of text/plain "message 1">","disableThrottle":true}',
          contentType: "application/vnd.amazonaws.connect.event.message.read",
          metadata: "m",
        },
        errorMessage: "<text>",
        message: "<text>",
        metadata: "m",
        type: "IllegalState",
      },
    },
  },
  {
    row: "upstream-defects.md #11",
    in: ["receipts: still disabled after a later setGlobalConfig / requests"],
    ours: {
      "": [],
    },
  },
  {
    row: "behaviour.md, Receipts (a failed receipt counts as unsent; rejections have errorMessage and data)",
    in: ["receipts: rejected by the service / read"],
    ours: {
      "rejected.data": {
        content: '{"messageId":"<id of text/plain "message 1">"}',
        contentType: "application/vnd.amazonaws.connect.event.message.read",
        metadata: "m",
      },
      "rejected.errorMessage": "More than two",
    },
  },
  {
    row: "behaviour.md, Receipts (a failed receipt counts as unsent; rejections have errorMessage and data)",
    in: ["receipts: rejected by the service / retried"],
    ours: {
      "resolved.message": "<absent>",
      "resolved.data": {
        AbsoluteTime: "<time of event.message.metadata>",
        Id: "<id of event.message.metadata>",
      },
    },
  },
  {
    row: "behaviour.md, Receipts (a failed receipt counts as unsent; rejections have errorMessage and data)",
    in: ["receipts: rejected by the service / requests when retried"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: '{"messageId":"<id of text/plain "message 1">"}',
            ContentType: "application/vnd.amazonaws.connect.event.message.read",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 200,
        },
      ],
    },
  },
  {
    row: "upstream-defects.md #14",
    in: [
      "receipts: with and without contact IDs / with another contact's ID",
      "agent: two chats on one manager / a receipt without IDs: second session",
      "agent: two chats on one manager / a receipt with IDs: second session",
    ],
    ours: {
      "": [],
    },
  },
  {
    row: "upstream-defects.md #10",
    in: [
      "getTranscript: failures / maxResults is a string",
      "sendAttachment: invalid arguments / attachment is a string",
      "sendAttachment: invalid arguments / an empty file",
      "sendAttachment: invalid arguments / a picker object without a size",
      "downloadAttachment / no attachmentId",
      "downloadAttachment / attachmentId is a number",
      "getAttachmentURL / no attachmentId",
      "getAuthenticationUrl / no sessionId",
      "getAuthenticationUrl / no redirectUri",
      "cancelParticipantAuthentication / no sessionId",
    ],
    ours: {
      "rejected.message": "<text>",
      "rejected.statusCode": "<absent>",
      "rejected.type": "IllegalArgument",
    },
  },
  {
    row: "upstream-defects.md #10",
    in: [
      "getTranscript: failures / maxResults is a string: requests",
      "getTranscript: failures / startPosition is a string: requests",
      "sendAttachment: invalid arguments / attachment is a string: requests",
      "sendAttachment: invalid arguments / an empty file: requests",
      "sendAttachment: invalid arguments / a picker object without a size: requests",
      "downloadAttachment / no attachmentId: requests",
      "downloadAttachment / attachmentId is a number: requests",
      "getAttachmentURL / no attachmentId: requests",
      "getAuthenticationUrl / no sessionId: requests",
      "getAuthenticationUrl / no redirectUri: requests",
      "cancelParticipantAuthentication / no sessionId: requests",
    ],
    ours: {
      "": [],
    },
  },
  {
    row: "upstream-defects.md #10",
    in: ["getTranscript: failures / startPosition is a string"],
    ours: {
      resolved: "<absent>",
      rejected: {
        message: "<text>",
        metadata: "m",
        type: "IllegalArgument",
      },
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["getTranscript: failures / refused with 403: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            MaxResults: 15,
            ScanDirection: "BACKWARD",
            SortOrder: "ASCENDING",
            StartPosition: {},
          },
          contentType: "application/json",
          operation: "GetTranscript",
          status: 403,
        },
        {
          bearer: "<participant token>",
          body: {
            Type: ["CONNECTION_CREDENTIALS"],
          },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 200,
        },
        {
          bearer: "<token 2>",
          body: {
            MaxResults: 15,
            ScanDirection: "BACKWARD",
            SortOrder: "ASCENDING",
            StartPosition: {},
          },
          contentType: "application/json",
          operation: "GetTranscript",
          status: 403,
        },
      ],
    },
  },
  {
    row: "behaviour.md, Transcript (Status throughout a message's life; previousTranscriptNextToken starts as null)",
    in: [
      "onTranscriptUpdated / at connect: the last snapshot",
      "onTranscriptUpdated / a message from the agent: the last snapshot",
    ],
    ours: {
      previousTranscriptNextToken: null,
    },
  },
  {
    row: "behaviour.md, Transcript (Status throughout a message's life; previousTranscriptNextToken starts as null)",
    in: [
      "onTranscriptUpdated / an outgoing message: the last snapshot",
      "onTranscriptUpdated / typing: the last snapshot",
    ],
    ours: {
      "transcript[2].MessageMetadata": {
        MessageId: '<id of text/plain "Hello">',
        Status: "SENT",
      },
      previousTranscriptNextToken: null,
    },
  },
  {
    row: "behaviour.md, Transcript (Status throughout a message's life; previousTranscriptNextToken starts as null)",
    in: ["onTranscriptUpdated: a pending message / once sent"],
    ours: {
      MessageMetadata: {
        MessageId: '<id of text/plain "Slow">',
        Status: "SENT",
      },
    },
  },
  {
    row: "behaviour.md, Transcript (Status throughout a message's life; previousTranscriptNextToken starts as null)",
    in: [
      "onTranscriptUpdated: a pending message / once delivered",
      "onTranscriptUpdated: a pending message / once read",
    ],
    ours: {
      MessageId: '<id of text/plain "Slow">',
    },
  },
  {
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; errors are rejections)",
    in: ["sendMessage: every content type / application/vnd.amazonaws.connect.event.dance"],
    ours: {
      requests: [
        {
          body: {
            ClientToken: "<uuid 1>",
            Content: "as application/vnd.amazonaws.connect.event.dance",
            ContentType: "application/vnd.amazonaws.connect.event.dance",
          },
          operation: "SendMessage",
        },
      ],
      "outcome.threw": "<absent>",
      "outcome.resolved": {
        data: {
          AbsoluteTime: '<time of event.dance "as application/vnd.a">',
          Id: '<id of event.dance "as application/vnd.a">',
        },
        metadata: null,
      },
    },
  },
  {
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; errors are rejections)",
    in: ["sendEvent: message content types and unknown ones / application/vnd.amazonaws.connect.event.dance"],
    ours: {
      threw: "<absent>",
      resolved: {
        data: { AbsoluteTime: '<time of event.dance "x">', Id: '<id of event.dance "x">' },
        metadata: "m",
      },
    },
  },
  {
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; errors are rejections)",
    in: [
      "sendEvent: message content types and unknown ones / application/vnd.amazonaws.connect.event.dance: requests",
    ],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "x",
            ContentType: "application/vnd.amazonaws.connect.event.dance",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 200,
        },
      ],
    },
  },
  {
    row: "field-cases.md C18 (the error says what FORWARD needs)",
    in: [
      "getTranscript: failures / FORWARD without startPosition",
      "getTranscript: failures / FORWARD with an empty startPosition",
    ],
    ours: {
      "rejected.message":
        'Validation exception due to invalid parameter (scanDirection "FORWARD" needs a startPosition: pass an id, an absoluteTime or mostRecent.)',
    },
  },
  {
    row: "field-cases.md C12 (a type unknown to the browser)",
    in: ["sendAttachment / no type"],
    ours: {
      "rejected.message":
        "AttachmentName must end in one of .csv, .doc, .docx, .heic, .jfif, .jpg, .jpeg, .mov, .mp4, .pdf, .png, .ppt, .pptx, .rtf, .txt, .wav, .xls, .xlsx.",
    },
  },
  {
    row: "field-cases.md C12 (a type unknown to the browser)",
    in: ["sendAttachment / no type: requests"],
    ours: {
      "[0].body.ContentType": "application/octet-stream",
    },
  },
  {
    row: "field-cases.md C24 (files without a name or a type)",
    in: ["sendAttachment / no type but a known extension", "sendAttachment / a Blob without a name"],
    ours: {
      rejected: "<absent>",
      resolved: { data: {}, metadata: "m" },
    },
  },
  {
    row: "field-cases.md C24 (files without a name or a type)",
    in: ["sendAttachment / no type but a known extension: requests"],
    ours: {
      "": uploadOf("data.csv"),
    },
  },
  {
    row: "field-cases.md C24 (files without a name or a type)",
    in: ["sendAttachment / a Blob without a name: requests"],
    ours: {
      "": uploadOf("attachment.csv"),
    },
  },
  {
    row: "upstream-defects.md #4",
    in: ["sendAttachment: failures / refused by storage"],
    ours: {
      "rejected.message":
        "Attachment storage refused the request with status 403 and code AccessDenied. The signed URL may have expired. Try again.",
      "rejected.statusCode": 403,
      "rejected.type": "AccessDenied",
    },
  },
  {
    row: "upstream-defects.md #4",
    in: ["sendAttachment: failures / refused by storage: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            AttachmentName: "note.txt",
            AttachmentSizeInBytes: 9,
            ClientToken: "<uuid 1>",
            ContentType: "text/plain",
          },
          contentType: "application/json",
          operation: "StartAttachmentUpload",
          status: 200,
        },
      ],
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["downloadAttachment / refused with 403: requests", "getAttachmentURL / refused with 403: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            AttachmentId: "<uuid 1>",
          },
          contentType: "application/json",
          operation: "GetAttachment",
          status: 403,
        },
        {
          bearer: "<participant token>",
          body: {
            Type: ["CONNECTION_CREDENTIALS"],
          },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 200,
        },
        {
          bearer: "<token 2>",
          body: {
            AttachmentId: "<uuid 1>",
          },
          contentType: "application/json",
          operation: "GetAttachment",
          status: 403,
        },
      ],
    },
  },
  {
    row: "upstream-defects.md #4",
    in: ["downloadAttachment / refused by storage"],
    ours: {
      resolved: "<absent>",
      rejected: {
        message:
          "Attachment storage refused the request with status 403 and code AccessDenied. The signed URL may have expired. Try again.",
        metadata: "m",
        statusCode: 403,
        type: "AccessDenied",
      },
    },
  },
  {
    row: "upstream-defects.md #10",
    in: ["describeView / no viewToken", "describeView / viewToken is empty"],
    ours: {
      "rejected.type": "IllegalArgument",
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["describeView / refused with 403: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {},
          contentType: null,
          operation: "DescribeView",
          status: 403,
        },
        {
          bearer: "<participant token>",
          body: {
            Type: ["CONNECTION_CREDENTIALS"],
          },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 200,
        },
        {
          bearer: "<token 2>",
          body: {},
          contentType: null,
          operation: "DescribeView",
          status: 403,
        },
      ],
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["getAuthenticationUrl / refused with 403: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            RedirectUri: "https://example.com/back?a=1",
            SessionId: "s",
          },
          contentType: "application/json",
          operation: "GetAuthenticationUrl",
          status: 403,
        },
        {
          bearer: "<participant token>",
          body: {
            Type: ["CONNECTION_CREDENTIALS"],
          },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 200,
        },
        {
          bearer: "<token 2>",
          body: {
            RedirectUri: "https://example.com/back?a=1",
            SessionId: "s",
          },
          contentType: "application/json",
          operation: "GetAuthenticationUrl",
          status: 403,
        },
      ],
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["cancelParticipantAuthentication / refused with 403: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            SessionId: "s",
          },
          contentType: "application/json",
          operation: "CancelParticipantAuthentication",
          status: 403,
        },
        {
          bearer: "<participant token>",
          body: {
            Type: ["CONNECTION_CREDENTIALS"],
          },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 200,
        },
        {
          bearer: "<token 2>",
          body: {
            SessionId: "s",
          },
          contentType: "application/json",
          operation: "CancelParticipantAuthentication",
          status: 403,
        },
      ],
    },
  },
  {
    row: "api.md, A session's calls: success is {data, metadata}, with metadata null if absent",
    in: ["disconnectParticipant / success", "disconnectParticipant: rejected by the service / retried"],
    ours: {
      "resolved.metadata": null,
    },
  },
  {
    row: "api.md, A session's calls: success is {data, metadata}, with metadata null if absent",
    in: ["disconnectParticipant: rejected by the service / refused with 403"],
    ours: {
      "rejected.metadata": null,
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["disconnectParticipant: rejected by the service / refused with 403: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
          },
          contentType: "application/json",
          operation: "DisconnectParticipant",
          status: 403,
        },
        {
          bearer: "<participant token>",
          body: {
            Type: ["CONNECTION_CREDENTIALS"],
          },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 200,
        },
        {
          bearer: "<token 2>",
          body: {
            ClientToken: "<uuid 1>",
          },
          contentType: "application/json",
          operation: "DisconnectParticipant",
          status: 403,
        },
      ],
    },
  },
  {
    row: "upstream-defects.md #17",
    in: ["incoming: the same frame twice / events"],
    ours: {
      "": [
        {
          event: {
            chatDetails: "<getChatDetails()>",
            data: {
              AbsoluteTime: '<time of text/plain "Once">',
              ContactId: "<contact>",
              Content: "Once",
              ContentType: "text/plain",
              Id: "one",
              InitialContactId: "<contact>",
              Type: "MESSAGE",
            },
          },
          name: "INCOMING_MESSAGE",
          on: "onMessage",
        },
      ],
    },
  },
  {
    row: "upstream-defects.md #16",
    in: ["incoming: malformed frames / uncaught page errors"],
    ours: {
      "": 0,
    },
  },
  {
    row: "upstream-defects.md #2",
    in: ["end of chat: event from the service / connect"],
    ours: {
      returned: "<absent>",
      rejected: {
        _debug: {
          _debug: {
            message: "<text>",
            metadata: null,
            type: "IllegalState",
          },
          reason: "connect(): the chat has ended. Create a session for a new chat.",
        },
        connectCalled: true,
        connectSuccess: false,
        message: "<text>",
        metadata: null,
        type: "IllegalState",
      },
    },
  },
  {
    row: "api.md, Events: onConnectionEstablished (data {})",
    in: [
      "agent: connect / events at connect",
      "agent: a first gain after connect() / events at connect",
      "agent: loss and gain on Streams' manager / events at connect",
      "agent: manager init failure / events at connect",
      "agent: getConnectionToken fails, with a participant token / events",
      "agent: end of chat / events at connect",
      "agent: transfer.succeeded / events at connect",
      "agent: cleanUpOnParticipantDisconnect / events at connect",
    ],
    ours: {
      "[0].event.data": {},
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["an expired connection token / sendMessage"],
    ours: {
      rejected: "<absent>",
      resolved: {
        data: {
          AbsoluteTime: '<time of text/plain "x">',
          Id: '<id of text/plain "x">',
        },
        metadata: "m",
      },
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["an expired connection token / sendMessage: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "x",
            ContentType: "text/plain",
          },
          contentType: "application/json",
          operation: "SendMessage",
          status: 403,
        },
        {
          bearer: "<participant token>",
          body: {
            Type: ["CONNECTION_CREDENTIALS"],
          },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 200,
        },
        {
          bearer: "<token 2>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "x",
            ContentType: "text/plain",
          },
          contentType: "application/json",
          operation: "SendMessage",
          status: 200,
        },
      ],
    },
  },
  {
    row: "behaviour.md, Connecting (an agent's connection is acknowledged with the agent's own token)",
    in: ["agent: connect / connect: requests", "agent: a first gain after connect() / connect: requests"],
    ours: {
      "[0].bearer": "<agent's connection token>",
      "[0].status": 200,
    },
  },
  {
    row: "behaviour.md, Connecting (an agent's connection is acknowledged with the agent's own token)",
    in: ["agent: connect / details after"],
    ours: {
      "connectionDetails.connectionAcknowledged": true,
      participantToken: null,
    },
  },
  {
    row: "behaviour.md, Connecting (a gain without an earlier loss starts a recovery, without a second onConnectionEstablished)",
    in: ["agent: a first gain after connect() / a gain without an earlier loss"],
    ours: {
      "[0].event.data.AbsoluteTime": "<time of event.participant.joined>",
      "[0].event.data.ContactId": "<contact>",
      "[0].event.data.ContentType": "application/vnd.amazonaws.connect.event.participant.joined",
      "[0].event.data.DisplayName": "Agent",
      "[0].event.data.Id": "<id of event.participant.joined>",
      "[0].event.data.InitialContactId": "<contact>",
      "[0].event.data.ParticipantId": "<agent>",
      "[0].event.data.ParticipantRole": "AGENT",
      "[0].event.data.Type": "EVENT",
      "[0].event.recovered": true,
      "[0].name": "INCOMING_MESSAGE",
      "[0].on": "onMessage",
    },
  },
  {
    row: "behaviour.md, Connecting (an agent's connection is acknowledged with the agent's own token)",
    in: ["agent: connect / getTranscript"],
    ours: {
      "resolved.data.NextToken": "<page token 1>",
    },
  },
  {
    row: "behaviour.md, One state, one table (a lost link can't be lost again)",
    in: ["agent: loss and gain on Streams' manager / lost again"],
    ours: {
      "": [],
    },
  },
  {
    row: "api.md, A session's calls: connect() (the service error's type, message and statusCode)",
    in: ["agent: getConnectionToken fails / connect"],
    ours: {
      "rejected._debug.reason": "CreateParticipantConnection failed",
      "rejected._debug.message": "<absent>",
      "rejected._debug._debug": {
        message: "Access denied: the token is wrong or has expired.",
        metadata: null,
        statusCode: 403,
        type: "AccessDeniedException",
      },
      "rejected.message": "Access denied: the token is wrong or has expired.",
      "rejected.statusCode": 403,
      "rejected.type": "AccessDeniedException",
    },
  },
  {
    row: NEWER.customClient,
    in: ["custom chat client: options / connect", "custom chat client: global / connect"],
    ours: {
      rejected: "<absent>",
      resolved: {
        _debug: {
          websocketStatus: "Starting",
        },
        connectCalled: true,
        connectSuccess: true,
        metadata: "m",
      },
    },
  },
  {
    row: NEWER.customClient,
    in: ["custom chat client: connect fails / connect"],
    ours: {
      resolved: "<absent>",
      rejected: {
        _debug: {
          _debug: {
            message: "Backend says no",
            metadata: null,
            statusCode: 418,
            type: "BackendError",
          },
          reason: "CreateParticipantConnection failed",
        },
        connectCalled: true,
        connectSuccess: false,
        message: "Backend says no",
        metadata: "m",
        statusCode: 418,
        type: "BackendError",
      },
    },
  },
  {
    row: NEWER.dualStack,
    in: ["config: dual stack / on", "config: dual stack / not a boolean"],
    ours: {
      "[0]": "POST https://participant.connect.eu-central-1.api.aws/participant/connection",
    },
  },
  {
    row: "wire.md, Participant Service (requests aren't signed)",
    in: ["config: headers / names"],
    ours: {
      "[0]": ["content-type", "x-amz-bearer", "x-amz-user-agent"],
      "[1]": ["content-type", "x-amz-bearer", "x-amz-user-agent"],
    },
  },
  {
    row: "upstream-defects.md #11",
    in: ["config: the logger is kept / lines"],
    ours: {
      "": ['ERROR ["after a call without loggerConfig"] '],
    },
  },
  {
    row: NEWER.calls,
    in: ["sendMessageReceipt / read"],
    ours: {
      "": {
        resolved: {
          data: {
            AbsoluteTime: "<time of event.message.metadata>",
            Id: "<id of event.message.metadata>",
          },
          metadata: "m",
        },
      },
    },
  },
  {
    row: NEWER.calls,
    in: ["sendMessageReceipt / read: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: '{"messageId":"<id of text/plain "message 1">"}',
            ContentType: "application/vnd.amazonaws.connect.event.message.read",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 200,
        },
      ],
    },
  },
  {
    row: NEWER.calls,
    in: ["sendMessageReceipt / delivered"],
    ours: {
      "": {
        resolved: {
          data: {
            AbsoluteTime: "<time of event.message.metadata 2>",
            Id: "<id of event.message.metadata 2>",
          },
          metadata: null,
        },
      },
    },
  },
  {
    row: NEWER.calls,
    in: ["sendMessageReceipt / delivered: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: '{"messageId":"<id of text/plain "message 2">"}',
            ContentType: "application/vnd.amazonaws.connect.event.message.delivered",
          },
          contentType: "application/json",
          operation: "SendEvent",
          status: 200,
        },
      ],
    },
  },
  {
    row: NEWER.calls,
    in: ["sendMessageReceipt / an invalid event"],
    ours: {
      "": {
        rejected: {
          data: {
            event: "seen",
            messageId: '<id of text/plain "message 2">',
            metadata: "m",
          },
          errorMessage: "<text>",
          message: "<text>",
          metadata: "m",
          type: "IllegalArgument",
        },
      },
    },
  },
  {
    row: NEWER.calls,
    in: [
      "sendMessageReceipt / an invalid event: requests",
      "sendMessageReceipt / no message ID: requests",
      "reset / reset: requests",
      "reset / events",
      "reset / events of the old handlers",
    ],
    ours: {
      "": [],
    },
  },
  {
    row: NEWER.calls,
    in: ["sendMessageReceipt / no message ID"],
    ours: {
      "": {
        rejected: {
          data: {
            event: "read",
            metadata: "m",
          },
          errorMessage: "<text>",
          message: "<text>",
          metadata: "m",
          type: "IllegalArgument",
        },
      },
    },
  },
  {
    row: NEWER.calls,
    in: ["reset / reset"],
    ours: {
      "": {
        resolved: "<undefined>",
      },
    },
  },
  {
    row: NEWER.calls,
    in: ["reset / sockets"],
    ours: {
      "": 0,
    },
  },
  {
    row: NEWER.calls,
    in: ["reset / details"],
    ours: {
      "": {
        connectionDetails: null,
        contactId: "<contact>",
        initialContactId: "<contact>",
        participantId: "<customer>",
        participantToken: "<participant token>",
      },
    },
  },
  {
    row: NEWER.calls,
    in: ["reset / sendMessage after reset"],
    ours: {
      "": {
        rejected: {
          message: "<text>",
          metadata: null,
          type: "IllegalState",
        },
      },
    },
  },
  {
    row: NEWER.calls,
    in: ["reset / connect again"],
    ours: {
      "": {
        resolved: {
          _debug: {
            websocketStatus: "Starting",
          },
          connectCalled: true,
          connectSuccess: true,
          metadata: "again",
        },
      },
    },
  },
  {
    row: NEWER.calls,
    in: ["reset / connect again: requests"],
    ours: {
      "": [
        {
          bearer: "<participant token>",
          body: {
            Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"],
          },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 200,
        },
      ],
    },
  },
  {
    row: NEWER.calls,
    in: ["reset / events of the new handlers"],
    ours: {
      "": [
        {
          event: {
            _debug: {
              websocketStatus: "Starting",
            },
            chatDetails: "<getChatDetails()>",
            connectCalled: true,
            connectSuccess: true,
            data: {},
            metadata: "again",
          },
          name: "CONNECTION_ESTABLISHED",
          on: "onConnectionEstablished",
        },
      ],
    },
  },
  {
    row: NEWER.calls,
    in: ["reset / a message"],
    ours: {
      "": [
        {
          event: {
            chatDetails: "<getChatDetails()>",
            data: {
              AbsoluteTime: '<time of text/plain "Still there?">',
              ContactId: "<contact>",
              Content: "Still there?",
              ContentType: "text/plain",
              DisplayName: "AGENT",
              Id: '<id of text/plain "Still there?">',
              InitialContactId: "<contact>",
              ParticipantId: "agent-of-<contact>",
              ParticipantRole: "AGENT",
              Type: "MESSAGE",
            },
          },
          name: "INCOMING_MESSAGE",
          on: "onMessage",
        },
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / connect: client calls",
      "custom chat client: global / connect: client calls",
    ],
    ours: {
      "": [
        [
          "createParticipantConnection",
          "<participant token>",
          ["WEBSOCKET", "CONNECTION_CREDENTIALS"],
          null,
          {
            signal: {},
          },
        ],
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: ["custom chat client: options / sendMessage", "custom chat client: global / sendMessage"],
    ours: {
      "": {
        resolved: {
          data: {
            AbsoluteTime: "<time 1>",
            Id: "m1",
          },
          metadata: "m",
        },
      },
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / sendMessage: client calls",
      "custom chat client: global / sendMessage: client calls",
    ],
    ours: {
      "": [
        [
          "sendMessage",
          "<token 1>",
          "x",
          "text/plain",
          "<uuid 1>",
          {
            signal: {},
          },
        ],
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: ["custom chat client: options / sendEvent", "custom chat client: global / sendEvent"],
    ours: {
      "": {
        resolved: {
          data: {
            AbsoluteTime: "<time 1>",
            Id: "e1",
          },
          metadata: "m",
        },
      },
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / sendEvent: client calls",
      "custom chat client: global / sendEvent: client calls",
    ],
    ours: {
      "": [
        [
          "sendEvent",
          "<token 1>",
          "application/vnd.amazonaws.connect.event.typing",
          null,
          "<uuid 1>",
          {
            signal: {},
          },
        ],
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: ["custom chat client: options / getTranscript", "custom chat client: global / getTranscript"],
    ours: {
      "": {
        resolved: {
          data: {
            InitialContactId: "i",
            NextToken: "<page token 1>",
            Transcript: [],
          },
          metadata: "m",
        },
      },
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / getTranscript: client calls",
      "custom chat client: global / getTranscript: client calls",
    ],
    ours: {
      "": [
        [
          "getTranscript",
          "<token 1>",
          {
            maxResults: 15,
            scanDirection: "BACKWARD",
            sortOrder: "ASCENDING",
            startPosition: {},
          },
          {
            signal: {},
          },
        ],
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / sendAttachment",
      "custom chat client: options / cancelParticipantAuthentication",
      "custom chat client: global / sendAttachment",
      "custom chat client: global / cancelParticipantAuthentication",
    ],
    ours: {
      "": {
        resolved: {
          data: {},
          metadata: "m",
        },
      },
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / sendAttachment: client calls",
      "custom chat client: global / sendAttachment: client calls",
    ],
    ours: {
      "": [
        [
          "sendAttachment",
          "<token 1>",
          "<file a.txt>",
          "m",
          {
            signal: {},
          },
        ],
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / downloadAttachment",
      "custom chat client: global / downloadAttachment",
    ],
    ours: {
      "": {
        resolved: {
          blob: {
            metadata: "m",
            size: 3,
            type: "text/plain",
          },
        },
      },
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / downloadAttachment: client calls",
      "custom chat client: global / downloadAttachment: client calls",
    ],
    ours: {
      "": [
        [
          "downloadAttachment",
          "<token 1>",
          "a",
          {
            signal: {},
          },
        ],
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: ["custom chat client: options / getAttachmentURL", "custom chat client: global / getAttachmentURL"],
    ours: {
      "": {
        resolved: "https://example.com/a",
      },
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / getAttachmentURL: client calls",
      "custom chat client: global / getAttachmentURL: client calls",
    ],
    ours: {
      "": [
        [
          "getAttachmentURL",
          "<token 1>",
          "a",
          {
            signal: {},
          },
        ],
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: ["custom chat client: options / describeView", "custom chat client: global / describeView"],
    ours: {
      "": {
        resolved: {
          data: {
            View: {
              Id: "v",
            },
          },
          metadata: "m",
        },
      },
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / describeView: client calls",
      "custom chat client: global / describeView: client calls",
    ],
    ours: {
      "": [
        [
          "describeView",
          "v",
          "<token 1>",
          {
            signal: {},
          },
        ],
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / getAuthenticationUrl",
      "custom chat client: global / getAuthenticationUrl",
    ],
    ours: {
      "": {
        resolved: {
          data: {
            AuthenticationUrl: "https://example.com",
          },
          metadata: "m",
        },
      },
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / getAuthenticationUrl: client calls",
      "custom chat client: global / getAuthenticationUrl: client calls",
    ],
    ours: {
      "": [
        [
          "getAuthenticationUrl",
          "<token 1>",
          "r",
          "s",
          {
            signal: {},
          },
        ],
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / cancelParticipantAuthentication: client calls",
      "custom chat client: global / cancelParticipantAuthentication: client calls",
    ],
    ours: {
      "": [
        [
          "cancelParticipantAuthentication",
          "<token 1>",
          "s",
          {
            signal: {},
          },
        ],
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / disconnectParticipant",
      "custom chat client: global / disconnectParticipant",
    ],
    ours: {
      "": {
        resolved: {
          data: {},
          metadata: null,
        },
      },
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / disconnectParticipant: client calls",
      "custom chat client: global / disconnectParticipant: client calls",
    ],
    ours: {
      "": [
        [
          "disconnectParticipant",
          "<token 1>",
          {
            clientToken: "<uuid 1>",
            signal: {},
          },
        ],
      ],
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "custom chat client: options / requests to the service",
      "custom chat client: global / requests to the service",
    ],
    ours: {
      "": [],
    },
  },
  {
    row: "api.md, Events: onConnectionEstablished (data {}, and connect()'s outcome: this session's own link is still starting)",
    in: ["two sessions on one contact / events of the second session at connect"],
    ours: {
      "[0].event._debug.websocketStatus": "Starting",
      "[0].event.data": {},
    },
  },
  {
    row: "api.md, A session's calls: connect() (resolves before the session's own link is up, so the status is Starting)",
    in: ["two sessions on one contact / connect of the second session"],
    ours: {
      "resolved._debug.websocketStatus": "Starting",
    },
  },
  {
    row: "behaviour.md, Connecting (an agent's session without a manager needs its own socket)",
    in: ["agent: without a manager / requests, each once"],
    ours: {
      "": [
        {
          bearer: null,
          body: { ConnectParticipant: true, Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 403,
        },
        // The service's time is still unknown, so the session fetches the newest item to learn it after the first loss.
        NEWEST_ITEM,
      ],
    },
  },
  {
    row: "behaviour.md, Connecting (a gain without an earlier loss starts a recovery, without a second onConnectionEstablished)",
    in: ["agent: a first gain after connect() / requests after the gain"],
    ours: {
      "": [
        NEWEST_ITEM,
        {
          ...NEWEST_ITEM,
          body: {
            MaxResults: 100,
            ScanDirection: "FORWARD",
            SortOrder: "ASCENDING",
            StartPosition: { AbsoluteTime: "<time 1>" },
          },
        },
      ],
    },
  },
  {
    row: "api.md, setGlobalConfig(config): features (an array replaces the flags, so receipts are off unless listed)",
    in: [
      "config: feature flags replace messageReceipts / no flags",
      "config: feature flags without receipts / a read receipt",
    ],
    ours: {
      resolved: "<absent>",
      rejected: {
        data: {
          content: '{"messageId":"<id of text/plain "Hi">","disableThrottle":true}',
          contentType: "application/vnd.amazonaws.connect.event.message.read",
        },
        errorMessage: "<text>",
        message: "<text>",
        metadata: null,
        type: "IllegalState",
      },
    },
  },
  {
    row: "api.md, setGlobalConfig(config): features (an array replaces the flags, so no receipt had been sent before)",
    in: ["config: feature flags replace messageReceipts / setFeatureFlag"],
    ours: {
      "resolved.message": "<absent>",
      "resolved.data": {
        AbsoluteTime: "<time of event.message.metadata>",
        Id: "<id of event.message.metadata>",
      },
    },
  },
  {
    row: "upstream-defects.md #10",
    in: ["manager: init twice and without a function / without a function"],
    ours: {
      "": "rejected",
    },
  },
  {
    row: "behaviour.md, Logging (advancedLogWriter is one of warn, info, debug, log; warn unless set)",
    in: ["logging: logger / lines"],
    ours: {
      "": [
        ["info", "info"],
        ["warn", "warn"],
        ["error", "error"],
        ["warn", "advancedLog"],
      ],
    },
  },
  {
    row: "behaviour.md, Logging (advancedLogWriter is one of warn, info, debug, log; warn unless set)",
    in: ["logging: logger, numeric level / lines"],
    ours: {
      "": [
        ["warn", "warn"],
        ["error", "error"],
        ["warn", "advancedLog"],
      ],
    },
  },
  {
    row: "api.md, setGlobalConfig(config): level may be a number or a name",
    in: ["logging: logger, level by name / lines"],
    ours: {
      "": [
        ["warn", "warn"],
        ["error", "error"],
        ["warn", "advancedLog"],
      ],
    },
  },
  {
    row: "behaviour.md, Logging (advancedLogWriter is one of warn, info, debug, log; warn unless set)",
    in: ["logging: advancedLogWriter and the default logger / log: methods that threw"],
    ours: {
      "": [],
    },
  },
  {
    row: "behaviour.md, Logging (advancedLogWriter is one of warn, info, debug, log; warn unless set)",
    in: ["logging: advancedLogWriter and the default logger / log"],
    ours: {
      "": ["debug", "info", "warn", "error", "log"],
    },
  },
  {
    row: "api.md, A session's calls: success is {data, metadata}, with metadata null if absent",
    in: ["controller: the session's calls / disconnectParticipant"],
    ours: {
      "resolved.metadata": null,
    },
  },
  {
    row: "upstream-defects.md #8 (no script to load first: metrics added before initialization are queued and sent)",
    in: ["csmService: metrics before initialization / queued metrics"],
    ours: {
      "": 5,
    },
  },
  {
    row: "upstream-defects.md #8 (no script to load first: metrics added before initialization are queued and sent)",
    in: ["csmService: metrics before initialization / queued agent metrics"],
    ours: {
      "": 1,
    },
  },
  {
    row: "behaviour.md, Nothing lost 2 (missed items are fetched; wire.md: a socket URL is valid for 85 s)",
    in: ["link: lost and restored / requests"],
    ours: {
      "[0].bearer": "<token 1>",
      "[0].body.Type": "<absent>",
      "[0].body.MaxResults": 100,
      "[0].body.ScanDirection": "FORWARD",
      "[0].body.SortOrder": "ASCENDING",
      "[0].body.StartPosition": {
        AbsoluteTime: "<time 1>",
      },
      "[0].operation": "GetTranscript",
    },
  },
  {
    row: "upstream-defects.md #1",
    in: ["link: messages sent while it's down / events"],
    ours: {
      "": [
        {
          event: {
            chatDetails: "<getChatDetails()>",
            data: {},
          },
          name: "CONNECTION_LOST",
          on: "onConnectionLost",
        },
        {
          event: {
            chatDetails: "<getChatDetails()>",
            data: {
              AbsoluteTime: '<time of text/plain "during 1">',
              ContactId: "<contact>",
              Content: "during 1",
              ContentType: "text/plain",
              DisplayName: "AGENT",
              Id: '<id of text/plain "during 1">',
              InitialContactId: "<contact>",
              ParticipantId: "agent-of-<contact>",
              ParticipantRole: "AGENT",
              Type: "MESSAGE",
            },
            recovered: true,
          },
          name: "INCOMING_MESSAGE",
          on: "onMessage",
        },
        {
          event: {
            chatDetails: "<getChatDetails()>",
            data: {
              AbsoluteTime: '<time of text/plain "during 2">',
              ContactId: "<contact>",
              Content: "during 2",
              ContentType: "text/plain",
              DisplayName: "AGENT",
              Id: '<id of text/plain "during 2">',
              InitialContactId: "<contact>",
              ParticipantId: "agent-of-<contact>",
              ParticipantRole: "AGENT",
              Type: "MESSAGE",
            },
            recovered: true,
          },
          name: "INCOMING_MESSAGE",
          on: "onMessage",
        },
        {
          event: {
            chatDetails: "<getChatDetails()>",
            data: {},
          },
          name: "CONNECTION_ESTABLISHED",
          on: "onConnectionEstablished",
        },
      ],
    },
  },
  {
    row: "upstream-defects.md #1 (the agent joined before its socket was subscribed)",
    in: ["agent: loss and gain on Streams' manager / gained"],
    ours: {
      "": [
        {
          event: {
            chatDetails: "<getChatDetails()>",
            data: {
              AbsoluteTime: "<time of event.participant.joined>",
              ContactId: "<contact>",
              ContentType: "application/vnd.amazonaws.connect.event.participant.joined",
              DisplayName: "Agent",
              Id: "<id of event.participant.joined>",
              InitialContactId: "<contact>",
              ParticipantId: "<agent>",
              ParticipantRole: "AGENT",
              Type: "EVENT",
            },
            recovered: true,
          },
          name: "INCOMING_MESSAGE",
          on: "onMessage",
        },
        {
          event: {
            chatDetails: "<getChatDetails()>",
            data: {},
          },
          name: "CONNECTION_ESTABLISHED",
          on: "onConnectionEstablished",
        },
      ],
    },
  },
  {
    row: "api.md, A session's calls: results and rejections (no $metadata and no AWS SDK stack; rejections are Errors)",
    in: ["AWS SDK fields / fields of the rejection in JSON"],
    ours: {
      "": [
        "answeredBy",
        "code",
        "message",
        "messageId",
        "metadata",
        "name",
        "retryable",
        "statusCode",
        "type",
      ],
    },
  },
  {
    row: "api.md, session.controller (a spy on it receives only the arguments that the caller passed)",
    in: [
      "spies on the controller: calls without arguments / connect",
      "spies on the controller: calls without arguments / getTranscript",
    ],
    ours: {
      "[0].args": [],
    },
  },
  {
    row: "api.md, session.controller (a spy on it receives only the arguments that the caller passed)",
    in: ["spies on the controller: a spy that calls the original / the spies' calls"],
    ours: {
      "[1].args": [],
    },
  },
  {
    row: "api.md, A session's calls: success is {data, metadata}, with metadata null if absent",
    in: [
      "disconnect flow: survey question / disconnectParticipant",
      "disconnect flow: disconnectParticipant again / disconnectParticipant",
      "disconnect flow: disconnectParticipant while the link is down / disconnectParticipant",
    ],
    ours: {
      "resolved.metadata": null,
    },
  },
  {
    row: "api.md, A session's calls: success is {data, metadata}, with metadata null if absent",
    in: ["disconnect flow: disconnectParticipant again, rejected / disconnectParticipant"],
    ours: {
      "rejected.metadata": null,
    },
  },
  {
    row: "upstream-defects.md #21",
    in: [
      "disconnect flow: messages and events / a delivered receipt: requests",
      "disconnect flow: messages and events / a read receipt: requests",
    ],
    ours: {
      "[0].body.ClientToken": "<uuid 1>",
    },
  },
  {
    row: "upstream-defects.md #10",
    in: [
      "disconnect flow: incoming items, then the end / sendMessage after the end",
      "disconnect flow: the chat ends while the link is down / sendMessage",
      "403 while reconnecting: a service error after the chat has ended / sendMessage",
      "connect: response without credentials / sendMessage",
      "connect: response without a socket / sendMessage",
    ],
    ours: rejected("IllegalState", "m"),
  },
  {
    row: "upstream-defects.md #10",
    in: ["disconnect flow: incoming items, then the end / disconnectParticipant after the end"],
    ours: rejected("IllegalState", null),
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and retries)",
    in: ["disconnect flow: incoming items, then the end / describeView after the end: requests"],
    ours: {
      "": [
        { bearer: "<token 1>", body: {}, contentType: null, operation: "DescribeView", status: 403 },
        {
          bearer: "<participant token>",
          body: { Type: ["CONNECTION_CREDENTIALS"] },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 403,
        },
      ],
    },
  },
  {
    row: "upstream-defects.md #1",
    in: ["disconnect flow: the link is lost and restored / events when the link is restored"],
    ours: {
      "": [delivered("And why?", "SYSTEM", { recovered: true }), ESTABLISHED],
    },
  },
  {
    row: "upstream-defects.md #1",
    in: ["disconnect flow: disconnectParticipant while the link is down / events when the link is restored"],
    ours: {
      "": [delivered("How was it, 1 to 5?", "SYSTEM", { recovered: true }), ESTABLISHED],
    },
  },
  {
    row: "upstream-defects.md #2",
    in: ["disconnect flow: connect again / connect"],
    ours: {
      returned: "<absent>",
      resolved: {
        _debug: { websocketStatus: "Starting" },
        connectCalled: true,
        connectSuccess: true,
        metadata: null,
      },
    },
  },
  {
    row: NEWER.processing,
    in: [
      "processing: the text is redacted / sendMessage",
      "processing: the text is unchanged / sendMessage",
      "processing: the message is rejected / sendMessage",
      "processing: the message fails / sendMessage",
      "processing: the message is rejected and redacted / sendMessage",
      "processing: only the result is announced / sendMessage",
    ],
    ours: {
      "resolved.data.MessageMetadata": { MessageProcessingStatus: "PROCESSING" },
    },
  },
  {
    row: "upstream-defects.md #17",
    in: ["processing: an incoming message in several versions / failed, the same form again"],
    ours: {
      "": [],
    },
  },
  {
    row: "behaviour.md, Nothing lost 6 (PROCESSING never follows a later version)",
    in: ["processing: an incoming message in several versions / processing, after later forms"],
    ours: {
      "": [],
    },
  },
  {
    row: "behaviour.md, The service decides (The end of a chat)",
    in: ["403 while reconnecting: a proxy's HTML page / events"],
    ours: {
      "": ["onConnectionLost", "onMessage: missed", "onConnectionEstablished"],
    },
  },
  {
    row: "behaviour.md, The service decides (The end of a chat)",
    in: [
      "403 while reconnecting: an empty response / events",
      "403 while reconnecting: another gateway's JSON / events",
      "403 while reconnecting: a service error during an active chat / events",
      "403 while reconnecting: a service error named in the body during an active chat / events",
    ],
    ours: {
      "[1]": "onMessage: missed",
      "[2]": "onConnectionEstablished",
    },
  },
  {
    row: "behaviour.md, The service decides (The end of a chat)",
    in: [
      "403 while reconnecting: a proxy's HTML page / status",
      "403 while reconnecting: an empty response / status",
      "403 while reconnecting: another gateway's JSON / status",
      "403 while reconnecting: a service error during an active chat / status",
      "403 while reconnecting: a service error named in the body during an active chat / status",
    ],
    ours: {
      returned: "Established",
    },
  },
  {
    row: "behaviour.md, The service decides (The end of a chat)",
    in: [
      "403 while reconnecting: a proxy's HTML page / later events",
      "403 while reconnecting: an empty response / later events",
      "403 while reconnecting: another gateway's JSON / later events",
      "403 while reconnecting: a service error during an active chat / later events",
      "403 while reconnecting: a service error named in the body during an active chat / later events",
    ],
    ours: {
      "": ["onMessage: after"],
    },
  },
  {
    row: "behaviour.md, The service decides (The end of a chat)",
    in: [
      "403 while reconnecting: an empty response / sendMessage",
      "403 while reconnecting: another gateway's JSON / sendMessage",
      "403 while reconnecting: a service error during an active chat / sendMessage",
      "403 while reconnecting: a service error named in the body during an active chat / sendMessage",
    ],
    ours: {
      rejected: "<absent>",
      resolved: {
        data: {
          AbsoluteTime: '<time of text/plain "Still there?">',
          Id: '<id of text/plain "Still there?">',
        },
        metadata: "m",
      },
    },
  },
  {
    row: "api.md, A session's calls: connect() (type, message and statusCode; a response that isn't from the service has no statusCode)",
    in: ["connect: response without credentials / connect", "connect: response without a socket / connect"],
    ours: {
      "rejected._debug._debug.metadata": null,
      "rejected._debug._debug.type": "InvalidResponse",
      "rejected._debug.reason": "CreateParticipantConnection failed",
      "rejected.message": "<text>",
      "rejected.type": "InvalidResponse",
    },
  },
  {
    row: "behaviour.md, The service decides (Answers)",
    in: [
      "reconnecting: response without credentials / events",
      "reconnecting: response without a socket / events",
      "reconnecting: truncated response / events",
    ],
    ours: {
      "": ["onConnectionLost", "onMessage: missed", "onConnectionEstablished"],
    },
  },
  {
    row: "behaviour.md, The service decides (Answers)",
    in: [
      "reconnecting: response without credentials / status",
      "reconnecting: response without a socket / status",
      "reconnecting: truncated response / status",
    ],
    ours: {
      returned: "Established",
    },
  },
  {
    row: "upstream-defects.md #3",
    in: ["link: the first socket is refused / events after the first attempt"],
    ours: {
      "": [LOST],
    },
  },
  {
    row: "behaviour.md, Connecting (a first link that doesn't open)",
    in: ["link: the first socket is refused / events once the link is up"],
    ours: {
      "": [
        "onConnectionEstablished",
        "onMessage: Over HTTPS",
        "onMessage: Sent without a link",
        "onMessage: application/vnd.amazonaws.connect.event.participant.joined",
      ],
    },
  },
];
