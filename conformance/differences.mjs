/** The calls that upload three bytes of CSV. */
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

/** What a message of the other side's is delivered as. */
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

/** The event of a link, without anything that belongs to `connect()`. */
const linkEvent = (name, on) => ({ event: { chatDetails: "<getChatDetails()>", data: {} }, name, on });
const ESTABLISHED = linkEvent("CONNECTION_ESTABLISHED", "onConnectionEstablished");
const LOST = linkEvent("CONNECTION_LOST", "onConnectionLost");

/** A rejection that the service did not give. */
const rejected = (type, metadata) => ({ rejected: { message: "<text>", metadata, type } });

/** A session's question for the newest item, as the requests show it. */
const NEWEST_ITEM = {
  bearer: "<agent's connection token>",
  body: { MaxResults: 1, ScanDirection: "BACKWARD", SortOrder: "ASCENDING", StartPosition: {} },
  contentType: "application/json",
  operation: "GetTranscript",
  status: 200,
};

/**
 * What upstream 5.0.0 does not have: api.md and behaviour.md are the reference, and the tests named here hold ours to it.
 * Here these entries show that nothing else changes with the version.
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

// What differs on purpose. Each entry names what decides it (a row of upstream-defects.md, or a place in api.md, behaviour.md
// or wire.md), the observations it shows in, and ours exactly, by path ("" is the whole, "<absent>" where there is none).
// Every other difference fails, and so does an entry that differs no more.
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
      "a session's members / customer's calls",
      "a session's members / controller's calls",
      "a session's members / agent's calls",
    ],
    ours: {
      reset: "function",
      sendMessageReceipt: "function",
    },
  },
  {
    row: "upstream-defects.md #7",
    in: ["a session's members / what an on… returns", "a session's members / what subscribe returns"],
    ours: {
      "": "function",
    },
  },
  {
    row: "upstream-defects.md #9",
    in: ["create: bad arguments / no arguments", "create: bad arguments / null"],
    ours: {
      "threw.name": "IllegalArgument",
      "threw.field": "arguments",
    },
  },
  {
    row: "upstream-defects.md #9",
    in: ["create: bad arguments / a string"],
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
      "create: bad arguments / no chatDetails",
      "create: bad arguments / chatDetails null",
      "create: bad arguments / chatDetails a string",
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
      "create: bad arguments / no contactId",
      "create: bad arguments / contactId a number",
      "create: bad arguments / contactId empty",
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
    in: ["create: bad arguments / no participantId", "create: bad arguments / participantId a number"],
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
    in: ["create: bad arguments / initialContactId a number"],
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
    in: ["create: bad arguments / no participantToken", "create: bad arguments / participantToken a number"],
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
    in: ["create: bad arguments / an unknown type"],
    ours: {
      "threw.field": "type",
    },
  },
  {
    row: "upstream-defects.md #9",
    in: [
      "create: bad arguments / an agent without a token of any kind",
      "create: bad arguments / an agent whose getConnectionToken is no function",
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
    in: ["create: bad arguments / options a string"],
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
    in: ["create: bad arguments / websocketManager a string"],
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
    row: "api.md, A session's calls: getChatDetails() (null where there is nothing)",
    in: [
      "create: good arguments / camelCase",
      "create: good arguments / PascalCase",
      "create: good arguments / PascalCase with InitialContactId",
      "create: good arguments / initialContactId",
      "create: good arguments / fields of the application's own",
      "create: good arguments / options null fields",
      "calls before connect / getChatDetails",
      "connect: refused with 400 / details",
      "connect: refused with 403 / details",
      "connect: refused with 404 / details",
      "connect: refused with 409 / details",
    ],
    ours: {
      connectionDetails: null,
    },
  },
  {
    row: "api.md, A session's calls: getChatDetails() (null where there is nothing)",
    in: ["create: good arguments / participantToken null for an agent", "agent: connect / details before"],
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
      "the end, told by the service / sendMessage",
      "the end, during a loss / sendMessage",
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
      "connect: events of a second watcher / handlers added after await connect()",
      "connect: tried anew after a failure / events of the second",
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
    in: ["connect: twice / second while pending", "connect: twice / when connected"],
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
    row: "api.md, A session's calls: connect() (type, message and statusCode of the service's error)",
    in: ["connect: refused with 400 / connect"],
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
      "connect: refused with 400 / status",
      "connect: refused with 403 / status",
      "connect: refused with 404 / status",
      "connect: refused with 409 / status",
    ],
    ours: {
      threw: "<absent>",
      returned: "Broken",
    },
  },
  {
    row: "api.md, A session's calls: connect() (type, message and statusCode of the service's error)",
    in: ["connect: refused with 403 / connect", "connect: tried anew after a failure / first"],
    ours: {
      "rejected._debug._debug.metadata": null,
      "rejected._debug.reason": "CreateParticipantConnection failed",
      "rejected.message": "Not today",
      "rejected.statusCode": 403,
      "rejected.type": "AccessDeniedException",
    },
  },
  {
    row: "api.md, A session's calls: connect() (type, message and statusCode of the service's error)",
    in: ["connect: refused with 404 / connect"],
    ours: {
      "rejected._debug._debug.metadata": null,
      "rejected._debug.reason": "CreateParticipantConnection failed",
      "rejected.message": "Not today",
      "rejected.statusCode": 404,
      "rejected.type": "ResourceNotFoundException",
    },
  },
  {
    row: "api.md, A session's calls: connect() (type, message and statusCode of the service's error)",
    in: ["connect: refused with 409 / connect"],
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
    in: ["connect: tried anew after a failure / second"],
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
    in: ["connect: tried anew after a failure / is up"],
    ours: {
      "": true,
    },
  },
  {
    row: "upstream-defects.md #2",
    in: ["connect: tried anew after a failure / sendMessage"],
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
    row: "api.md, A session's calls: connect() (type, message and statusCode of the service's error)",
    in: ["connect: a server error that stays / connect"],
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
    in: ["connect: with metrics on / scripts injected"],
    ours: {
      "": 0,
    },
  },
  {
    row: "upstream-defects.md #8",
    in: ["connect: with metrics on / window.onbeforeunload"],
    ours: {
      "": "object",
    },
  },
  {
    row: "upstream-defects.md #8",
    in: ["connect: with metrics on / window.csm"],
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
      "sendMessage: bad arguments / no arguments",
      "sendAttachment: bad arguments / no arguments",
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
      "sendMessage: bad arguments / no message",
      "sendMessage: bad arguments / message a number",
      "sendMessage: bad arguments / message null",
      "sendMessage: bad arguments / message an object",
      "sendMessage: bad arguments / no contentType",
      "sendMessage: bad arguments / contentType a number",
      "sendAttachment: bad arguments / no attachment",
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
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
    in: ["sendMessage: refused with 403 / outcome: requests"],
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
    row: "behaviour.md, The bundled client (judged by its status, before any parsing)",
    in: ["sendMessage: an error of another kind / an HTML page of a proxy"],
    ours: {
      "rejected.message": "SendMessage was refused with status 502. The service failed. Try again later.",
      "rejected.type": "InternalServerException",
      "rejected.statusCode": 502,
    },
  },
  {
    row: "behaviour.md, The bundled client (judged by its status, before any parsing)",
    in: ["sendMessage: an error of another kind / an HTML page of a proxy: requests"],
    ours: {
      "": [
        {
          bearer: "<token 1>",
          body: {
            ClientToken: "<uuid 1>",
            Content: "an HTML page of a proxy",
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
            Content: "an HTML page of a proxy",
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
            Content: "an HTML page of a proxy",
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
    in: ["sendMessage: an error of another kind / a connection cut always"],
    ours: {
      "rejected.type": "NetworkError",
    },
  },
  {
    row: "api.md, A session's calls: results and rejections (no $metadata and no stack of the AWS SDK; an Error)",
    in: ["the SDK's residue / fields of data"],
    ours: {
      "": ["AbsoluteTime", "Id"],
    },
  },
  {
    row: "api.md, A session's calls: results and rejections (no $metadata and no stack of the AWS SDK; an Error)",
    in: ["the SDK's residue / a rejection is an Error"],
    ours: {
      "": true,
    },
  },
  {
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; rejections)",
    in: [
      "sendEvent: content types of messages, and unknown ones / text/plain",
      "sendEvent: content types of messages, and unknown ones / application/json",
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
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; rejections)",
    in: ["sendEvent: content types of messages, and unknown ones / text/plain: requests"],
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
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; rejections)",
    in: ["sendEvent: content types of messages, and unknown ones / application/json: requests"],
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
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; rejections)",
    in: [
      "sendEvent: content types of messages, and unknown ones / text/html",
      "sendEvent: content types of messages, and unknown ones / ",
      "sendEvent: content types of messages, and unknown ones / undefined",
      "sendEvent: content types of messages, and unknown ones / 7",
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
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; rejections)",
    in: ["sendEvent: content types of messages, and unknown ones / no arguments"],
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
    in: ["sendEvent: typing in two sessions / other"],
    ours: {
      "resolved.data.AbsoluteTime": "<time of event.typing 2>",
      "resolved.data.Id": "<id of event.typing 2>",
    },
  },
  {
    row: "upstream-defects.md #13",
    in: ["sendEvent: typing in two sessions / other: requests"],
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
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
    in: ["sendEvent: refused with 403 / outcome: requests"],
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
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
    in: ["sendEvent: refused with 403 / typing: requests"],
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
    in: ["sendEvent: a throttled service / typing: requests"],
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
      "receipts: one read / requests",
      "receipts: one delivered / requests",
      "receipts: one delivered / requests of read after delivered",
      "receipts: delivered, and at once read / requests",
      "receipts: delivered and read of three messages / requests",
      "receipts: three reads in a window / requests",
      "receipts: refused by the service / requests",
    ],
    ours: {
      "[0].body.ClientToken": "<uuid 1>",
    },
  },
  {
    row: "upstream-defects.md #5",
    in: ["receipts: delivered, and at once read / outcomes"],
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
    in: ["receipts: disableThrottle / requests", "receipts: two reads, each with a ClientToken / requests"],
    ours: {
      "[0].body.ClientToken": "<uuid 1>",
      "[1].body.ClientToken": "<uuid 2>",
    },
  },
  {
    row: "api.md, A session's calls: sendEvent() (content a string, or an object sent as JSON)",
    in: ["receipts: content an object / outcome"],
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
    in: ["receipts: content an object / outcome: requests"],
    ours: {
      "[0].body.ClientToken": "<uuid 1>",
      "[0].body.Content": '{"messageId":"<id of text/plain "message 1">"}',
      "[0].status": 200,
    },
  },
  {
    row: "upstream-defects.md #10",
    in: ["receipts: bad arguments / no content"],
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
      "receipts: bad arguments / an empty object",
      "receipts: bad arguments / messageId empty",
      "receipts: bad arguments / messageId null",
    ],
    ours: {
      "rejected.message": "<text>",
      "rejected.metadata": "m",
      "rejected.type": "IllegalArgument",
    },
  },
  {
    row: "upstream-defects.md #10",
    in: ["receipts: bad arguments / no JSON"],
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
      "receipts: switched off / read",
      "receipts: switched off / delivered",
      "receipts: switched off / disableThrottle",
    ],
    ours: {
      "rejected.message": "<text>",
      "rejected.metadata": "m",
      "rejected.type": "IllegalState",
    },
  },
  {
    row: "upstream-defects.md #11",
    in: ["receipts: switched off stays off / after a later setGlobalConfig without features"],
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
    in: ["receipts: switched off stays off / requests"],
    ours: {
      "": [],
    },
  },
  {
    row: "behaviour.md, Receipts (one that failed was not sent; rejections carry errorMessage and data)",
    in: ["receipts: refused by the service / read"],
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
    row: "behaviour.md, Receipts (one that failed was not sent; rejections carry errorMessage and data)",
    in: ["receipts: refused by the service / tried again"],
    ours: {
      "resolved.message": "<absent>",
      "resolved.data": {
        AbsoluteTime: "<time of event.message.metadata>",
        Id: "<id of event.message.metadata>",
      },
    },
  },
  {
    row: "behaviour.md, Receipts (one that failed was not sent; rejections carry errorMessage and data)",
    in: ["receipts: refused by the service / requests of the second"],
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
      "receipts: without and with ids of a contact / with another contact's id",
      "agent: two chats on one manager / a receipt without ids: other",
      "agent: two chats on one manager / a receipt with ids: other",
    ],
    ours: {
      "": [],
    },
  },
  {
    row: "upstream-defects.md #10",
    in: [
      "getTranscript: failures / maxResults a string",
      "sendAttachment: bad arguments / attachment a string",
      "sendAttachment: bad arguments / empty",
      "sendAttachment: bad arguments / a picker's object without a size",
      "downloadAttachment / no attachmentId",
      "downloadAttachment / attachmentId a number",
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
      "getTranscript: failures / maxResults a string: requests",
      "getTranscript: failures / startPosition a string: requests",
      "sendAttachment: bad arguments / attachment a string: requests",
      "sendAttachment: bad arguments / empty: requests",
      "sendAttachment: bad arguments / a picker's object without a size: requests",
      "downloadAttachment / no attachmentId: requests",
      "downloadAttachment / attachmentId a number: requests",
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
    in: ["getTranscript: failures / startPosition a string"],
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
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
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
    row: "behaviour.md, Transcript (Status through the whole life; previousTranscriptNextToken starts null)",
    in: [
      "onTranscriptUpdated / at connect: the last snapshot",
      "onTranscriptUpdated / a message of the agent's: the last snapshot",
    ],
    ours: {
      previousTranscriptNextToken: null,
    },
  },
  {
    row: "behaviour.md, Transcript (Status through the whole life; previousTranscriptNextToken starts null)",
    in: [
      "onTranscriptUpdated / an own message: the last snapshot",
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
    row: "behaviour.md, Transcript (Status through the whole life; previousTranscriptNextToken starts null)",
    in: ["onTranscriptUpdated: a message on its way / when it has arrived"],
    ours: {
      MessageMetadata: {
        MessageId: '<id of text/plain "Slow">',
        Status: "SENT",
      },
    },
  },
  {
    row: "behaviour.md, Transcript (Status through the whole life; previousTranscriptNextToken starts null)",
    in: [
      "onTranscriptUpdated: a message on its way / when it is delivered",
      "onTranscriptUpdated: a message on its way / when it is read",
    ],
    ours: {
      MessageId: '<id of text/plain "Slow">',
    },
  },
  {
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; rejections)",
    in: ["sendMessage: every content type / application/vnd.amazonaws.connect.event.dance"],
    ours: {
      asked: [
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
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; rejections)",
    in: [
      "sendEvent: content types of messages, and unknown ones / application/vnd.amazonaws.connect.event.dance",
    ],
    ours: {
      threw: "<absent>",
      resolved: {
        data: { AbsoluteTime: '<time of event.dance "x">', Id: '<id of event.dance "x">' },
        metadata: "m",
      },
    },
  },
  {
    row: "api.md, Events: content types (one list for sendMessage and sendEvent; rejections)",
    in: [
      "sendEvent: content types of messages, and unknown ones / application/vnd.amazonaws.connect.event.dance: requests",
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
      "getTranscript: failures / FORWARD without a start",
      "getTranscript: failures / FORWARD with an empty start",
    ],
    ours: {
      "rejected.message":
        'Validation exception due to invalid parameter (scanDirection "FORWARD" needs a startPosition: pass an id, an absoluteTime or mostRecent.)',
    },
  },
  {
    row: "field-cases.md C12 (a type that the browser does not know)",
    in: ["sendAttachment / no type"],
    ours: {
      "rejected.message":
        "AttachmentName must end in one of .csv, .doc, .docx, .heic, .jfif, .jpg, .jpeg, .mov, .mp4, .pdf, .png, .ppt, .pptx, .rtf, .txt, .wav, .xls, .xlsx.",
    },
  },
  {
    row: "field-cases.md C12 (a type that the browser does not know)",
    in: ["sendAttachment / no type: requests"],
    ours: {
      "[0].body.ContentType": "application/octet-stream",
    },
  },
  {
    row: "field-cases.md C24 (files without a name or a type)",
    in: ["sendAttachment / no type, a known extension", "sendAttachment / a Blob without a name"],
    ours: {
      rejected: "<absent>",
      resolved: { data: {}, metadata: "m" },
    },
  },
  {
    row: "field-cases.md C24 (files without a name or a type)",
    in: ["sendAttachment / no type, a known extension: requests"],
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
    in: ["sendAttachment: failures / storage refuses"],
    ours: {
      "rejected.message":
        "The storage refused the file with status 403 and code AccessDenied. The signed URL may have expired: make the call again.",
      "rejected.statusCode": 403,
      "rejected.type": "AccessDenied",
    },
  },
  {
    row: "upstream-defects.md #4",
    in: ["sendAttachment: failures / storage refuses: requests"],
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
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
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
    in: ["downloadAttachment / storage refuses"],
    ours: {
      resolved: "<absent>",
      rejected: {
        message:
          "The storage refused the file with status 403 and code AccessDenied. The signed URL may have expired: make the call again.",
        metadata: "m",
        statusCode: 403,
        type: "AccessDenied",
      },
    },
  },
  {
    row: "upstream-defects.md #10",
    in: ["describeView / no viewToken", "describeView / viewToken empty"],
    ours: {
      "rejected.type": "IllegalArgument",
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
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
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
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
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
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
    row: "api.md, A session's calls: success is {data, metadata}, metadata null if none",
    in: ["disconnectParticipant / success", "disconnectParticipant: refused / tried again"],
    ours: {
      "resolved.metadata": null,
    },
  },
  {
    row: "api.md, A session's calls: success is {data, metadata}, metadata null if none",
    in: ["disconnectParticipant: refused / refused with 403"],
    ours: {
      "rejected.metadata": null,
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
    in: ["disconnectParticipant: refused / refused with 403: requests"],
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
    in: ["incoming: damaged frames / uncaught errors of the page"],
    ours: {
      "": 0,
    },
  },
  {
    row: "upstream-defects.md #2",
    in: ["the end, told by the service / connect"],
    ours: {
      returned: "<absent>",
      rejected: {
        _debug: {
          _debug: {
            message: "<text>",
            metadata: null,
            type: "IllegalState",
          },
          reason: "connect(): the chat has ended. Create a session for a new one.",
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
      "agent: init failure of the manager / events at connect",
      "agent: getConnectionToken fails, and a participant token helps / events",
      "agent: the end / events at connect",
      "agent: transfer.succeeded / events at connect",
      "agent: cleanUpOnParticipantDisconnect / events at connect",
    ],
    ours: {
      "[0].event.data": {},
    },
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
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
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
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
    row: "behaviour.md, Connecting (an agent's connection is acknowledged, with the token that it has)",
    in: ["agent: connect / connect: requests", "agent: a first gain after connect() / connect: requests"],
    ours: {
      "[0].bearer": "<agent's connection token>",
      "[0].status": 200,
    },
  },
  {
    row: "behaviour.md, Connecting (an agent's connection is acknowledged, with the token that it has)",
    in: ["agent: connect / details after"],
    ours: {
      "connectionDetails.connectionAcknowledged": true,
      participantToken: null,
    },
  },
  {
    row: "behaviour.md, Connecting (a gain without a loss before it starts a recovery, without a second onConnectionEstablished)",
    in: ["agent: a first gain after connect() / a gain without a loss before it"],
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
    row: "behaviour.md, Connecting (an agent's connection is acknowledged, with the token that it has)",
    in: ["agent: connect / getTranscript"],
    ours: {
      "resolved.data.NextToken": "<page token 1>",
    },
  },
  {
    row: "behaviour.md, One state, one table (a link that is lost cannot be lost again)",
    in: ["agent: loss and gain on Streams' manager / lost again"],
    ours: {
      "": [],
    },
  },
  {
    row: "api.md, A session's calls: connect() (type, message and statusCode of the service's error)",
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
    in: [
      "a client of the application's own, by options / connect",
      "a client of the application's own, by global / connect",
    ],
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
    in: ["a client of the application's own that fails / connect"],
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
    in: ["config: dual stack / on", "config: dual stack / no boolean"],
    ours: {
      "[0]": "POST https://participant.connect.eu-central-1.api.aws/participant/connection",
    },
  },
  {
    row: "wire.md, Participant Service (nothing is signed)",
    in: ["config: headers / names"],
    ours: {
      "[0]": ["content-type", "x-amz-bearer", "x-amz-user-agent"],
      "[1]": ["content-type", "x-amz-bearer", "x-amz-user-agent"],
    },
  },
  {
    row: "upstream-defects.md #11",
    in: ["config: a logger stays / lines"],
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
    in: ["sendMessageReceipt / a bad event"],
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
      "sendMessageReceipt / a bad event: requests",
      "sendMessageReceipt / no id: requests",
      "reset / reset: requests",
      "reset / events",
      "reset / handlers of before",
    ],
    ours: {
      "": [],
    },
  },
  {
    row: NEWER.calls,
    in: ["sendMessageReceipt / no id"],
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
    in: ["reset / sendMessage after it"],
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
    in: ["reset / connect anew"],
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
    in: ["reset / connect anew: requests"],
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
    in: ["reset / events anew"],
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
      "a client of the application's own, by options / connect: how it is called",
      "a client of the application's own, by global / connect: how it is called",
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
    in: [
      "a client of the application's own, by options / sendMessage",
      "a client of the application's own, by global / sendMessage",
    ],
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
      "a client of the application's own, by options / sendMessage: how it is called",
      "a client of the application's own, by global / sendMessage: how it is called",
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
    in: [
      "a client of the application's own, by options / sendEvent",
      "a client of the application's own, by global / sendEvent",
    ],
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
      "a client of the application's own, by options / sendEvent: how it is called",
      "a client of the application's own, by global / sendEvent: how it is called",
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
    in: [
      "a client of the application's own, by options / getTranscript",
      "a client of the application's own, by global / getTranscript",
    ],
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
      "a client of the application's own, by options / getTranscript: how it is called",
      "a client of the application's own, by global / getTranscript: how it is called",
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
      "a client of the application's own, by options / sendAttachment",
      "a client of the application's own, by options / cancelParticipantAuthentication",
      "a client of the application's own, by global / sendAttachment",
      "a client of the application's own, by global / cancelParticipantAuthentication",
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
      "a client of the application's own, by options / sendAttachment: how it is called",
      "a client of the application's own, by global / sendAttachment: how it is called",
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
      "a client of the application's own, by options / downloadAttachment",
      "a client of the application's own, by global / downloadAttachment",
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
      "a client of the application's own, by options / downloadAttachment: how it is called",
      "a client of the application's own, by global / downloadAttachment: how it is called",
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
    in: [
      "a client of the application's own, by options / getAttachmentURL",
      "a client of the application's own, by global / getAttachmentURL",
    ],
    ours: {
      "": {
        resolved: "https://example.com/a",
      },
    },
  },
  {
    row: NEWER.customClient,
    in: [
      "a client of the application's own, by options / getAttachmentURL: how it is called",
      "a client of the application's own, by global / getAttachmentURL: how it is called",
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
    in: [
      "a client of the application's own, by options / describeView",
      "a client of the application's own, by global / describeView",
    ],
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
      "a client of the application's own, by options / describeView: how it is called",
      "a client of the application's own, by global / describeView: how it is called",
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
      "a client of the application's own, by options / getAuthenticationUrl",
      "a client of the application's own, by global / getAuthenticationUrl",
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
      "a client of the application's own, by options / getAuthenticationUrl: how it is called",
      "a client of the application's own, by global / getAuthenticationUrl: how it is called",
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
      "a client of the application's own, by options / cancelParticipantAuthentication: how it is called",
      "a client of the application's own, by global / cancelParticipantAuthentication: how it is called",
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
      "a client of the application's own, by options / disconnectParticipant",
      "a client of the application's own, by global / disconnectParticipant",
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
      "a client of the application's own, by options / disconnectParticipant: how it is called",
      "a client of the application's own, by global / disconnectParticipant: how it is called",
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
      "a client of the application's own, by options / nothing goes to the service",
      "a client of the application's own, by global / nothing goes to the service",
    ],
    ours: {
      "": [],
    },
  },
  {
    row: "api.md, Events: onConnectionEstablished (data {}), with connect()'s own outcome: this session's link is starting",
    in: ["two sessions of one contact / events of the other at connect"],
    ours: {
      "[0].event._debug.websocketStatus": "Starting",
      "[0].event.data": {},
    },
  },
  {
    row: "api.md, A session's calls: connect() (told before the session's own link is up: it is starting)",
    in: ["two sessions of one contact / connect of the other"],
    ours: {
      "resolved._debug.websocketStatus": "Starting",
    },
  },
  {
    row: "behaviour.md, Connecting (an agent's session without a manager needs a socket of its own)",
    in: ["agent: without a manager / what was asked"],
    ours: {
      "": [
        {
          bearer: null,
          body: { ConnectParticipant: true, Type: ["WEBSOCKET", "CONNECTION_CREDENTIALS"] },
          contentType: "application/json",
          operation: "CreateParticipantConnection",
          status: 403,
        },
        // Nothing has shown the service's time yet, so the first loss asks for it.
        NEWEST_ITEM,
      ],
    },
  },
  {
    row: "behaviour.md, Connecting (a gain without a loss before it starts a recovery, without a second onConnectionEstablished)",
    in: ["agent: a first gain after connect() / requests of the gain"],
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
    row: "api.md, setGlobalConfig(config): features (an array replaces the flags: receipts are off without theirs)",
    in: [
      "config: flags that replace receipts / none",
      "config: other flags than that of receipts / a read receipt",
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
    row: "api.md, setGlobalConfig(config): features (an array replaces the flags: nothing had been sent before)",
    in: ["config: flags that replace receipts / setFeatureFlag"],
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
    in: ["manager: init twice, and without a function / without a function"],
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
    in: ["logging: logger, level a number / lines"],
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
    in: ["logging: logger, level a name / lines"],
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
    in: ["logging: advancedLogWriter and the default logger / log: what threw"],
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
    row: "api.md, A session's calls: success is {data, metadata}, metadata null if none",
    in: ["controller: as the session / disconnectParticipant"],
    ours: {
      "resolved.metadata": null,
    },
  },
  {
    row: "upstream-defects.md #8 (nothing is fetched first: what is counted before the start is kept and sent)",
    in: ["csmService: metrics before anything is initialised / kept to be published"],
    ours: {
      "": 5,
    },
  },
  {
    row: "upstream-defects.md #8 (nothing is fetched first: what is counted before the start is kept and sent)",
    in: ["csmService: metrics before anything is initialised / of agents"],
    ours: {
      "": 1,
    },
  },
  {
    row: "behaviour.md, Nothing lost 2 (what was missed is asked for; wire.md: a socket's URL may be used for 85 s)",
    in: ["loss and return / requests"],
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
    in: ["messages during a loss / events"],
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
    row: "upstream-defects.md #1 (its own joining came before its socket's subscription)",
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
    row: "api.md, A session's calls: results and rejections (no $metadata and no stack of the AWS SDK; an Error)",
    in: ["the SDK's residue / fields that JSON shows"],
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
    row: "api.md, session.controller (a spy on it receives only the arguments that the caller gave)",
    in: [
      "spies on the controller: calls without arguments / connect",
      "spies on the controller: calls without arguments / getTranscript",
    ],
    ours: {
      "[0].args": [],
    },
  },
  {
    row: "api.md, session.controller (a spy on it receives only the arguments that the caller gave)",
    in: ["spies on the controller: one that calls the original / what they see"],
    ours: {
      "[1].args": [],
    },
  },
  {
    row: "api.md, A session's calls: success is {data, metadata}, metadata null if none",
    in: [
      "disconnect flow: the question / disconnectParticipant",
      "disconnect flow: disconnectParticipant again / disconnectParticipant",
      "disconnect flow: disconnectParticipant while the link is down / disconnectParticipant",
    ],
    ours: {
      "resolved.metadata": null,
    },
  },
  {
    row: "api.md, A session's calls: success is {data, metadata}, metadata null if none",
    in: ["disconnect flow: disconnectParticipant again, refused / disconnectParticipant"],
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
      "disconnect flow: what others send, then the end / sendMessage after the end",
      "disconnect flow: the chat ends while the link is down / sendMessage",
      "403 while reconnecting: the service by name, and the chat has ended / sendMessage",
      "connect: an answer without credentials / sendMessage",
      "connect: an answer without a socket / sendMessage",
    ],
    ours: rejected("IllegalState", "m"),
  },
  {
    row: "upstream-defects.md #10",
    in: ["disconnect flow: what others send, then the end / disconnectParticipant after the end"],
    ours: rejected("IllegalState", null),
  },
  {
    row: "behaviour.md, Sending (a 403 renews the connection token and tries again)",
    in: ["disconnect flow: what others send, then the end / describeView after the end: requests"],
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
    in: ["disconnect flow: the link is lost and comes back / events of the return"],
    ours: {
      "": [delivered("And why?", "SYSTEM", { recovered: true }), ESTABLISHED],
    },
  },
  {
    row: "upstream-defects.md #1",
    in: ["disconnect flow: disconnectParticipant while the link is down / events of the return"],
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
      "processing: the text stays / sendMessage",
      "processing: the message is rejected / sendMessage",
      "processing: the processing fails / sendMessage",
      "processing: the message is rejected and its text redacted / sendMessage",
      "processing: the result alone is announced / sendMessage",
    ],
    ours: {
      "resolved.data.MessageMetadata": { MessageProcessingStatus: "PROCESSING" },
    },
  },
  {
    row: "upstream-defects.md #17",
    in: ["processing: an incoming message in several forms / failed, the same form again"],
    ours: {
      "": [],
    },
  },
  {
    row: "behaviour.md, Nothing lost 6 (PROCESSING never follows a later form)",
    in: ["processing: an incoming message in several forms / processing, after later forms"],
    ours: {
      "": [],
    },
  },
  {
    row: "behaviour.md, The service decides (The end of a chat)",
    in: ["403 while reconnecting: an HTML page of a proxy / events"],
    ours: {
      "": ["onConnectionLost", "onMessage: missed", "onConnectionEstablished"],
    },
  },
  {
    row: "behaviour.md, The service decides (The end of a chat)",
    in: [
      "403 while reconnecting: an empty answer / events",
      "403 while reconnecting: JSON of another gateway / events",
      "403 while reconnecting: the service by name, while the chat goes on / events",
      "403 while reconnecting: the service by name in the body, while the chat goes on / events",
    ],
    ours: {
      "[1]": "onMessage: missed",
      "[2]": "onConnectionEstablished",
    },
  },
  {
    row: "behaviour.md, The service decides (The end of a chat)",
    in: [
      "403 while reconnecting: an HTML page of a proxy / status",
      "403 while reconnecting: an empty answer / status",
      "403 while reconnecting: JSON of another gateway / status",
      "403 while reconnecting: the service by name, while the chat goes on / status",
      "403 while reconnecting: the service by name in the body, while the chat goes on / status",
    ],
    ours: {
      returned: "Established",
    },
  },
  {
    row: "behaviour.md, The service decides (The end of a chat)",
    in: [
      "403 while reconnecting: an HTML page of a proxy / events afterwards",
      "403 while reconnecting: an empty answer / events afterwards",
      "403 while reconnecting: JSON of another gateway / events afterwards",
      "403 while reconnecting: the service by name, while the chat goes on / events afterwards",
      "403 while reconnecting: the service by name in the body, while the chat goes on / events afterwards",
    ],
    ours: {
      "": ["onMessage: after"],
    },
  },
  {
    row: "behaviour.md, The service decides (The end of a chat)",
    in: [
      "403 while reconnecting: an empty answer / sendMessage",
      "403 while reconnecting: JSON of another gateway / sendMessage",
      "403 while reconnecting: the service by name, while the chat goes on / sendMessage",
      "403 while reconnecting: the service by name in the body, while the chat goes on / sendMessage",
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
    row: "api.md, A session's calls: connect() (type, message and statusCode; an answer that is not the service's has no statusCode)",
    in: ["connect: an answer without credentials / connect", "connect: an answer without a socket / connect"],
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
      "reconnecting: an answer without credentials / events",
      "reconnecting: an answer without a socket / events",
      "reconnecting: half of an answer / events",
    ],
    ours: {
      "": ["onConnectionLost", "onMessage: missed", "onConnectionEstablished"],
    },
  },
  {
    row: "behaviour.md, The service decides (Answers)",
    in: [
      "reconnecting: an answer without credentials / status",
      "reconnecting: an answer without a socket / status",
      "reconnecting: half of an answer / status",
    ],
    ours: {
      returned: "Established",
    },
  },
  {
    row: "upstream-defects.md #3",
    in: ["a first link that is refused / events of the first attempt"],
    ours: {
      "": [LOST],
    },
  },
  {
    row: "behaviour.md, Connecting (First link that does not open)",
    in: ["a first link that is refused / events of the link that came"],
    ours: {
      "": [
        "onConnectionEstablished",
        "onMessage: Over HTTPS",
        "onMessage: Said without a link",
        "onMessage: application/vnd.amazonaws.connect.event.participant.joined",
      ],
    },
  },
];
