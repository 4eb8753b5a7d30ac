import { describe, expect, test } from "@jest/globals";
import { OPERATIONS } from "../../../simulator/control/operations";
import { problemOf } from "../../../simulator/control/check";
import { FAULT_INFOS } from "../../../simulator/panel/faults/kinds";
import { defaultOften, describeFault, toFault, type Often } from "../../../simulator/panel/faults/to-fault";
import type { ActiveFault } from "../../../simulator/panel/api/types";

const infoOf = (kind: string): (typeof FAULT_INFOS)[number] => {
  const info = FAULT_INFOS.find((each) => each.kind === kind);
  if (!info) throw new Error(`No fault ${kind}.`);
  return info;
};
const often = (kind: Often["kind"]): Often => ({ kind, times: "3", chance: "30" });
const who = { contactId: "a" };

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

  test("send no limit for a fault that acts immediately, and no scope for a restart", () => {
    expect(toFault(infoOf("dropSockets"), {}, who, often("times"))).toEqual({
      kind: "dropSockets",
      scope: { contactId: "a" },
    });
    expect(toFault(infoOf("restart"), {}, who, often("once"))).toEqual({ kind: "restart", downMs: 3000 });
  });

  test("describe an active fault's effect, its scope, and its remaining hits", () => {
    const active = (fault: ActiveFault["fault"], hitsLeft: number | null): ActiveFault => ({
      id: "1",
      addedAt: "",
      fault,
      hits: 0,
      hitsLeft,
      endsAt: null,
    });
    const nameOf = ({ contactId }: { contactId?: string }): string | undefined =>
      contactId === undefined ? undefined : "Maria’s chat";
    expect(
      describeFault(
        active({ kind: "error", operation: "*", status: 429, scope: { contactId: "a" } }, 2),
        nameOf,
      ),
    ).toBe("Refuse calls (all) 429 · Maria’s chat · 2× left");
    expect(describeFault(active({ kind: "latency", delayMs: 2000 }, null), nameOf)).toBe(
      "Latency 2000 ms · everybody · until cleared",
    );
  });
});
