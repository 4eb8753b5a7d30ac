import { describe, expect, test } from "@jest/globals";
import type { ConnectionState } from "../../../src/api/connection";
import {
  CONNECTION_STATES,
  eventOnEntering,
  nextState,
  type ConnectionSignal,
} from "../../../src/session/states";

const STATES = ["idle", "connecting", "connected", "reconnecting", "broken", "ended"] as const;
const SIGNALS = [
  "connectCalled",
  "connectFailed",
  "linkUp",
  "linkLost",
  "gaveUp",
  "chatEnded",
  "left",
] as const;

const NONE = null;

/** The state that each signal leads to from each state, written by hand. Columns are in the order of SIGNALS. */
const NEXT_STATES: Readonly<Record<ConnectionState, readonly (ConnectionState | null)[]>> = {
  //             connectCalled  connectFailed  linkUp       linkLost        gaveUp    chatEnded  left
  idle: ["connecting", NONE, NONE, NONE, NONE, NONE, "ended"],
  connecting: [NONE, "broken", "connected", "reconnecting", "broken", "ended", "ended"],
  connected: [NONE, NONE, NONE, "reconnecting", "broken", "ended", "ended"],
  reconnecting: [NONE, NONE, "connected", NONE, "broken", "ended", "ended"],
  broken: ["connecting", NONE, NONE, NONE, NONE, "ended", "ended"],
  ended: [NONE, NONE, NONE, NONE, NONE, NONE, NONE],
};

const TRANSITIONS = STATES.flatMap((state) =>
  SIGNALS.map((signal, column) => ({ state, signal, expected: NEXT_STATES[state][column] ?? null })),
);

describe("the state table", () => {
  test("has exactly these states and reacts to exactly these signals", () => {
    expect(Object.keys(CONNECTION_STATES).sort()).toEqual([...STATES].sort());
    const signals = Object.values(CONNECTION_STATES).flatMap(({ on }) => Object.keys(on));
    expect([...new Set(signals)].sort()).toEqual([...SIGNALS].sort());
  });

  test.each(TRANSITIONS)("REL-03: $signal in $state leads to $expected", ({ state, signal, expected }) => {
    expect(nextState(state, signal)).toBe(expected);
  });

  test("can reach every state, and `left` leads from every state except ended to ended", () => {
    const reachedStates = new Set<ConnectionState>(["idle"]);
    for (let size = 0; size < reachedStates.size;) {
      size = reachedStates.size;
      for (const state of [...reachedStates]) {
        for (const signal of SIGNALS) {
          const next = nextState(state, signal);
          if (next) reachedStates.add(next);
        }
      }
    }
    expect([...reachedStates].sort()).toEqual([...STATES].sort());
    expect(STATES.map((state) => nextState(state, "left"))).toEqual([
      ...Array<string>(5).fill("ended"),
      null,
    ]);
  });
});

describe("entering a state", () => {
  const EVENTS: Readonly<Record<ConnectionState, string | null>> = {
    idle: null,
    connecting: null,
    connected: "connectionEstablished",
    reconnecting: "connectionLost",
    broken: "connectionBroken",
    ended: null,
  };

  const entrances = TRANSITIONS.flatMap(({ state, signal, expected }) =>
    expected === null ? [] : [{ from: state, signal, to: expected }],
  );

  test.each(entrances.filter(({ signal }) => signal !== "connectFailed"))(
    "emits the event of the state: $from → $to by $signal",
    ({ signal, to }: { signal: ConnectionSignal; to: ConnectionState }) => {
      expect(eventOnEntering(to, signal)).toBe(EVENTS[to]);
    },
  );

  test("emits nothing after a failed connect(), which rejects instead", () => {
    expect(eventOnEntering("broken", "connectFailed")).toBeNull();
    expect(eventOnEntering("broken", "gaveUp")).toBe("connectionBroken");
  });
});

describe("the properties of the states", () => {
  test.each([
    ["idle", "NeverEstablished"],
    ["connecting", "Establishing"],
    ["connected", "Established"],
    ["reconnecting", "Broken"],
    ["broken", "Broken"],
    ["ended", "Broken"],
  ] as const)("%s has upstream's status %s", (state, status) => {
    expect(CONNECTION_STATES[state].status).toBe(status);
  });

  test("connect() starts a connection only in idle and broken", () => {
    expect(STATES.filter((state) => CONNECTION_STATES[state].mayConnect)).toEqual(["idle", "broken"]);
  });
});
