import { beforeEach, describe, expect, test } from "@jest/globals";
import {
  ReceiptSender,
  type ReceiptOutcome,
  type ReceiptRequest,
  type ReceiptSettings,
} from "../../../src/conversation/receipts";
import { RETRY } from "../../../src/participant/retry";
import { ChatError } from "../../../src/errors";
import { FakePlatform } from "../../support/fake-platform";
import { receiptParticipant, type SentReceipt } from "../../support/receipt-participant";

let platform: FakePlatform;
let sent: SentReceipt[];
/** The error that sending a receipt rejects with, if any. */
let failure: Error | null;
let enabled: boolean;
let sender: ReceiptSender;

beforeEach(() => {
  platform = new FakePlatform();
  sent = [];
  failure = null;
  enabled = true;
  const participant = receiptParticipant((receipt) => {
    sent.push(receipt);
    return failure ? Promise.reject(failure) : Promise.resolve(`response ${sent.length}`);
  });
  sender = new ReceiptSender(platform, participant, settings);
});

const settings = (): ReceiptSettings => ({ enabled, throttleMs: 5_000 });

const request = (kind: "read" | "delivered", messageId: string, disableThrottle = false): ReceiptRequest => ({
  kind,
  messageId,
  content: JSON.stringify({ messageId }),
  disableThrottle,
});

/** Submits a receipt. `outcome` is set when the receipt has settled. */
function submit(
  kind: "read" | "delivered",
  messageId: string,
  disableThrottle = false,
): { outcome?: unknown } {
  const submitted: { outcome?: unknown } = {};
  sender.submit(request(kind, messageId, disableThrottle)).then(
    (outcome: ReceiptOutcome) => {
      submitted.outcome = outcome.status === "sent" ? outcome.data?.Id : outcome.status;
    },
    (error: unknown) => {
      submitted.outcome = error;
    },
  );
  return submitted;
}

const sentReceipts = (): string[] => sent.map(({ kind, messageId }) => `${kind} ${messageId}`);

describe("receipts", () => {
  test("a read receipt is sent when the 5 s window ends", async () => {
    const read = submit("read", "1");
    await platform.advance(4_999);
    expect(sentReceipts()).toEqual([]);
    await platform.advance(1);
    expect(sentReceipts()).toEqual(["read 1"]);
    expect(read.outcome).toBe("response 1");
  });

  test("a delivered receipt waits 300 ms before the window, in case the message is read", async () => {
    const delivered = submit("delivered", "1");
    await platform.advance(5_299);
    expect(sentReceipts()).toEqual([]);
    await platform.advance(1);
    expect(sentReceipts()).toEqual(["delivered 1"]);
    expect(delivered.outcome).toBe("response 1");
  });

  test("a read receipt replaces the message's delivered receipt, and both settle with one request", async () => {
    const delivered = submit("delivered", "1");
    await platform.advance(200);
    const read = submit("read", "1");
    await platform.advance(10_000);
    expect(sentReceipts()).toEqual(["read 1"]);
    expect([delivered.outcome, read.outcome]).toEqual(["response 1", "response 1"]);
  });

  test("a read receipt replaces a delivered receipt that is already waiting in the window", async () => {
    const delivered = submit("delivered", "1");
    await platform.advance(1_000);
    const read = submit("read", "1");
    await platform.advance(10_000);
    expect(sentReceipts()).toEqual(["read 1"]);
    expect([delivered.outcome, read.outcome]).toEqual(["response 1", "response 1"]);
  });

  test("a receipt that skips throttling also skips the window", async () => {
    submit("read", "1", true);
    await platform.settle();
    expect(sentReceipts()).toEqual(["read 1"]);
    submit("delivered", "2", true);
    await platform.advance(299);
    expect(sent).toHaveLength(1);
    await platform.advance(1);
    expect(sentReceipts()).toEqual(["read 1", "delivered 2"]);
  });
});

describe("the window", () => {
  test("sends one request per kind, for the latest message, and settles earlier receipts with that request", async () => {
    const outcomes = ["1", "2", "3"].flatMap((id) => [submit("read", id), submit("delivered", `d${id}`)]);
    await platform.advance(10_000);
    expect(sentReceipts()).toEqual(["read 3", "delivered d3"]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      "response 1",
      "response 2",
      "response 1",
      "response 2",
      "response 1",
      "response 2",
    ]);
  });

  test("opens again with the next receipt", async () => {
    submit("read", "1");
    await platform.advance(5_000);
    submit("read", "2");
    await platform.advance(4_999);
    expect(sentReceipts()).toEqual(["read 1"]);
    await platform.advance(1);
    expect(sentReceipts()).toEqual(["read 1", "read 2"]);
  });

  test("rejects all its receipts if the request fails, and they can be submitted again", async () => {
    failure = new Error("refused");
    const first = submit("read", "1");
    const second = submit("read", "2");
    await platform.advance(5_000);
    expect([first.outcome, second.outcome]).toEqual([failure, failure]);
    failure = null;
    const again = submit("read", "1");
    await platform.advance(5_000);
    expect(again.outcome).toBe("response 2");
  });
});

