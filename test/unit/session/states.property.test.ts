import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { ConnectionState } from "../../../src/api/connection";
import {
  CONNECTION_STATES,
  eventOnEntering,
  nextState,
  type ConnectionSignal,
} from "../../../src/session/states";

const STATES = Object.keys(CONNECTION_STATES) as ConnectionState[];
const SIGNALS = [
  ...new Set(STATES.flatMap((state) => Object.keys(CONNECTION_STATES[state].on))),
] as ConnectionSignal[];

/** Returns the states that a sequence of signals leads through. Signals that a state ignores are skipped. */
function walk(signals: readonly ConnectionSignal[], from: ConnectionState = "idle"): ConnectionState[] {
  const states = [from];
  for (const signal of signals) {
    const next = nextState(states.at(-1) ?? from, signal);
    if (next !== null) states.push(next);
  }
  return states;
}

const anySignals = fc.array(fc.constantFrom(...SIGNALS), { maxLength: 40 });
const last = (states: readonly ConnectionState[]): ConnectionState => states.at(-1) ?? "idle";

describe("for any sequence of signals", () => {
  test("every state except ended can reach connected", () => {
    fc.assert(
      fc.property(anySignals, (signals) => {
        const state = last(walk(signals));
        if (state !== "ended") expect(walk(["connectCalled", "linkUp"], state)).toContain("connected");
      }),
    );
  });

  test("linkUp leads from reconnecting to connected", () => {
    fc.assert(
      fc.property(anySignals, (signals) => {
        const state = last(walk([...signals, "linkLost"]));
        if (state === "reconnecting") expect(nextState(state, "linkUp")).toBe("connected");
      }),
    );
  });

  test("connectionEstablished fires only on entering connected, and connectionLost doesn't fire twice without a connection attempt or connectionEstablished between the two events", () => {
    fc.assert(
      fc.property(anySignals, (signals) => {
        let state: ConnectionState = "idle";
        let isEstablished = false;
        let isLost = false;
        for (const signal of signals) {
          const next = nextState(state, signal);
          if (next === null) continue;
          expect(next).not.toBe(state);
          const event = eventOnEntering(next, signal);
          if (event === "connectionEstablished") {
            expect(signal).toBe("linkUp");
            expect(isEstablished).toBe(false);
            isEstablished = true;
            isLost = false;
          }
          if (event === "connectionLost") {
            expect([isEstablished, isLost]).not.toEqual([false, true]);
            isLost = true;
          }
          if (next === "connecting") isLost = false;
          if (next !== "connected") isEstablished = false;
          state = next;
        }
      }),
    );
  });

  test("ended ignores all signals", () => {
    fc.assert(
      fc.property(anySignals, (signals) => {
        const states = walk(signals);
        const end = states.indexOf("ended");
        if (end >= 0) expect(states.length).toBe(end + 1);
      }),
    );
  });
});
