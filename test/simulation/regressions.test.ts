import { expect, test } from "@jest/globals";
import type { Violation } from "./judge";
import { PLAIN, type Schedule } from "./schedule";
import { loadBundle, outcomeOf } from "./worker";

/** Schedules that broke a promise once, as `npm run simulate` shrank them. */

const bundle = loadBundle("dist/amazon-connect-chat.js");
const violationsOf = async (schedule: Schedule): Promise<readonly Violation[]> =>
  (await outcomeOf(schedule, bundle)).violations;

test("no form of an item is delivered twice: two items stamped an hour ahead, a gap and two reloads (seed y-16)", async () => {
  expect(
    await violationsOf({
      seed: "y-16",
      configuration: PLAIN,
      activeMs: 3_246_906,
      faults: [{ kind: "region-down", fromMs: 2_956_244, toMs: 3_026_291, amount: 0.226942 }],
      steps: [
        { kind: "future", atMs: 2_060_761, chat: 0, amount: 0.513367 },
        { kind: "future", atMs: 2_109_655, chat: 0, amount: 0.335934 },
        { kind: "reload", atMs: 3_223_965, chat: 0, amount: 0.948523 },
        { kind: "stream", atMs: 3_238_174, chat: 0, amount: 0.791958 },
        { kind: "reload", atMs: 3_245_906, chat: 0, amount: 0.514151 },
      ],
    }),
  ).toEqual([]);
});

test("no form of an item is delivered twice: an empty transcript at the start, and more items than are remembered (seed u-221)", async () => {
  expect(
    await violationsOf({
      seed: "u-221",
      configuration: { ...PLAIN, clients: "ten chats", keepsTranscript: true },
      activeMs: 745_314,
      faults: [{ kind: "region-down", fromMs: 743_761, toMs: 744_314, amount: 0.629055 }],
      steps: [
        { kind: "say", atMs: 383_833, chat: 2, amount: 0.74836 },
        { kind: "burst", atMs: 568_838, chat: 2, amount: 0.979959 },
        { kind: "reload", atMs: 646_002, chat: 0, amount: 0.341043 },
      ],
    }),
  ).toEqual([]);
});