describe("a receipt that may be redundant", () => {
  test("isn't sent if it, or a read receipt for its message, was sent or marked as sent", async () => {
    submit("read", "1", true);
    await platform.settle();
    sender.markSent("delivered", "2");
    sender.markSent("read", "3");
    const outcomes = [
      submit("read", "1"),
      submit("delivered", "1"),
      submit("delivered", "2"),
      submit("read", "3"),
      submit("delivered", "3"),
    ];
    await platform.settle();
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 5 }, () => "alreadyFired"));
    expect(sentReceipts()).toEqual(["read 1"]);
  });

  test("isn't sent again if it was accepted while it was also waiting in a window whose request failed", async () => {
    submit("read", "1");
    submit("read", "2");
    submit("read", "1", true);
    await platform.settle();
    failure = new Error("no network");
    await platform.advance(5_000);
    failure = null;
    expect(sentReceipts()).toEqual(["read 1", "read 2"]);
    const again = [submit("read", "1"), submit("read", "2")];
    await platform.advance(5_000);
    expect(again.map(({ outcome }) => outcome)).toEqual(["alreadyFired", "response 3"]);
    expect(sentReceipts()).toEqual(["read 1", "read 2", "read 2"]);
  });

  test("is sent if it is a read receipt and the message is only marked as delivered", async () => {
    sender.markSent("delivered", "1");
    submit("read", "1");
    await platform.advance(5_000);
    expect(sentReceipts()).toEqual(["read 1"]);
  });

  test("rejects if receipts are disabled", async () => {
    enabled = false;
    const read = submit("read", "1");
    await platform.settle();
    expect(read.outcome).toMatchObject({ code: "IllegalState" });
  });
});

