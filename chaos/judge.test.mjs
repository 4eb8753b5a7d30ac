// Tests the judge on one small run. Each case changes one thing and names the counts that must increase.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FAULTS, judgeClient } from "./judge.mjs";

const time = (seconds) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();
const at = (seconds) => Date.parse(time(seconds));

const message = (id, seconds, by = "agent") => ({
  ...{ Id: id, Type: "MESSAGE", Content: id, AbsoluteTime: time(seconds), ParticipantId: by },
});
const frame = (itemId, socket, outcome = "whole") => ({ itemId, socket, outcome, contactId: "c", at: 0 });
const delivered = (id, seconds, recovered = false, deliveredAt = seconds) => ({
  ...{ id, text: id, time: time(seconds), recovered, at: at(deliveredAt) },
});

/** A flawless run with live, recovered and outgoing messages, a gap, a receipt and the end. */
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
      delivered: [
        delivered("a", 1),
        delivered("mine 0", 2),
        delivered("b", 3),
        delivered("c", 5, true, 8.5),
        delivered("d", 6, true, 8.5),
        delivered("e", 9),
      ],
      receipts: [{ kind: "read", messageId: "mine 0", time: time(2.5), at: at(2.5) }],
      recoveries: [{ count: 2, complete: true, at: at(8.6) }],
      sends: [{ text: "mine 0", outcome: "resolved", id: "mine 0" }],
      eventCounts: { established: 2, lost: 1, broken: 0, ended: 1 },
      transcript: {
        ...{ snapshots: 6, unsorted: 0, duplicates: 0 },
        last: ["a", "mine 0", "b", "c", "d", "e"].map((id) => ({ id, type: "MESSAGE" })),
      },
    },
  };
}

/** Returns the counts that aren't zero after `spoil`. */
function countsAfter(spoil) {
  const { client, truth } = run();
  spoil(client, truth);
  const { counts } = judgeClient(client, truth);
  return Object.fromEntries(FAULTS.filter((name) => counts[name] > 0).map((name) => [name, counts[name]]));
}

const swap = (list, a, b) => ([list[a], list[b]] = [list[b], list[a]]);
const removeAt = (list, index) => list.splice(index, 1)[0];
const requestOf = (truth) => truth.requests[0];

/** Ends the chat in the gap, and damages the only frame of a message from before the gap. */
function endInGap({ delivered, transcript }, { transcripts, traffic }, { damaged }) {
  traffic.sockets.pop();
  transcripts
    .get(1)
    .push({ ...message("end", 8), ContentType: "application/x.event.chat.ended", Type: "EVENT" });
  traffic.frames = traffic.frames.filter(({ socket }) => socket === 1 || socket === 2);
  const isGone = (id) => [damaged, "c", "d", "e"].includes(id);
  for (const list of [delivered, transcript.last])
    list.splice(0, list.length, ...list.filter(({ id }) => !isGone(id)));
  traffic.frames.find(({ itemId }) => itemId === damaged).outcome = "changed";
}

