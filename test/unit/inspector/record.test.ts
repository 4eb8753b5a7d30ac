/** @jest-environment jsdom */
import { describe, expect, test } from "@jest/globals";
import { CATEGORY_NAMES, type NewEntry } from "../../../inspector/entries";
import { Recorder, type RecorderChange } from "../../../inspector/recorder";
import { mask, withoutSecrets, maskTexts } from "../../../inspector/redact";
import {
  DEFAULT_FILTER,
  detailOf,
  exportOf,
  passes,
  rowOf,
  transcriptRowOf,
} from "../../../inspector/view-model";

const EVENT = "application/vnd.amazonaws.connect.event.";
const TEXT_HIDDEN = { showsText: false };
const TEXT_SHOWN = { showsText: true };

const event = (name: string, data: unknown = {}, recovered = false): NewEntry => ({
  kind: "event",
  at: 0,
  session: "s1",
  name,
  data,
  recovered,
});
const request = (more: Partial<Extract<NewEntry, { kind: "request" }>> = {}): NewEntry => ({
  kind: "request",
  at: 0,
  session: "s1",
  operation: "SendMessage",
  method: "POST",
  path: "/participant/message",
  attempt: 1,
  bytes: 120,
  body: { Content: "Hello Sam", ContentType: "text/plain" },
  outcome: null,
  ...more,
});

function record(entry: NewEntry) {
  const recorded = new Recorder().note(entry);
  if (!recorded) throw new Error("The entry wasn't recorded.");
  return recorded;
}

describe("the recorder", () => {
  test("keeps the newest entries and counts dropped entries", () => {
    const recorder = new Recorder(3);
    for (const name of ["a", "b", "c", "d", "e"]) recorder.note(event(name));
    expect(recorder.entries).toMatchObject([{ name: "c" }, { name: "d" }, { name: "e" }]);
    expect(recorder.dropped).toBe(2);
  });

  test("adds a response to its request after other entries were dropped, and ignores a response to a dropped request", () => {
    const recorder = new Recorder(2);
    const outcome = { durationMs: 12, status: 200, failure: null, bytes: null };
    const dropped = recorder.note(request());
    recorder.note(event("typing"));
    const kept = recorder.note(request());
    recorder.recordOutcome(dropped?.id ?? 0, outcome);
    recorder.recordOutcome(kept?.id ?? 0, outcome);
    recorder.recordSize(kept?.id ?? 0, 42);
    expect(recorder.entries).toMatchObject([{ name: "typing" }, { outcome: { status: 200, bytes: 42 } }]);
  });

  test("records nothing while paused and counts the missed entries", () => {
    const recorder = new Recorder();
    recorder.setPaused(true);
    recorder.note(event("a"));
    expect(recorder.entries).toHaveLength(0);
    expect(recorder.missed).toBe(1);
    recorder.setPaused(false);
    recorder.note(event("b"));
    expect(recorder.entries).toHaveLength(1);
  });

  test("calls a listener on each change until it unsubscribes", () => {
    const recorder = new Recorder();
    const changes: RecorderChange["type"][] = [];
    const unsubscribe = recorder.onChange(({ type }) => changes.push(type));
    recorder.note(event("a"));
    recorder.clear();
    unsubscribe();
    recorder.note(event("b"));
    expect(changes).toEqual(["added", "reset"]);
  });
});

describe("redaction", () => {
  test("masks texts and names by their length, but not an event's content", () => {
    const message = { Content: "Hello", ContentType: "text/plain", DisplayName: "Alex", Id: "1" };
    expect(maskTexts([message])).toEqual([
      { Content: mask("Hello"), ContentType: "text/plain", DisplayName: mask("Alex"), Id: "1" },
    ]);
    const receipt = { Content: '{"messageId":"1"}', ContentType: `${EVENT}message.read` };
    expect(maskTexts(receipt)).toEqual(receipt);
  });

  test("limits recorded data with long texts, long lists, deep nesting, or circular references", () => {
    const circle: Record<string, unknown> = {
      list: Array.from({ length: 500 }, () => 1),
      text: "a b ".repeat(5_000),
    };
    circle["self"] = circle;
    expect(JSON.stringify(withoutSecrets(circle)).length).toBeLessThan(40_000);
  });
});

