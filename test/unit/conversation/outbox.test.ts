import { expect, test } from "@jest/globals";
import { Outbox } from "../../../src/conversation/outbox";
import { FakePlatform } from "../../support/fake-platform";

/** Jobs that the test completes, in the order in which they started. */
function createJobs(): { readonly job: () => Promise<void>; complete(): void; readonly running: number } {
  const resolvers: (() => void)[] = [];
  return {
    job: () => new Promise<void>((resolve) => void resolvers.push(resolve)),
    complete: () => resolvers.shift()?.(),
    get running() {
      return resolvers.length;
    },
  };
}

test("a stopped outbox listens to page signals only while a job is waiting", async () => {
  const platform = new FakePlatform();
  const outbox = new Outbox(platform);
  const outgoing = createJobs();
  outbox.start();
  outbox.stop();
  expect(platform.signalListeners).toBe(0);
  const sent = [outbox.push(outgoing.job), outbox.push(outgoing.job)];
  expect(platform.signalListeners).toBe(1);
  outgoing.complete();
  await sent[0];
  await platform.settle();
  expect(platform.signalListeners).toBe(0);
  outgoing.complete();
  await Promise.all(sent);
});

test("a stopped outbox that was flushed when the user left the page sends one job at a time after the user returns", async () => {
  const platform = new FakePlatform();
  const outbox = new Outbox(platform);
  const outgoing = createJobs();
  void outbox.push(outgoing.job);
  void outbox.push(outgoing.job);
  platform.signal("leaving");
  platform.signal("resumed");
  void outbox.push(outgoing.job);
  await platform.settle();
  expect(outgoing.running).toBe(2);
});

test("an outbox stopped while a job is waiting sends the job when the page is left", async () => {
  const platform = new FakePlatform();
  const outbox = new Outbox(platform);
  const outgoing = createJobs();
  outbox.start();
  void outbox.push(outgoing.job);
  void outbox.push(outgoing.job);
  outbox.stop();
  expect(outgoing.running).toBe(1);
  platform.signal("leaving");
  await platform.settle();
  expect(outgoing.running).toBe(2);
  expect(platform.signalListeners).toBe(0);
});
