import { describe, expect, test } from "@jest/globals";
import type { TrafficEntry } from "../../../simulator/panel/api/types";
import { withFaultMark } from "../../../simulator/panel/state/changes";
import { INITIAL_STATE } from "../../../simulator/panel/state/model";
import { explanationOf, resultOf, titleOf, toneOf } from "../../../simulator/panel/traffic/explain";
import { filterTraffic, shortName } from "../../../simulator/panel/traffic/filter";
import {
  concernsContact,
  timelineOf,
  type FaultMark,
  type TimelineRow,
} from "../../../simulator/panel/traffic/timeline";

const entry = (number: number, fields: Partial<TrafficEntry>): TrafficEntry => ({
  number,
  at: "",
  contactId: "a",
  participantId: null,
  role: "CUSTOMER",
  kind: "call",
  direction: "in",
  name: "SendMessage",
  ...fields,
});

const TRAFFIC = [
  entry(1, { status: 200, request: { Content: "Where is my Parcel?" } }),
  entry(2, { kind: "frame", name: "aws/heartbeat" }),
  entry(3, { contactId: "b", status: 429 }),
  entry(4, { kind: "socket", name: "opened" }),
];
const ALL = { contactId: undefined, kinds: [], text: "", hasBeats: true } as const;
const numbers = (filter: Partial<Parameters<typeof filterTraffic>[1]>): number[] =>
  filterTraffic(TRAFFIC, { ...ALL, ...filter }).map(({ number }) => number);

describe("the traffic filter", () => {
  test("selects entries by contact and kind, and can hide heartbeats", () => {
    expect(numbers({})).toEqual([1, 2, 3, 4]);
    expect(numbers({ contactId: "b" })).toEqual([3]);
    expect(numbers({ kinds: ["socket", "frame"] })).toEqual([2, 4]);
    expect(numbers({ hasBeats: false })).toEqual([1, 3, 4]);
  });

  test("finds text in names, statuses and bodies, regardless of case", () => {
    expect(numbers({ text: " parcel " })).toEqual([1]);
    expect(numbers({ text: "429" })).toEqual([3]);
    expect(numbers({ text: "SendMessage".toUpperCase() })).toEqual([1, 3]);
  });

  test("shows names without their common prefix", () => {
    expect(shortName("application/vnd.amazonaws.connect.event.typing")).toBe("event.typing");
  });
});

describe("a row of the traffic", () => {
  const closed = (status: number): TrafficEntry => entry(1, { kind: "socket", name: "closed", status });
  const frame = (outcome: string): TrafficEntry =>
    entry(1, { kind: "frame", direction: "out", name: "text/plain", request: { socket: 1, outcome } });

  test("explains the usual close codes, among them those that the library sends", () => {
    expect(titleOf(closed(1000))).toBe("socket closed");
    for (const code of [1000, 1001, 1006, 4000]) {
      expect(resultOf(closed(code))).toBe(String(code));
      expect(explanationOf(closed(code))).toMatch(/\.$/);
    }
    expect(explanationOf(closed(4999))).toBeUndefined();
  });

  test("says whether a frame was lost or changed, in words and in amber", () => {
    expect([resultOf(frame("lost")), toneOf(frame("lost"))]).toEqual(["lost", "warn"]);
    expect([resultOf(frame("changed")), toneOf(frame("changed"))]).toEqual(["changed", "warn"]);
    expect([resultOf(frame("whole")), toneOf(frame("whole"))]).toEqual(["", "plain"]);
    expect(explanationOf(frame("lost"))).toBe("The page never received this frame.");
  });

  test("is red for refused sockets and subscriptions and for failed calls, and amber for slow calls", () => {
    const refused = entry(1, {
      kind: "socket",
      name: "refused",
      status: 403,
      request: { of: "subscription" },
    });
    expect([titleOf(refused), resultOf(refused), toneOf(refused)]).toEqual([
      "subscription refused",
      "403",
      "bad",
    ]);
    expect(toneOf(entry(1, { status: 429 }))).toBe("bad");
    expect([resultOf(entry(1, { status: 0 })), toneOf(entry(1, { status: 0 }))]).toEqual(["cut", "bad"]);
    expect(toneOf(entry(1, { status: 200, fault: "fault-1" }))).toBe("warn");
  });
});

describe("the timeline", () => {
  const mark = (id: string, after: number, contactId?: string): FaultMark => ({
    ...{ what: "added", id, at: "", after },
    fault: { kind: "refuseSubscriptions", scope: contactId === undefined ? {} : { contactId } },
  });
  const keys = (rows: readonly TimelineRow[]): (number | string)[] =>
    rows.map((row) => (row.kind === "mark" ? row.mark.id : row.entry.number));

  test("shows when faults began and ended between the calls and frames, newest first", () => {
    const marks = [mark("first", 0), mark("second", 2), mark("third", 4)];
    expect(keys(timelineOf(TRAFFIC, marks, 10))).toEqual(["third", 4, 3, "second", 2, 1, "first"]);
    expect(keys(timelineOf(TRAFFIC, marks, 3))).toEqual(["third", 4, 3]);
  });

  test("has only the faults that can hit the contact", () => {
    expect(concernsContact(mark("x", 0, "b"), "a")).toBe(false);
    expect(concernsContact(mark("x", 0, "a"), "a")).toBe(true);
    expect(concernsContact(mark("x", 0), "a")).toBe(true);
    expect(concernsContact(mark("x", 0, "b"), undefined)).toBe(true);
  });

  test("describes a fault that ended as it was when it was added", () => {
    const fault = { kind: "halfOpen", frames: "lose" } as const;
    const active = { ...{ id: "fault-1", addedAt: "", hits: 0, hitsLeft: null, endsAt: null }, fault };
    const added = withFaultMark(INITIAL_STATE, { what: "added", id: "fault-1", fault: active }, 1000);
    const ended = withFaultMark(
      { ...added, traffic: TRAFFIC },
      { what: "removed", id: "fault-1", fault: null },
      2000,
    );
    expect(ended.marks).toEqual([
      { what: "added", id: "fault-1", fault, at: "1970-01-01T00:00:01.000Z", after: 0 },
      { what: "removed", id: "fault-1", fault, at: "1970-01-01T00:00:02.000Z", after: 4 },
    ]);
  });
});