describe("B17: a receipt that failed because the network was down", () => {
  const failNetwork = (): void => {
    failure = new ChatError("NetworkError", "no network", { retryable: true });
  };

  const abortable = (): { readonly signal: AbortSignal; readonly abort: () => void } => {
    const controller = new AbortController();
    return { signal: controller.signal, abort: () => controller.abort() };
  };

  /** A sender whose slow requests stay pending until the test rejects them with `rejects`. */
  function slowSender(isSlow: (receipt: SentReceipt) => boolean): {
    slow: ReceiptSender;
    rejects: ((error: unknown) => void)[];
  } {
    const rejects: ((error: unknown) => void)[] = [];
    const participant = receiptParticipant((each) => {
      sent.push(each);
      return new Promise((resolve, reject) => (isSlow(each) ? void rejects.push(reject) : resolve("sent")));
    });
    return { slow: new ReceiptSender(platform, participant, settings), rejects };
  }

  /** Reports the link as restored and returns the receipts that are then sent. */
  async function sentWhenLinkIsRestored(): Promise<string[]> {
    const before = sent.length;
    failure = null;
    sender.onLinkUp();
    await platform.advance(10_000);
    return sentReceipts().slice(before);
  }

  test("rejects, and is resent once with the same token when the link is restored", async () => {
    failNetwork();
    const read = submit("read", "1");
    await platform.advance(5_000);
    expect(read.outcome).toBe(failure);
    expect(await sentWhenLinkIsRestored()).toEqual(["read 1"]);
    expect(sent[1]?.clientToken).toBe(sent[0]?.clientToken);
    expect(sent[1]?.clientToken).toBeDefined();
    expect(await sentWhenLinkIsRestored()).toEqual([]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("is resent only if it is the newest of its kind", async () => {
    failNetwork();
    for (const id of ["1", "2"]) {
      submit("read", id);
      submit("delivered", `d${id}`);
      await platform.advance(6_000);
    }
    expect(await sentWhenLinkIsRestored()).toEqual(["read 2", "delivered d2"]);
  });

  test("isn't resent if a newer receipt was sent or is waiting in the window", async () => {
    failNetwork();
    submit("read", "1");
    await platform.advance(5_000);
    failure = null;
    submit("read", "2");
    expect(await sentWhenLinkIsRestored()).toEqual(["read 2"]);
    expect(await sentWhenLinkIsRestored()).toEqual([]);
  });

  test("isn't resent if it fails after a newer receipt was sent", async () => {
    const { slow, rejects } = slowSender(({ messageId }) => messageId === "1");
    const first = slow.submit(request("read", "1"));
    first.catch(() => undefined);
    await platform.advance(5_000);
    await Promise.all([slow.submit(request("read", "2")), platform.advance(5_000)]);
    rejects[0]?.(new ChatError("NetworkError", "no network", { retryable: true }));
    await platform.settle();
    slow.onLinkUp();
    await platform.advance(10_000);
    expect(sentReceipts()).toEqual(["read 1", "read 2"]);
  });

  test.each(["first request", "resend"])(
    "is resent immediately if the link came up during its %s, which then fails",
    async (which) => {
      const { slow, rejects } = slowSender(() => true);
      const offline = new ChatError("NetworkError", "no network", { retryable: true });
      slow.submit(request("read", "1")).catch(() => undefined);
      await platform.advance(5_000);
      if (which === "resend") {
        rejects[0]?.(offline);
        await platform.advance(60_000);
      }
      const requests = rejects.length;
      slow.onLinkUp();
      rejects.at(-1)?.(offline);
      await platform.advance(1);
      expect(rejects).toHaveLength(requests + 1);
      rejects.at(-1)?.(offline);
      await platform.advance(1);
      expect(rejects).toHaveLength(requests + 1);
      slow.end();
    },
  );

  test("isn't resent before Retry-After is over if the link came up during its request", async () => {
    const { slow, rejects } = slowSender(() => true);
    slow.submit(request("read", "1")).catch(() => undefined);
    await platform.advance(5_000);
    slow.onLinkUp();
    rejects[0]?.(
      new ChatError("ServiceError", "busy", { retryable: true, statusCode: 503, retryAfterMs: 20_000 }),
    );
    await platform.advance(19_999);
    expect(rejects).toHaveLength(1);
    await platform.advance(1);
    expect(rejects).toHaveLength(2);
    slow.end();
  });

  test("is resent with backoff and the same token, even if the link was never lost", async () => {
    platform.randomValue = 1;
    failNetwork();
    submit("read", "1");
    const sentAtSeconds: number[] = [];
    for (let second = 1; second <= 1_100; second += 1) {
      await platform.advance(1_000);
      if (sent.length > sentAtSeconds.length) sentAtSeconds.push(second);
    }
    expect(sentAtSeconds).toEqual([5, 35, 95, 215, 455, 755, 1055]);
    failure = null;
    await platform.advance(300_000);
    expect(sent).toHaveLength(8);
    expect(new Set(sent.map(({ clientToken }) => clientToken)).size).toBe(1);
    expect(sent.slice(1).every(({ policy }) => policy === RETRY.once)).toBe(true);
    expect(platform.pendingTimers).toBe(0);
  });

  test("is resent with jitter, because many clients fail at the same moment", async () => {
    platform.randomValue = 0.1;
    failNetwork();
    submit("read", "1");
    await platform.advance(5_000 + 2_999);
    expect(sent).toHaveLength(1);
    await platform.advance(1);
    expect(sent).toHaveLength(2);
  });

  test("isn't resent before the service's Retry-After has passed, even if the link is restored", async () => {
    failure = new ChatError("ServiceError", "too many", {
      retryable: true,
      statusCode: 429,
      retryAfterMs: 100_000,
    });
    submit("read", "1");
    await platform.advance(5_000);
    await platform.advance(99_999);
    expect(await sentWhenLinkIsRestored()).toEqual([]);
    await platform.advance(200_000);
    expect(sentReceipts()).toEqual(["read 1", "read 1"]);
  });

  test("is resent after the shortest delay again once the link has been restored", async () => {
    platform.randomValue = 1;
    failNetwork();
    submit("read", "1");
    await platform.advance(500_000);
    const before = sent.length;
    sender.onLinkUp();
    await platform.settle();
    expect(sent).toHaveLength(before + 1);
    failure = null;
    await platform.advance(60_000);
    expect(sent).toHaveLength(before + 2);
  });

  test.each([
    ["is aborted before it is sent", new ChatError("Aborted", "unused")],
    ["is rejected", new ChatError("ServiceError", "refused", { statusCode: 400 })],
  ])("is resent even if a newer receipt %s", async (how, error) => {
    failNetwork();
    submit("read", "1");
    await platform.advance(5_000);
    failure = error;
    const { signal, abort } = abortable();
    sender.submit({ ...request("read", "2"), signal }).catch(() => undefined);
    if (how.startsWith("is aborted")) abort();
    await platform.advance(5_000);
    expect((await sentWhenLinkIsRestored()).at(-1)).toBe("read 1");
  });

  test("is resent even if its signal has been aborted in the meantime", async () => {
    failNetwork();
    const { signal, abort } = abortable();
    sender.submit({ ...request("read", "1"), signal }).catch(() => undefined);
    await platform.advance(5_000);
    abort();
    expect(await sentWhenLinkIsRestored()).toEqual(["read 1"]);
  });

  test("waits while one of the application's receipts is pending, and isn't resent if that receipt is sent", async () => {
    failNetwork();
    submit("read", "1");
    await platform.advance(5_000);
    failure = null;
    submit("read", "2");
    expect(await sentWhenLinkIsRestored()).toEqual(["read 2"]);
    await platform.advance(600_000);
    expect(sentReceipts()).toEqual(["read 1", "read 2"]);
    expect(platform.pendingTimers).toBe(0);
  });

  test("isn't resent if it is a delivered receipt and the read receipt was sent", async () => {
    failNetwork();
    submit("delivered", "1");
    await platform.advance(6_000);
    failure = null;
    submit("read", "1");
    await platform.advance(600_000);
    expect(sentReceipts()).toEqual(["delivered 1", "read 1"]);
  });

  test("is resent when receipts are enabled again, if they were disabled when it was due", async () => {
    failNetwork();
    submit("read", "1");
    await platform.advance(5_000);
    failure = null;
    enabled = false;
    await platform.advance(120_000);
    expect(sentReceipts()).toEqual(["read 1"]);
    enabled = true;
    await platform.advance(30_000);
    expect(sentReceipts()).toEqual(["read 1", "read 1"]);
  });

  test.each(["leave", "end"] as const)(
    "isn't resent after %s(), even if the request fails afterward",
    async (method) => {
      const { slow, rejects } = slowSender(() => true);
      for (const id of ["1", "2"]) {
        slow.submit(request("read", id)).catch(() => undefined);
        await platform.advance(5_000);
      }
      const failure = new ChatError("NetworkError", "no network", { retryable: true });
      rejects[0]?.(failure);
      await platform.settle();
      slow[method]();
      rejects[1]?.(failure);
      await platform.settle();
      expect(platform.pendingTimers).toBe(0);
      slow.onLinkUp();
      await platform.advance(600_000);
      expect(sentReceipts()).toEqual(["read 1", "read 2"]);
    },
  );

  test("isn't resent after the service rejects it, after end(), or while receipts are disabled", async () => {
    failure = new ChatError("ServiceError", "refused", { statusCode: 400 });
    submit("read", "1");
    await platform.advance(5_000);
    expect(await sentWhenLinkIsRestored()).toEqual([]);
    failNetwork();
    submit("read", "2");
    await platform.advance(5_000);
    enabled = false;
    expect(await sentWhenLinkIsRestored()).toEqual([]);
    enabled = true;
    failNetwork();
    submit("read", "3");
    await platform.advance(5_000);
    sender.end();
    expect(platform.pendingTimers).toBe(0);
    expect(await sentWhenLinkIsRestored()).toEqual([]);
  });

  test("is resent for a custom client, because its network errors may be of any kind", async () => {
    failure = new ChatError("ClientError", "offline");
    submit("delivered", "1");
    await platform.advance(6_000);
    expect(await sentWhenLinkIsRestored()).toEqual(["delivered 1"]);
  });
});

test("end() settles waiting receipts, sends nothing more, and cancels all timers", async () => {
  const waiting = [submit("delivered", "1"), submit("read", "2")];
  sender.end();
  const after = submit("read", "3");
  await platform.advance(60_000);
  expect([...waiting, after].map(({ outcome }) => outcome)).toEqual([
    "alreadyFired",
    "alreadyFired",
    "alreadyFired",
  ]);
  expect(sentReceipts()).toEqual([]);
  expect(platform.pendingTimers).toBe(0);
});

test("REL-20: every receipt's promise settles in 200 random schedules", async () => {
  // A random number generator with a fixed seed, so that failures are reproducible.
  let seed = 1;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 200; round += 1) {
    const states: { outcome?: unknown }[] = [];
    for (let step = 0; step < 8; step += 1) {
      failure = next(5) === 0 ? new Error("refused") : null;
      const kind = next(2) === 0 ? "read" : "delivered";
      states.push(submit(kind, `${round}-${next(3)}`, next(4) === 0));
      await platform.advance(next(2_000));
    }
    await platform.advance(10_000);
    expect(states.filter((state) => !("outcome" in state))).toEqual([]);
  }
  expect(platform.pendingTimers).toBe(0);
});