const CASES = [
  ["an unchanged run has no faults", () => undefined, {}],
  ["a lost live message is lost", ({ delivered }) => removeAt(delivered, 0), { lost: 1 }],
  ["a missed message that isn't recovered is lost", ({ delivered }) => removeAt(delivered, 3), { lost: 1 }],
  [
    "a live message delivered twice is a duplicate and out of order",
    ({ delivered }) => delivered.push({ ...delivered[5] }),
    { twice: 1, outOfOrder: 1 },
  ],
  [
    "a recovered message delivered twice is a duplicate",
    ({ delivered }) => delivered.splice(4, 0, { ...delivered[3] }),
    { twice: 1 },
  ],
  ["swapped live messages are out of order", ({ delivered }) => swap(delivered, 0, 1), { outOfOrder: 1 }],
  [
    "swapped recovered messages are out of order",
    ({ delivered }) => swap(delivered, 3, 4),
    { outOfOrder: 1 },
  ],
  [
    "a missed message after a newer message from the new link is out of order",
    ({ delivered }) => delivered.push({ ...removeAt(delivered, 4), at: at(9.5) }),
    { outOfOrder: 1 },
  ],
  [
    "a missed message after a newer message from the new link is fine if the recovery was reported as incomplete",
    ({ delivered, recoveries }) => {
      delivered.push({ ...removeAt(delivered, 4), at: at(9.5) });
      recoveries.unshift({ count: 1, complete: false, at: at(8.8) });
    },
    {},
  ],
  [
    "a missed message after a newer message from the new link is fine if its frame was damaged on the new link",
    ({ delivered }, { traffic }) => {
      delivered.push({ ...removeAt(delivered, 4), at: at(9.5) });
      traffic.frames.unshift(frame("d", 3, "changed"));
    },
    {},
  ],
  [
    "swapped live messages are fine if the service sent them in that order",
    ({ delivered }, { traffic }) => {
      swap(delivered, 0, 1);
      swap(traffic.frames, 0, 2);
    },
    {},
  ],
  [
    "a live message without an intact frame is out of order",
    ({ delivered }) => (delivered[3].recovered = false),
    { outOfOrder: 1 },
  ],
  [
    "a message missing from the transcript is counted",
    ({ transcript }) => removeAt(transcript.last, 2),
    { missingInTranscript: 1 },
  ],
  ["an unsorted transcript is counted", ({ transcript }) => (transcript.unsorted = 1), { unsorted: 1 }],
  [
    "a duplicate in a transcript is counted",
    ({ transcript }) => (transcript.duplicates = 1),
    { duplicatedInTranscript: 1 },
  ],
  [
    "a message stored twice is counted",
    ({ delivered, transcript }, { transcripts, traffic }) => {
      transcripts.get(1).push({ ...message("mine again", 9.5, "me"), Content: "mine 0" });
      traffic.frames.push(frame("mine again", 3));
      delivered.push(delivered[5] && { ...delivered[5], id: "mine again", text: "mine 0", time: time(9.5) });
      transcript.last.push({ id: "mine again" });
    },
    { storedTwice: 1 },
  ],
  [
    "a message resolved with another ID counts as not stored",
    ({ sends }) => (sends[0].id = "x"),
    { acceptedNotStored: 1 },
  ],
  [
    "a rejected message that was stored and confirmed is a fault",
    ({ sends }) => (sends[0].outcome = "rejected"),
    { rejectedButStored: 1 },
  ],
  [
    "a rejected message that was stored is fine if the service never responded",
    ({ sends }, truth) => {
      sends[0].outcome = "rejected";
      requestOf(truth).answeredAt = null;
    },
    {},
  ],
  [
    "a rejected message that was stored is fine if the response came too late",
    ({ sends }, truth) => {
      sends[0].outcome = "rejected";
      requestOf(truth).answeredAt = at(12);
    },
    {},
  ],
  ["a message that never settles is counted", ({ sends }) => (sends[0].outcome = null), { unsettled: 1 }],
  [
    "messages stored in reverse are out of call order",
    ({ sends }, { transcripts }) => {
      transcripts.get(1).splice(1, 0, message("mine 1", -0.5, "me"));
      sends.push({ text: "mine 1", outcome: "resolved", id: "mine 1" });
    },
    { outOfCallOrder: 1 },
  ],
  ["a receipt that isn't emitted is lost", ({ receipts }) => removeAt(receipts, 0), { receiptsLost: 1 }],
  ["a receipt emitted twice is counted", ({ receipts }) => receipts.push(receipts[0]), { receiptsTwice: 1 }],
  [
    "an outgoing receipt that never settles is counted",
    (client) => (client.pendingReceipts = 1),
    { unsettledReceipts: 1 },
  ],
  [
    "an undelivered message is lost unless it is from the gap before the end",
    ({ delivered }, { transcripts, traffic }) => {
      traffic.sockets.pop();
      transcripts
        .get(1)
        .push({ ...message("end", 8), ContentType: "application/x.event.chat.ended", Type: "EVENT" });
      for (const id of ["c", "d"])
        delivered.splice(
          delivered.findIndex((each) => each.id === id),
          1,
        );
      traffic.frames.push(frame("e", 1));
      removeAt(delivered, 0);
    },
    { lost: 1 },
  ],
  [
    "a message damaged just before the gap in which the chat ends isn't lost",
    (client, truth) => endInGap(client, truth, { damaged: "b" }),
    {},
  ],
  [
    "a message damaged just before the gap in which the chat ends is lost if the transcript was fetched in between",
    (client, truth) => {
      endInGap(client, truth, { damaged: "b" });
      truth.requests.push({
        ...{ operation: "GetTranscript", participantId: "me", status: 200 },
        ...{ at: at(3.5), answeredAt: at(3.6) },
      });
    },
    { lost: 1, missingInTranscript: 1 },
  ],
  [
    "a message damaged long before the gap in which the chat ends is lost",
    (client, truth) => {
      endInGap(client, truth, { damaged: "b" });
      truth.traffic.sockets[0].closedAt = at(25);
      for (const item of truth.transcripts.get(1))
        if (item.AbsoluteTime > time(4)) item.AbsoluteTime = time(26);
    },
    { lost: 1, missingInTranscript: 1 },
  ],
  [
    "a message damaged just before a gap is lost if the chat continues after the gap",
    ({ delivered, transcript }, { traffic }) => {
      removeAt(delivered, 2);
      removeAt(transcript.last, 2);
      traffic.frames[4].outcome = "changed";
    },
    { lost: 1, missingInTranscript: 1 },
  ],
  ["an end that isn't emitted is lost", ({ eventCounts }) => (eventCounts.ended = 0), { endsLost: 1 }],
  ["an end emitted twice is counted", ({ eventCounts }) => (eventCounts.ended = 2), { endsTwice: 1 }],
];

for (const [name, spoil, expected] of CASES) test(name, () => assert.deepEqual(countsAfter(spoil), expected));
