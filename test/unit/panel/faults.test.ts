import { describe, expect, test } from "@jest/globals";
import { OPERATIONS } from "../../../simulator/control/operations";
import { problemOf } from "../../../simulator/control/check";
import { droppedText } from "../../../simulator/panel/faults/dropped-text";
import { FAULT_INFOS, OFTEN_TEXTS } from "../../../simulator/panel/faults/kinds";
import { describeGroup, groupFaults, networkDown } from "../../../simulator/panel/faults/network-down";
import {
  defaultOften,
  describeFault,
  toFault,
  toMs,
  type Often,
} from "../../../simulator/panel/faults/to-fault";
import { untilTime } from "../../../simulator/panel/ui/times";
import type { ActiveFault } from "../../../simulator/panel/api/types";

const infoOf = (kind: string): (typeof FAULT_INFOS)[number] => {
  const info = FAULT_INFOS.find((each) => each.kind === kind);
  if (!info) throw new Error(`No fault ${kind}.`);
  return info;
};
const often = (kind: Often["kind"]): Often => ({
  kind,
  times: "3",
  chance: "30",
  seconds: "1.5",
});
const who = { contactId: "a" };
const nameOf = ({ contactId }: { contactId?: string }): string | undefined =>
  contactId === undefined ? undefined : "Maria’s chat";
const ENDS_AT = "2026-12-01T10:00:20.000Z";

function active(
  fault: ActiveFault["fault"],
  hitsLeft: number | null = null,
  fields: Partial<ActiveFault> = {},
): ActiveFault {
  return { id: "1", addedAt: "2026-12-01T10:00:00.000Z", fault, hits: 0, hitsLeft, endsAt: null, ...fields };
}

describe("the fault forms", () => {
  test.each(FAULT_INFOS.map((info) => [info.kind, info] as const))(
    "have defaults that the API accepts: %s",
    (_, info) => {
      const fault = toFault(info, {}, who, defaultOften(info));
      expect(problemOf(OPERATIONS.addFault.body, fault)).toBeNull();
    },
  );

  test("send numbers as numbers, and omit empty fields", () => {
    expect(toFault(infoOf("error"), { status: " 503 " }, {}, often("once"))).toEqual({
      kind: "error",
      operation: "SendMessage",
      status: 503,
      from: "service",
      scope: { times: 1 },
    });
  });

  test("can limit a fault to one hit, to a number of hits, or to a probability", () => {
    const scope = (limit: Often): unknown => Reflect.get(toFault(infoOf("cut"), {}, who, limit), "scope");
    expect(scope(often("once"))).toEqual({ contactId: "a", times: 1 });
    expect(scope(often("times"))).toEqual({ contactId: "a", times: 3 });
    expect(scope({ ...often("times"), times: "zero" })).toEqual({ contactId: "a", times: 1 });
    expect(scope(often("chance"))).toEqual({ contactId: "a", chance: 0.3, untilCleared: true });
    expect(scope(often("untilCleared"))).toEqual({ contactId: "a", untilCleared: true });
  });

  test("can limit every lasting fault to a while", () => {
    const lasting = FAULT_INFOS.filter(({ isImmediate = false }) => !isImmediate);
    for (const info of lasting) {
      const fault = toFault(info, {}, who, often("while"));
      expect(Reflect.get(fault, "scope")).toMatchObject({ forMs: 1500 });
      expect(problemOf(OPERATIONS.addFault.body, fault)).toBeNull();
    }
  });

  test("replace seconds that aren't valid with 20, and limit them to a day", () => {
    expect(["20", "0.5", "", "-1", "x", "1e99"].map(toMs)).toEqual([
      20_000, 500, 20_000, 20_000, 20_000, 86_400_000,
    ]);
  });

  test("stall one socket by default, and say when a half-open socket also stalls all others", () => {
    const info = infoOf("halfOpen");
    expect(Reflect.get(toFault(info, {}, who, defaultOften(info)), "scope")).toEqual({
      contactId: "a",
      times: 1,
    });
    expect(info.oftenHints).toEqual({
      once: "One socket passes no frames. The next socket works.",
      times: "This many sockets pass no frames. The next socket works.",
      while: "Open and new sockets pass no frames during this time.",
      untilCleared: "Open and new sockets pass no frames until you clear the fault.",
    });
    expect(Object.keys(OFTEN_TEXTS)).toEqual(expect.arrayContaining(Object.keys(info.oftenHints ?? {})));
  });

  test("send no limit for a fault that acts immediately, and no scope for a restart", () => {
    expect(toFault(infoOf("dropSockets"), {}, who, often("times"))).toEqual({
      kind: "dropSockets",
      scope: { contactId: "a" },
    });
    expect(toFault(infoOf("restart"), {}, who, often("once"))).toEqual({ kind: "restart", downMs: 3000 });
  });

  test("describe an active fault's effect, its scope, and its remaining hits or its end", () => {
    expect(
      describeFault(
        active({ kind: "error", operation: "*", status: 429, scope: { contactId: "a" } }, 2),
        nameOf,
      ),
    ).toBe("Refuse calls (all) 429 · Maria’s chat · 2× left");
    expect(describeFault(active({ kind: "latency", delayMs: 2000 }), nameOf)).toBe(
      "Latency 2000 ms · everybody · until cleared",
    );
    expect(describeFault(active({ kind: "custom", text: "x" }, null, { endsAt: ENDS_AT }), nameOf)).toBe(
      `custom x · everybody · until ${untilTime(ENDS_AT)}`,
    );
    expect(describeFault(active({ kind: "refuseSubscriptions", scope: { chance: 0.3 } }), nameOf)).toBe(
      "Refuse subscriptions · everybody · 30% chance · until cleared",
    );
  });

  test.each([
    [{ kind: "halfOpen", frames: "lose" }, "Half-open socket frames lost"],
    [{ kind: "halfOpen", frames: "hold" }, "Half-open socket frames held back"],
    [{ kind: "frames", transform: "corruptContent" }, "Damage frames invalid item in a valid frame"],
    [
      { kind: "cut", operation: "SendMessage", when: "after" },
      "Cut calls SendMessage after the service acts",
    ],
    [{ kind: "storage", action: "put", status: 403 }, "Storage failure upload 403"],
    [{ kind: "error", operation: "SendEvent", status: 403, from: "service" }, "Refuse calls SendEvent 403"],
    [{ kind: "error", operation: "*", status: 502, from: "proxy" }, "Refuse calls (all) 502 by a proxy"],
  ] as const)("describe a fault in words, not in the API's values: %j", (fault, text) => {
    expect(describeFault(active(fault), nameOf)).toBe(`${text} · everybody · until cleared`);
  });
});

