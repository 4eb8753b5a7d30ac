// Whether the judge sees what it should: one small run, and what becomes of it when one thing is wrong.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULTS, judgeClient } from "./judge.mjs";

const time = (seconds) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const at = (seconds) => Date.parse(time(seconds));

const message = (id, seconds, by = "agent") => ({
  ...{ Id: id, Type: "MESSAGE", Content: id, AbsoluteTime: time(seconds), ParticipantId: by },
});
const frame = (itemId, socket, outcome = "whole") => ({ itemId, socket, outcome, contactId: "c", at: 0 });
const handed = (id, seconds, recovered = false, told = seconds) => ({
  ...{ id, text: id, time: time(seconds), recovered, at: at(told) },
});

/** Two messages live, two missed in a gap and recovered, one live after it; one message of its own; a receipt; the end. */
function run() {
  const receipt = { Id: "receipt", Type: "MESSAGEMETADATA", AbsoluteTime: time(2.5) };
  receipt.MessageMetadata = {
    MessageId: "mine 0",
    Receipts: [{ RecipientParticipantId: "agent", ReadTimestamp: time(2.5) }],
  };
  return {
    truth: {
      startedAt: at(0),
      transcripts: new Map([
        [
          1,
          [
            message("before", -1),
            message("a", 1),
            message("mine 0", 2, "me"),
            receipt,
            message("b", 3),
            message("c", 5),
            message("d", 6),
            message("e", 9),
          ],
        ],
      ]),
      traffic: {
        sockets: [
          { socket: 1, participantIds: ["me"], subscribedAt: at(-2), closedAt: at(4) },
          { socket: 2, participantIds: ["other"], subscribedAt: at(-2), closedAt: null },
          { socket: 3, participantIds: ["me"], subscribedAt: at(8), closedAt: null },
        ],
        frames: [
          ...[frame("a", 1), frame("e", 2), frame("mine 0", 1), frame("receipt", 1), frame("b", 1)],
          frame("e", 3),
        ],
      },
      requests: [
        {
          ...{ operation: "SendMessage", participantId: "me", at: at(2), answeredAt: at(2) },
          body: { Content: "mine 0" },
        },
      ],
    },
    client: {
      ...{ key: "chat 1 customer", chat: 1, participantId: "me", pendingReceipts: 0 },
      handed: [
        handed("a", 1),
        handed("mine 0", 2),
        handed("b", 3),
        handed("c", 5, true, 8.5),
        handed("d", 6, true, 8.5),
        handed("e", 9),
      ],
      receipts: [{ kind: "read", messageId: "mine 0", time: time(2.5), at: at(2.5) }],
      recoveries: [{ count: 2, complete: true, at: at(8.6) }],
      sends: [{ text: "mine 0", outcome: "resolved", id: "mine 0" }],
      told: { established: 2, lost: 1, broken: 0, ended: 1 },
      transcript: {
        ...{ snapshots: 6, unsorted: 0, duplicates: 0 },
        last: ["a", "mine 0", "b", "c", "d", "e"].map((id) => ({ id, type: "MESSAGE" })),
      },
    },
  };
}

/** What is not nought after `spoil`. */
function found(spoil) {
  const { client, truth } = run();
  spoil(client, truth);
  const { counts } = judgeClient(client, truth);
  return Object.fromEntries(FAULTS.filter((name) => counts[name] > 0).map((name) => [name, counts[name]]));
}

const swap = (list, a, b) => ([list[a], list[b]] = [list[b], list[a]]);
const take = (list, place) => list.splice(place, 1)[0];
const tokenOf = (truth) => truth.requests[0];