describe("rowOf()", () => {
  test("shows a request's operation, attempt, outcome, duration, and sizes, and hides its text", () => {
    const outcome = { durationMs: 12.4, status: 200, failure: null, bytes: 2_048 };
    const row = rowOf(record(request({ attempt: 2, outcome })), TEXT_HIDDEN);
    expect(row).toMatchObject({
      category: "request",
      title: "SendMessage",
      detail: `attempt 2 · ${mask("Hello Sam")}`,
      result: "200 · 12 ms",
      size: "↑ 120 B ↓ 2.0 kB",
      tone: "warn",
    });
    expect(rowOf(record(request()), TEXT_SHOWN).detail).toBe("Hello Sam");
  });

  test("marks a failed request", () => {
    const outcome = { durationMs: 5, status: null, failure: "no response", bytes: null };
    expect(rowOf(record(request({ outcome })), TEXT_HIDDEN)).toMatchObject({
      result: "no response · 5 ms",
      tone: "bad",
    });
  });

  test.each([
    [request({ operation: null }), "other"],
    [request({ operation: "SendEvent", body: { ContentType: `${EVENT}message.read` } }), "receipt"],
    [event("message"), "event"],
    [event("message", {}, true), "recovery"],
    [event("messagesRecovered", { count: 2, complete: true }), "recovery"],
    [event("readReceipt"), "receipt"],
    [event("deepHeartbeatSuccess"), "beat"],
    [event("connectionLost"), "link"],
  ] as const)("assigns each kind of entry its category (case %#)", (entry, category) => {
    expect(rowOf(record(entry), TEXT_HIDDEN).category).toBe(category);
  });

  test("shows how many messages were recovered and whether the recovery was complete", () => {
    const row = rowOf(record(event("messagesRecovered", { count: 3, complete: false })), TEXT_HIDDEN);
    expect(row).toMatchObject({ detail: "3 missed, maybe more", tone: "bad" });
  });

  test("returns a row whose category, session, and visible text the filter matches, but not its masked text", () => {
    const row = rowOf(record(request()), TEXT_HIDDEN);
    const all = { categories: new Set(CATEGORY_NAMES), session: null, text: "" };
    expect(passes(row, DEFAULT_FILTER)).toBe(true);
    expect(passes(row, { ...all, text: "SENDmess" })).toBe(true);
    expect(passes(row, { ...all, text: "Hello" })).toBe(false);
    expect(passes(row, { ...all, session: "s2" })).toBe(false);
    expect(passes(row, { ...all, categories: new Set() })).toBe(false);
    expect(passes(rowOf(record(event("deepHeartbeatSuccess")), TEXT_HIDDEN), DEFAULT_FILTER)).toBe(false);
  });
});

test("details and the exported file contain message texts only if requested", () => {
  const recorder = new Recorder();
  const entry = recorder.note(request());
  if (!entry) throw new Error("The entry wasn't recorded.");
  expect(detailOf(entry, TEXT_HIDDEN)).not.toContain("Hello Sam");
  expect(detailOf(entry, TEXT_SHOWN)).toContain("Hello Sam");
  const now = Date.parse("2026-01-01T00:00:00Z");
  expect(JSON.stringify(exportOf(recorder, { ...TEXT_HIDDEN, now }))).not.toContain("Hello Sam");
  expect(exportOf(recorder, { ...TEXT_SHOWN, now })).toMatchObject({
    exportedAt: "2026-01-01T00:00:00.000Z",
    textIncluded: true,
    entries: [{ body: { Content: "Hello Sam" } }],
  });
});

test("the conversation shows an attachment's name only if texts are shown", () => {
  const message = {
    id: "1",
    time: "",
    role: "CUSTOMER",
    own: true,
    status: "sent" as const,
    recovered: false,
    item: { Type: "ATTACHMENT", Attachments: [{ AttachmentName: "passport.png" }] },
  };
  expect(transcriptRowOf(message, TEXT_HIDDEN).text).toBe(`📎 ${mask("passport.png")}`);
  expect(transcriptRowOf(message, TEXT_SHOWN)).toMatchObject({
    text: "📎 passport.png",
    note: "sent",
    who: "customer",
  });
});