describe("taking the network down", () => {
  /** The faults as the API lists them: without the dropped sockets, which are an instant fault. */
  const listed = (who: { contactId?: string }, id: number, addedAt?: string): ActiveFault[] =>
    networkDown(who, 20_000).flatMap((fault, index) =>
      fault.kind === "dropSockets"
        ? []
        : [
            active(fault, null, {
              id: `fault-${id + index}`,
              endsAt: ENDS_AT,
              ...(addedAt !== undefined && { addedAt }),
            }),
          ],
    );

  test("refuses sockets, cuts calls and files for a while, and drops open sockets last", () => {
    const faults = networkDown({ contactId: "a" }, 20_000);
    expect(faults.map(({ kind }) => kind)).toEqual([
      "refuseSockets",
      "cut",
      "storage",
      "storage",
      "dropSockets",
    ]);
    expect(faults.slice(0, -1).map(({ scope }) => scope)).toEqual(
      Array.from({ length: 4 }, () => ({ contactId: "a", forMs: 20_000 })),
    );
    expect(faults.at(-1)).toEqual({ kind: "dropSockets", scope: { contactId: "a" } });
    expect(networkDown({}, 1).at(-1)).toEqual({ kind: "dropSockets" });
    for (const fault of faults) expect(problemOf(OPERATIONS.addFault.body, fault)).toBeNull();
  });

  test("shows as one active fault that is removed as a whole", () => {
    const [group, ...others] = groupFaults(listed({ contactId: "a" }, 1));
    expect(others).toEqual([]);
    expect(group?.faults.map(({ id }) => id)).toEqual(["fault-1", "fault-2", "fault-3", "fault-4"]);
    expect(group && describeGroup(group, nameOf)).toBe(
      `Network down · Maria’s chat · until ${untilTime(ENDS_AT)}`,
    );
  });

  test("isn't confused with other faults, with another chat's outage, or with another outage of the same chat", () => {
    const cut = active({ kind: "cut", operation: "SendMessage", when: "before", scope: { forMs: 20_000 } });
    const refused = active({ kind: "refuseSockets", status: 503, scope: { untilCleared: true } });
    const faults = [
      refused,
      ...listed({ contactId: "a" }, 1),
      ...listed({ contactId: "b" }, 6),
      ...listed({ contactId: "b" }, 11, "2026-12-01T10:00:10.000Z"),
      cut,
    ];
    expect(
      groupFaults(faults).map(({ faults: { length }, isNetworkDown }) => [length, isNetworkDown]),
    ).toEqual([
      [1, false],
      [4, true],
      [4, true],
      [4, true],
      [1, false],
    ]);
  });

  test("isn't joined with the remaining parts of an earlier outage", () => {
    const earlier = listed({ contactId: "a" }, 1).slice(0, 2);
    const later = listed({ contactId: "a" }, 6, "2026-12-01T10:00:10.000Z").slice(2);
    expect(groupFaults([...earlier, ...later]).map(({ faults: { length } }) => length)).toEqual([2, 2]);
  });

  test("says how many sockets it dropped, unless the simulator doesn't count them", () => {
    expect(droppedText({ id: "1", dropped: 0 })).toBe("No socket was open.");
    expect(droppedText({ id: "1", dropped: 1 })).toBe("Dropped 1 socket.");
    expect(droppedText({ id: "1", dropped: 3 })).toBe("Dropped 3 sockets.");
    expect(droppedText({ id: "1" })).toBeUndefined();
  });
});