const CASES = [
  ["nothing", () => undefined, {}],
  ["a live one lost", ({ handed }) => take(handed, 0), { lost: 1 }],
  ["a missed one lost", ({ handed }) => take(handed, 3), { lost: 1 }],
  ["one twice", ({ handed }) => handed.push({ ...handed[5] }), { twice: 1, outOfOrder: 1 }],
  ["one twice, both recovered", ({ handed }) => handed.splice(4, 0, { ...handed[3] }), { twice: 1 }],
  ["live ones swapped", ({ handed }) => swap(handed, 0, 1), { outOfOrder: 1 }],
  ["recovered ones swapped", ({ handed }) => swap(handed, 3, 4), { outOfOrder: 1 }],
  [
    "a missed one after a later one of the new link",
    ({ handed }) => handed.push({ ...take(handed, 4), at: at(9.5) }),
    { outOfOrder: 1 },
  ],
  [
    "the same, told as incomplete",
    ({ handed, recoveries }) => {
      handed.push({ ...take(handed, 4), at: at(9.5) });
      recoveries.unshift({ count: 1, complete: false, at: at(8.8) });
    },
    {},
  ],
  [
    "the same, of one whose frame was damaged on the new link",
    ({ handed }, { traffic }) => {
      handed.push({ ...take(handed, 4), at: at(9.5) });
      traffic.frames.unshift(frame("d", 3, "changed"));
    },
    {},
  ],
  [
    "live ones that the service sent the other way round",
    ({ handed }, { traffic }) => {
      swap(handed, 0, 1);
      swap(traffic.frames, 0, 2);
    },
    {},
  ],
  ["a live one that no frame held whole", ({ handed }) => (handed[3].recovered = false), { outOfOrder: 1 }],
  ["a transcript that lacks one", ({ transcript }) => take(transcript.last, 2), { missingInTranscript: 1 }],
  ["a transcript out of order", ({ transcript }) => (transcript.unsorted = 1), { unsorted: 1 }],
  [
    "a transcript with one twice",
    ({ transcript }) => (transcript.duplicates = 1),
    { doubledInTranscript: 1 },
  ],
  [
    "a message stored twice",
    ({ handed, transcript }, { transcripts, traffic }) => {
      transcripts.get(1).push({ ...message("mine again", 9.5, "me"), Content: "mine 0" });
      traffic.frames.push(frame("mine again", 3));
      handed.push(handed[5] && { ...handed[5], id: "mine again", text: "mine 0", time: time(9.5) });
      transcript.last.push({ id: "mine again" });
    },
    { storedTwice: 1 },
  ],
  ["a send told under another id", ({ sends }) => (sends[0].id = "x"), { acceptedNotStored: 1 }],
  [
    "a send that was told to be rejected",
    ({ sends }) => (sends[0].outcome = "rejected"),
    { rejectedButStored: 1 },
  ],
  [
    "a rejected send that nobody could know to be stored",
    ({ sends }, truth) => {
      sends[0].outcome = "rejected";
      tokenOf(truth).answeredAt = null;
    },
    {},
  ],
  [
    "a rejected send whose answer came too late",
    ({ sends }, truth) => {
      sends[0].outcome = "rejected";
      tokenOf(truth).answeredAt = at(12);
    },
    {},
  ],
  ["a send that never settles", ({ sends }) => (sends[0].outcome = null), { unsettled: 1 }],
  [
    "sends stored the other way round",
    ({ sends }, { transcripts }) => {
      transcripts.get(1).splice(1, 0, message("mine 1", -0.5, "me"));
      sends.push({ text: "mine 1", outcome: "resolved", id: "mine 1" });
    },
    { outOfCallOrder: 1 },
  ],
  ["a receipt lost", ({ receipts }) => take(receipts, 0), { receiptsLost: 1 }],
  ["a receipt twice", ({ receipts }) => receipts.push(receipts[0]), { receiptsTwice: 1 }],
  [
    "a receipt of its own that never settles",
    (client) => (client.pendingReceipts = 1),
    { unsettledReceipts: 1 },
  ],
  [
    "what was said in the gap in which the chat ended, and what was said before it",
    ({ handed }, { transcripts, traffic }) => {
      traffic.sockets.pop();
      transcripts
        .get(1)
        .push({ ...message("end", 8), ContentType: "application/x.event.chat.ended", Type: "EVENT" });
      for (const id of ["c", "d"])
        handed.splice(
          handed.findIndex((each) => each.id === id),
          1,
        );
      traffic.frames.push(frame("e", 1));
      take(handed, 0);
    },
    { lost: 1 },
  ],
  ["no end", ({ told }) => (told.ended = 0), { endsLost: 1 }],
  ["an end told again", ({ told }) => (told.ended = 2), { endsTwice: 1 }],
];

for (const [name, spoil, expected] of CASES) test(name, () => assert.deepEqual(found(spoil), expected));
