import { afterEach, expect, test } from "@jest/globals";
import { DistantService } from "./support/distant";
import { inTheField, type FieldPage } from "./support/field-page";

/** A page that is left: what it said last still has to arrive, at a service on another origin and far away. */

const field = inTheField();
const ONE_WAY_MS = 200;
const RUNS = 5;

const distant: DistantService[] = [];
afterEach(async () => {
  for (const service of distant.splice(0)) await service.close();
});

async function connected(): Promise<FieldPage> {
  const its = await field.open();
  const service = await DistantService.before(its.simulator.url, ONE_WAY_MS);
  distant.push(service);
  await its.page.evaluate(
    (endpoint) => window.connect.ChatSession.setGlobalConfig({ endpoint }),
    service.url,
  );
  await its.connect();
  return its;
}

/** What became of `RUNS` chats, each in its own page. */
const inEach = <Result>(run: (its: FieldPage) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: RUNS }, async () => run(await connected())));
const allOf = <Result>(result: Result): Result[] => Array.from({ length: RUNS }, () => result);

const said = ({ contact }: FieldPage): unknown[] =>
  contact.transcript.filter(({ Type }) => Type === "MESSAGE").map(({ Content }) => Content);
const hasEnded = (its: FieldPage): Promise<boolean> => its.until(() => its.contact.ended, 5_000);

const DISCONNECTS_ON_PAGEHIDE = (): void =>
  window.addEventListener("pagehide", () => void window.field.session.disconnectParticipant());

/** Ways to leave a page. */
const LEAVING: readonly [how: string, leave: (its: FieldPage) => Promise<unknown>][] = [
  ["is closed", ({ page }) => page.close({ runBeforeUnload: true })],
  ["navigates", ({ page }) => page.goto("about:blank")],
  ["is reloaded", ({ page }) => page.reload()],
];

test.each(LEAVING)(
  "C1: disconnectParticipant() in pagehide arrives when the page %s",
  async (_how, leave) => {
    const arrived = await inEach(async (its) => {
      await its.page.evaluate(DISCONNECTS_ON_PAGEHIDE);
      await leave(its);
      return hasEnded(its);
    });
    expect(arrived).toEqual(allOf(true));
  },
);

test("C21: disconnectParticipant(), and a last message before it, arrive from the task that navigates", async () => {
  const arrived = await inEach(async (its) => {
    await its.page.evaluate(() => {
      void window.field.session.sendMessage({ message: "bye", contentType: "text/plain" });
      void window.field.session.disconnectParticipant();
      location.href = "about:blank";
    });
    return [await hasEnded(its), said(its)];
  });
  expect(arrived).toEqual(allOf([true, ["bye"]]));
});

test("C23: a disconnect behind a message without an answer arrives when the page is left", async () => {
  const arrived = await inEach(async (its) => {
    its.simulator.faults.delayNext("SendMessage", { delayMs: 60_000 });
    await its.page.evaluate(() => {
      void window.field.session.sendMessage({ message: "bye", contentType: "text/plain" });
      void window.field.session.disconnectParticipant();
    });
    await its.page.goto("about:blank");
    return hasEnded(its);
  });
  expect(arrived).toEqual(allOf(true));
});
