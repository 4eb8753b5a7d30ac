import { describe, expect, test } from "@jest/globals";
import type { TrafficEntry } from "../../../simulator/panel/api/types";
import { filterTraffic, shortName } from "../../../simulator/panel/traffic/filter";

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
