/** @jest-environment jsdom */
import { describe, expect, test } from "@jest/globals";
import { CATEGORY_NAMES, type NewEntry } from "../../../inspector/entries";
import { Recorder, type RecorderChange } from "../../../inspector/recorder";
import { mask, withoutSecrets, withoutWords } from "../../../inspector/redact";
import { DEFAULT_FILTER, detailOf, exportOf, passes, rowOf, saidRow } from "../../../inspector/view-model";

const EVENT = "application/vnd.amazonaws.connect.event.";
const HIDDEN = { showsText: false };
const SHOWN = { showsText: true };

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

function noted(entry: NewEntry) {
  const made = new Recorder().note(entry);
  if (!made) throw new Error("It was not noted.");
  return made;
}

describe("the recorder", () => {
  test("keeps the newest entries and says how many had to go", () => {
    const recorder = new Recorder(3);
    for (const name of ["a", "b", "c", "d", "e"]) recorder.note(event(name));
    expect(recorder.entries).toMatchObject([{ name: "c" }, { name: "d" }, { name: "e" }]);
    expect(recorder.dropped).toBe(2);
  });

  test("an answer finds its request, also after others had to go, and one for a request that went is let go", () => {
    const recorder = new Recorder(2);
    const outcome = { durationMs: 12, status: 200, failure: null, bytes: null };
    const gone = recorder.note(request());
    recorder.note(event("typing"));
    const kept = recorder.note(request());
    recorder.answer(gone?.id ?? 0, outcome);
    recorder.answer(kept?.id ?? 0, outcome);
    recorder.size(kept?.id ?? 0, 42);
    expect(recorder.entries).toMatchObject([{ name: "typing" }, { outcome: { status: 200, bytes: 42 } }]);
  });

  test("paused it notes nothing and counts what it missed", () => {
    const recorder = new Recorder();
    recorder.setPaused(true);
    recorder.note(event("a"));
    expect(recorder.entries).toHaveLength(0);
    expect(recorder.missed).toBe(1);
    recorder.setPaused(false);
    recorder.note(event("b"));
    expect(recorder.entries).toHaveLength(1);
  });

  test("tells each change to who listens, until he stops", () => {
    const recorder = new Recorder();
    const heard: RecorderChange["type"][] = [];
    const stop = recorder.onChange(({ type }) => heard.push(type));
    recorder.note(event("a"));
    recorder.clear();
    stop();
    recorder.note(event("b"));
    expect(heard).toEqual(["added", "reset"]);
  });
});

describe("redaction", () => {
  test("texts and names are masked by their length, an event's content is not", () => {
    const said = { Content: "Hello", ContentType: "text/plain", DisplayName: "Alex", Id: "1" };
    expect(withoutWords([said])).toEqual([
      { Content: mask("Hello"), ContentType: "text/plain", DisplayName: mask("Alex"), Id: "1" },
    ]);
    const told = { Content: '{"messageId":"1"}', ContentType: `${EVENT}message.read` };
    expect(withoutWords(told)).toEqual(told);
  });

  test("what goes into the record is bounded: long texts, long lists, depth, circles", () => {
    const circle: Record<string, unknown> = {
      list: Array.from({ length: 500 }, () => 1),
      text: "a b ".repeat(5_000),
    };
    circle["self"] = circle;
    expect(JSON.stringify(withoutSecrets(circle)).length).toBeLessThan(40_000);
  });
});

describe("rows", () => {
  test("a request says operation, try, outcome, time and sizes, and hides its text", () => {
    const outcome = { durationMs: 12.4, status: 200, failure: null, bytes: 2_048 };
    const row = rowOf(noted(request({ attempt: 2, outcome })), HIDDEN);
    expect(row).toMatchObject({
      category: "request",
      title: "SendMessage",
      detail: `attempt 2 · ${mask("Hello Sam")}`,
      result: "200 · 12 ms",
      size: "↑ 120 B ↓ 2.0 kB",
      tone: "warn",
    });
    expect(rowOf(noted(request()), SHOWN).detail).toBe("Hello Sam");
  });

  test("a request that failed is marked as such", () => {
    const outcome = { durationMs: 5, status: null, failure: "no answer", bytes: null };
    expect(rowOf(noted(request({ outcome })), HIDDEN)).toMatchObject({
      result: "no answer · 5 ms",
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
  ] as const)("%# each kind of entry has its category", (entry, category) => {
    expect(rowOf(noted(entry), HIDDEN).category).toBe(category);
  });

  test("recovery says how many, and whether that was all", () => {
    const row = rowOf(noted(event("messagesRecovered", { count: 3, complete: false })), HIDDEN);
    expect(row).toMatchObject({ detail: "3 missed, maybe more", tone: "bad" });
  });

  test("the filter looks at category, session and what is shown, never at what is masked", () => {
    const row = rowOf(noted(request()), HIDDEN);
    const all = { categories: new Set(CATEGORY_NAMES), session: null, text: "" };
    expect(passes(row, DEFAULT_FILTER)).toBe(true);
    expect(passes(row, { ...all, text: "SENDmess" })).toBe(true);
    expect(passes(row, { ...all, text: "Hello" })).toBe(false);
    expect(passes(row, { ...all, session: "s2" })).toBe(false);
    expect(passes(row, { ...all, categories: new Set() })).toBe(false);
    expect(passes(rowOf(noted(event("deepHeartbeatSuccess")), HIDDEN), DEFAULT_FILTER)).toBe(false);
  });
});

test("details and the exported file show texts only when asked to", () => {
  const recorder = new Recorder();
  const entry = recorder.note(request());
  if (!entry) throw new Error("It was not noted.");
  expect(detailOf(entry, HIDDEN)).not.toContain("Hello Sam");
  expect(detailOf(entry, SHOWN)).toContain("Hello Sam");
  const now = Date.parse("2026-01-01T00:00:00Z");
  expect(JSON.stringify(exportOf(recorder, { ...HIDDEN, now }))).not.toContain("Hello Sam");
  expect(exportOf(recorder, { ...SHOWN, now })).toMatchObject({
    exportedAt: "2026-01-01T00:00:00.000Z",
    textIncluded: true,
    entries: [{ body: { Content: "Hello Sam" } }],
  });
});

test("an attachment is named in the conversation only when texts are shown", () => {
  const said = {
    id: "1",
    time: "",
    role: "CUSTOMER",
    own: true,
    status: "sent" as const,
    recovered: false,
    item: { Type: "ATTACHMENT", Attachments: [{ AttachmentName: "passport.png" }] },
  };
  expect(saidRow(said, HIDDEN).text).toBe(`📎 ${mask("passport.png")}`);
  expect(saidRow(said, SHOWN)).toMatchObject({ text: "📎 passport.png", note: "sent", who: "customer" });
});
