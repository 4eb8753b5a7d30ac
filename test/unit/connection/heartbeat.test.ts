import { beforeEach, describe, expect, test } from "@jest/globals";
import { Heartbeat } from "../../../src/connection/heartbeat";
import { FakePlatform } from "../../support/fake-platform";

let platform: FakePlatform;
let heartbeat: Heartbeat;
/** What happened, each with the seconds since the start. */
let log: string[];
/** What the other side answers to each beat. */
let answers: { beat: boolean; ping: boolean };

beforeEach(() => {
  platform = new FakePlatform();
  const start = platform.time;
  log = [];
  answers = { beat: true, ping: true };
  const note = (what: string): number => log.push(`${what} ${(platform.time - start) / 1000}`);
  heartbeat = new Heartbeat(platform, (event) => {
    if (event.kind !== "send") note(event.kind === "deepHeartbeat" ? "ping unanswered" : event.kind);
    else if (event.frame["topic"] === "aws/ping") {
      if (answers.ping) platform.queueTask(() => heartbeat.pingAnswered());
    } else {
      note("beat");
      if (answers.beat) platform.queueTask(() => heartbeat.beatAnswered());
    }
  });
});

describe("beats", () => {
  test("come at once and then every 10 s, and answered ones tell nothing", async () => {
    heartbeat.start();
    expect(log).toEqual(["beat 0"]);
    await platform.advance(35_000);
    expect(log).toEqual(["beat 0", "beat 10", "beat 20", "beat 30"]);
  });

  test("nothing happens before the start, not even by a check", async () => {
    heartbeat.check();
    await platform.advance(60_000);
    expect(log).toEqual([]);
    expect(platform.pendingTimers).toBe(0);
  });
});

describe("a link that does not answer", () => {
  test("is dead 5 s after the beat, without waiting for the next, and once only", async () => {
    answers.beat = answers.ping = false;
    heartbeat.start();
    await platform.advance(4_999);
    expect(log).toEqual(["beat 0"]);
    await platform.advance(1);
    expect(log).toEqual(["beat 0", "dead 5"]);
    await platform.advance(60_000);
    expect(log).toEqual(["beat 0", "dead 5"]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("REL-05: a link that falls silent is noticed within 15 s", async () => {
    heartbeat.start();
    await platform.advance(1);
    answers.beat = answers.ping = false;
    await platform.advance(20_000);
    expect(log).toEqual(["beat 0", "beat 10", "dead 15"]);
  });

  test("is dead though it answers the deep heartbeat", async () => {
    answers.beat = false;
    heartbeat.start();
    await platform.advance(5_000);
    expect(log).toEqual(["beat 0", "dead 5"]);
  });

  test("an answer in the last millisecond is an answer", async () => {
    answers.beat = answers.ping = false;
    heartbeat.start();
    await platform.advance(4_999);
    heartbeat.beatAnswered();
    heartbeat.pingAnswered();
    await platform.advance(4_999);
    expect(log).toEqual(["beat 0"]);
  });
});

describe("a deep heartbeat that is not answered", () => {
  test("is told after 5 s, each time, and the link goes on", async () => {
    answers.ping = false;
    heartbeat.start();
    await platform.advance(25_000);
    expect(log).toEqual([
      "beat 0",
      "ping unanswered 5",
      "beat 10",
      "ping unanswered 15",
      "beat 20",
      "ping unanswered 25",
    ]);
  });
});

describe("a machine that slept", () => {
  test("gives a link whose beat was under way a second beat, and goes on if that is answered", async () => {
    answers.beat = answers.ping = false;
    heartbeat.start();
    answers.beat = answers.ping = true;
    await platform.sleep(3_600_000);
    expect(log).toEqual(["beat 0", "beat 3600"]);
    await platform.advance(10_000);
    expect(log).toEqual(["beat 0", "beat 3600", "beat 3610"]);
  });

  test("finds the link dead when the second beat is not answered either", async () => {
    answers.beat = answers.ping = false;
    heartbeat.start();
    await platform.sleep(60_000);
    await platform.advance(4_999);
    expect(log).toEqual(["beat 0", "beat 60"]);
    await platform.advance(1);
    expect(log).toEqual(["beat 0", "beat 60", "dead 65"]);
  });

  test("gives no third beat, though the second is judged late as well", async () => {
    answers.beat = answers.ping = false;
    heartbeat.start();
    await platform.sleep(60_000);
    await platform.sleep(60_000);
    expect(log).toEqual(["beat 0", "beat 60", "dead 120"]);
  });

  test("may sleep again: an answer in between earns another second chance", async () => {
    answers.beat = answers.ping = false;
    heartbeat.start();
    await platform.sleep(60_000);
    heartbeat.beatAnswered();
    heartbeat.pingAnswered();
    await platform.advance(10_000);
    await platform.sleep(60_000);
    expect(log).toEqual(["beat 0", "beat 60", "beat 70", "beat 130"]);
  });

  test("a deadline that is late by less than 2 s counts", async () => {
    answers.beat = answers.ping = false;
    heartbeat.start();
    await platform.sleep(6_999);
    expect(log).toEqual(["beat 0", "dead 6.999"]);
  });
});

describe("a check", () => {
  test("beats at once, and the next beat is 10 s later", async () => {
    heartbeat.start();
    await platform.advance(4_000);
    heartbeat.check();
    await platform.advance(10_000);
    expect(log).toEqual(["beat 0", "beat 4", "beat 14"]);
  });

  test("finds a link dead 5 s later", async () => {
    heartbeat.start();
    await platform.advance(4_000);
    answers.beat = answers.ping = false;
    heartbeat.check();
    await platform.advance(5_000);
    expect(log).toEqual(["beat 0", "beat 4", "dead 9"]);
  });

  test("leaves a beat under way as it is: its deadline is not put off", async () => {
    answers.beat = answers.ping = false;
    heartbeat.start();
    await platform.advance(4_000);
    heartbeat.check();
    heartbeat.check();
    await platform.advance(1_000);
    expect(log).toEqual(["beat 0", "dead 5"]);
  });
});

describe("stop()", () => {
  test.each([0, 3_000, 7_000, 12_000])("after %d ms leaves no timer and tells nothing more", async (ms) => {
    answers.ping = false;
    heartbeat.start();
    await platform.advance(ms);
    const before = [...log];
    heartbeat.stop();
    expect(platform.pendingTimers).toBe(0);
    heartbeat.check();
    await platform.advance(60_000);
    expect(log).toEqual(before);
  });
});
