import { beforeEach, describe, expect, test } from "@jest/globals";
import { Heartbeat } from "../../../src/connection/heartbeat";
import { FakePlatform } from "../../support/fake-platform";

let platform: FakePlatform;
let heartbeat: Heartbeat;
/** Sent heartbeats and reported events, each with the seconds since the start. */
let log: string[];
/** Whether the server answers heartbeats and pings. */
let serverAnswers: { beat: boolean; ping: boolean };

beforeEach(() => {
  platform = new FakePlatform();
  const start = platform.time;
  log = [];
  serverAnswers = { beat: true, ping: true };
  const note = (what: string): number => log.push(`${what} ${(platform.time - start) / 1000}`);
  heartbeat = new Heartbeat(platform, (event) => {
    if (event.kind !== "send") note(event.kind === "deepHeartbeat" ? "ping unanswered" : event.kind);
    else if (event.frame["topic"] === "aws/ping") {
      if (serverAnswers.ping) platform.queueTask(() => heartbeat.onPingResponse());
    } else {
      note("beat");
      if (serverAnswers.beat) platform.queueTask(() => heartbeat.onBeatResponse());
    }
  });
});

describe("heartbeats", () => {
  test("are sent immediately and then every 10 s, and aren't reported if they are answered", async () => {
    heartbeat.start();
    expect(log).toEqual(["beat 0"]);
    await platform.advance(35_000);
    expect(log).toEqual(["beat 0", "beat 10", "beat 20", "beat 30"]);
  });

  test("aren't sent before start(), not even by check()", async () => {
    heartbeat.check();
    await platform.advance(60_000);
    expect(log).toEqual([]);
    expect(platform.pendingTimers).toBe(0);
  });
});

describe("a link", () => {
  test("is reported dead once, 5 s after an unanswered heartbeat and before the next heartbeat", async () => {
    serverAnswers.beat = serverAnswers.ping = false;
    heartbeat.start();
    await platform.advance(4_999);
    expect(log).toEqual(["beat 0"]);
    await platform.advance(1);
    expect(log).toEqual(["beat 0", "dead 5"]);
    await platform.advance(60_000);
    expect(log).toEqual(["beat 0", "dead 5"]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("REL-05: a link is reported dead within 15 s of falling silent", async () => {
    heartbeat.start();
    await platform.advance(1);
    serverAnswers.beat = serverAnswers.ping = false;
    await platform.advance(20_000);
    expect(log).toEqual(["beat 0", "beat 10", "dead 15"]);
  });

  test("is reported dead even if it answers the deep heartbeat", async () => {
    serverAnswers.beat = false;
    heartbeat.start();
    await platform.advance(5_000);
    expect(log).toEqual(["beat 0", "dead 5"]);
  });

  test("isn't reported dead if it answers in the last millisecond", async () => {
    serverAnswers.beat = serverAnswers.ping = false;
    heartbeat.start();
    await platform.advance(4_999);
    heartbeat.onBeatResponse();
    heartbeat.onPingResponse();
    await platform.advance(4_999);
    expect(log).toEqual(["beat 0"]);
  });
});

describe("an unanswered deep heartbeat", () => {
  test("is reported after 5 s each time, and the link stays up", async () => {
    serverAnswers.ping = false;
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

describe("after the machine slept", () => {
  test("a second heartbeat is sent if a heartbeat was in flight, and the link stays up if the second heartbeat is answered", async () => {
    serverAnswers.beat = serverAnswers.ping = false;
    heartbeat.start();
    serverAnswers.beat = serverAnswers.ping = true;
    await platform.sleep(3_600_000);
    expect(log).toEqual(["beat 0", "beat 3600"]);
    await platform.advance(10_000);
    expect(log).toEqual(["beat 0", "beat 3600", "beat 3610"]);
  });

  test("the link is reported dead if the second heartbeat isn't answered either", async () => {
    serverAnswers.beat = serverAnswers.ping = false;
    heartbeat.start();
    await platform.sleep(60_000);
    await platform.advance(4_999);
    expect(log).toEqual(["beat 0", "beat 60"]);
    await platform.advance(1);
    expect(log).toEqual(["beat 0", "beat 60", "dead 65"]);
  });

  test("no third heartbeat is sent, even if the second heartbeat's deadline also fires late", async () => {
    serverAnswers.beat = serverAnswers.ping = false;
    heartbeat.start();
    await platform.sleep(60_000);
    await platform.sleep(60_000);
    expect(log).toEqual(["beat 0", "beat 60", "dead 120"]);
  });

  test("another sleep also causes a second heartbeat if a heartbeat was answered after the first sleep", async () => {
    serverAnswers.beat = serverAnswers.ping = false;
    heartbeat.start();
    await platform.sleep(60_000);
    heartbeat.onBeatResponse();
    heartbeat.onPingResponse();
    await platform.advance(10_000);
    await platform.sleep(60_000);
    expect(log).toEqual(["beat 0", "beat 60", "beat 70", "beat 130"]);
  });

  test("the link is reported dead if its deadline fires less than 2 s late", async () => {
    serverAnswers.beat = serverAnswers.ping = false;
    heartbeat.start();
    await platform.sleep(6_999);
    expect(log).toEqual(["beat 0", "dead 6.999"]);
  });
});

describe("check()", () => {
  test("sends a heartbeat immediately, and the next heartbeat follows 10 s later", async () => {
    heartbeat.start();
    await platform.advance(4_000);
    heartbeat.check();
    await platform.advance(10_000);
    expect(log).toEqual(["beat 0", "beat 4", "beat 14"]);
  });

  test("detects a dead link 5 s later", async () => {
    heartbeat.start();
    await platform.advance(4_000);
    serverAnswers.beat = serverAnswers.ping = false;
    heartbeat.check();
    await platform.advance(5_000);
    expect(log).toEqual(["beat 0", "beat 4", "dead 9"]);
  });

  test("doesn't extend the deadline of a heartbeat in flight", async () => {
    serverAnswers.beat = serverAnswers.ping = false;
    heartbeat.start();
    await platform.advance(4_000);
    heartbeat.check();
    heartbeat.check();
    await platform.advance(1_000);
    expect(log).toEqual(["beat 0", "dead 5"]);
  });
});

describe("stop()", () => {
  test.each([0, 3_000, 7_000, 12_000])(
    "cancels all timers and ends all reports if it is called after %d ms",
    async (ms) => {
      serverAnswers.ping = false;
      heartbeat.start();
      await platform.advance(ms);
      const before = [...log];
      heartbeat.stop();
      expect(platform.pendingTimers).toBe(0);
      heartbeat.check();
      await platform.advance(60_000);
      expect(log).toEqual(before);
    },
  );
});
