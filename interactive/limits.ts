/** The service's content types, versions and limits. AWS documents some limits in contradictory ways. */

export const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";
export const RESPONSE = "application/vnd.amazonaws.connect.message.interactive.response";

export const VERSION = "1.0";

/**
 * Template → the smallest and the largest number of items. Where sources contradict each other, the larger limit counts,
 * so that a message which the service has accepted causes no warning.
 */
export const COUNTS = {
  // Administrator guide (archived): 6. A digest of the 2026 guide: 10.
  ListPicker: [1, 10],
  // Administrator guide.
  Panel: [1, 10],
  // AWS's open-source chat widget: 5. The digest: 10 in web chats, 5 in Apple Messages.
  QuickReply: [2, 10],
  // Administrator guide; older versions: 20.
  TimePicker: [1, 40],
  // AWS's open-source chat widget and the digest.
  Carousel: [2, 5],
} as const;

/** Characters of a title or subtitle. The service doesn't check it: AWS's widget cuts longer texts. */
export const MAX_TEXT = 400;
/** Characters of a quick reply's option, in AWS's widget. */
export const MAX_QUICK_REPLY = 200;
/** Bytes of a whole message. Administrator guide: "less than 20 KB". */
export const MAX_BYTES = 20 * 1024;
/** Characters of a response's `action`, according to a comment in AWS's Touchpoint. */
export const MAX_ACTION = 200;

/** The values of `actionDetail`: such an element pages through a list instead of choosing from it. */
export const PAGING_ACTIONS = ["SHOW_MORE", "PREVIOUS_OPTIONS"] as const;
