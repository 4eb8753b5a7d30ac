import { expect, test } from "@jest/globals";
import { Outbox } from "../../../src/conversation/outbox";
import { FakePlatform } from "../../support/fake-platform";

/** Jobs whose answers the test gives, in the order in which they ran. */
function jobs(): { readonly job: () => Promise<void>; answer(): void; readonly running: number } {
  const answers: (() => void)[] = [];
  return {
    job: () => new Promise<void>((resolve) => void answers.push(resolve)),
    answer: () => answers.shift()?.(),
    get running() {
      return answers.length;
    },
  };
}

test("a stopped outbox watches the page while something waits, and no longer", async () => {
  const platform = new FakePlatform();
  const outbox = new Outbox(platform);
  const outgoing = jobs();
  outbox.start();
  outbox.stop();
  expect(platform.signalListeners).toBe(0);
  const sent = [outbox.push(outgoing.job), outbox.push(outgoing.job)];
  expect(platform.signalListeners).toBe(1);
  outgoing.answer();
  await sent[0];
  await platform.settle();
  expect(platform.signalListeners).toBe(0);
  outgoing.answer();
  await Promise.all(sent);
});

test("a stopped outbox that was flushed as the page was left sends in turn again once the page is back", async () => {
  const platform = new FakePlatform();
  const outbox = new Outbox(platform);
  const outgoing = jobs();
  void outbox.push(outgoing.job);
  void outbox.push(outgoing.job);
  platform.signal("leaving");
  platform.signal("resumed");
  void outbox.push(outgoing.job);
  await platform.settle();
  expect(outgoing.running).toBe(2);
});

test("an outbox that is stopped while something waits sends it when the page is left", async () => {
  const platform = new FakePlatform();
  const outbox = new Outbox(platform);
  const outgoing = jobs();
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
