/** The faults that the panel offers. Each has one row, which lists the fields of the fault's form. */
import type { FaultKind } from "../api/types";

export interface FaultField {
  readonly name: string;
  readonly label: string;
  /** Undefined for text. */
  readonly type?: "number";
  readonly choices?: readonly (string | readonly [value: string, text: string])[];
  readonly value: string;
  readonly hint?: string;
  /** The words for a choice in the description of an active fault. Default: the choice's text. */
  readonly chips?: Readonly<Record<string, string>>;
}

/** How often a fault hits, or for how long. */
export type OftenKind = "once" | "times" | "chance" | "while" | "untilCleared";

export const OFTEN_TEXTS: Readonly<Record<OftenKind, string>> = {
  once: "Once",
  times: "A number of times",
  chance: "By chance, until cleared",
  while: "For a while",
  untilCleared: "Until cleared",
};

export interface FaultInfo {
  readonly kind: FaultKind;
  readonly title: string;
  readonly about: string;
  readonly fields: readonly FaultField[];
  /** Whether the fault acts once, immediately, so that the user can't choose how often. */
  readonly isImmediate?: boolean;
  /** Whether the fault always hits everybody. */
  readonly hitsAll?: boolean;
  readonly defaultOften?: OftenKind;
  /** What the choices of "How often" mean for this fault. Choices that aren't in the table don't apply. */
  readonly oftenHints?: Partial<Readonly<Record<OftenKind, string>>>;
}

const OPERATIONS = [
  "SendMessage",
  "SendEvent",
  "GetTranscript",
  "CreateParticipantConnection",
  "DisconnectParticipant",
  "StartAttachmentUpload",
  "CompleteAttachmentUpload",
  "GetAttachment",
  "DescribeView",
  "GetAuthenticationUrl",
  "CancelParticipantAuthentication",
] as const;

const operation = (value: string): FaultField => ({
  name: "operation",
  label: "Operation",
  choices: [["*", "All operations"], ...OPERATIONS],
  value,
});

const number = (name: string, label: string, value: string, hint?: string): FaultField => ({
  name,
  label,
  type: "number",
  value,
  ...(hint !== undefined && { hint }),
});

export const FAULTS: readonly [group: string, faults: readonly FaultInfo[]][] = [
  [
    "Connection",
    [
      {
        kind: "dropSockets",
        title: "Drop the socket",
        about: "Breaks open sockets now. Pages reconnect.",
        fields: [number("code", "Close code", "", "Empty: breaks without a close frame.")],
        isImmediate: true,
      },
      {
        kind: "halfOpen",
        title: "Half-open socket",
        about: "The socket stays open, but no frame passes.",
        fields: [
          {
            name: "frames",
            label: "Frames during the fault",
            choices: [
              ["lose", "Lost"],
              ["hold", "Held back until the fault ends"],
            ],
            value: "lose",
            chips: { lose: "frames lost", hold: "frames held back" },
          },
        ],
        oftenHints: {
          once: "One socket passes no frames. The next socket works.",
          times: "This many sockets pass no frames. The next socket works.",
          while: "Open and new sockets pass no frames during this time.",
          untilCleared: "Open and new sockets pass no frames until you clear the fault.",
        },
      },
      {
        kind: "refuseSockets",
        title: "Refuse sockets",
        about: "New sockets are refused. Open sockets stay open.",
        fields: [number("status", "HTTP status", "403")],
        defaultOften: "untilCleared",
      },
      {
        kind: "refuseSubscriptions",
        title: "Refuse subscriptions",
        about: "Sockets open, but aws/subscribe fails.",
        fields: [],
      },
      {
        kind: "frames",
        title: "Damage frames",
        about: "Chat frames are lost, repeated, reordered, damaged or delayed.",
        fields: [
          {
            name: "transform",
            label: "What happens",
            choices: [
              ["drop", "Lost"],
              ["duplicate", "Sent twice"],
              ["reorder", "Sent after the next frame"],
              ["truncate", "Cut in half"],
              ["corrupt", "Invalid JSON"],
              ["corruptContent", "Invalid item in a valid frame"],
              ["delay", "Delayed"],
            ],
            value: "drop",
            chips: { drop: "frames lost" },
          },
          number("delayMs", "Delay (ms)", "", "Applies only to “Delayed”."),
        ],
      },
      {
        kind: "latency",
        title: "Latency",
        about: "Calls take longer.",
        fields: [
          number("delayMs", "Delay (ms)", "2000"),
          number("jitterMs", "Random extra (ms)", "", "The maximum extra delay."),
          operation("*"),
        ],
        defaultOften: "untilCleared",
      },
    ],
  ],
  [
    "Service",
    [
      {
        kind: "error",
        title: "Refuse calls",
        about: "Calls fail with 4xx, 5xx, 429 or an HTML page.",
        fields: [
          operation("SendMessage"),
          number("status", "HTTP status", "429"),
          {
            name: "from",
            label: "Refused by",
            choices: [
              ["service", "The service (JSON with an error type)"],
              ["gateway", "A gateway (JSON)"],
              ["proxy", "A proxy (HTML page)"],
              ["nobody", "Nobody (empty body)"],
            ],
            value: "service",
            chips: { service: "", gateway: "by a gateway", proxy: "by a proxy", nobody: "by nobody" },
          },
          number("retryAfterSeconds", "Retry-After (s)", ""),
          { name: "message", label: "Message", value: "" },
        ],
      },
      {
        kind: "cut",
        title: "Cut calls",
        about: "The connection breaks during a call.",
        fields: [
          operation("SendMessage"),
          {
            name: "when",
            label: "When",
            choices: [
              ["before", "Before the service acts"],
              ["after", "After the service acts"],
              ["midAnswer", "In the middle of the response"],
            ],
            value: "after",
          },
        ],
      },
      {
        kind: "garble",
        title: "Garble responses",
        about: "The service acts, but the response is something else.",
        fields: [
          operation("SendMessage"),
          { name: "body", label: "Body", value: "", hint: "Empty: an HTML page." },
        ],
      },
      {
        kind: "transcriptLag",
        title: "Lagging transcript",
        about: "GetTranscript omits recent items.",
        fields: [number("lagMs", "Lag (ms)", "3000")],
        hitsAll: true,
        defaultOften: "untilCleared",
      },
      {
        kind: "storage",
        title: "Storage failure",
        about: "Uploads or downloads fail.",
        fields: [
          {
            name: "action",
            label: "Action",
            choices: [
              ["put", "Upload"],
              ["get", "Download"],
            ],
            value: "put",
          },
          number("status", "HTTP status", "403", "Empty: the connection breaks."),
        ],
      },
    ],
  ],
  [
    "Credentials and restart",
    [
      {
        kind: "expireTokens",
        title: "Expire tokens",
        about: "All connection tokens issued so far stop working.",
        fields: [],
        isImmediate: true,
      },
      {
        kind: "expireSocketUrls",
        title: "Expire socket URLs",
        about: "All socket URLs issued so far stop working.",
        fields: [],
        isImmediate: true,
      },
      {
        kind: "restart",
        title: "Restart",
        about: "The simulator cuts all connections, then restarts. The chats stay.",
        fields: [number("downMs", "Down for (ms)", "3000")],
        isImmediate: true,
        hitsAll: true,
      },
    ],
  ],
];

export const FAULT_INFOS: readonly FaultInfo[] = FAULTS.flatMap(([, faults]) => faults);
