import { expect, test } from "@jest/globals";
import type { SessionRecord } from "./application";
import type { Violation } from "./judge";
import { BUNDLE_FILE, Scenario } from "./scenario";
import { PLAIN, type Schedule } from "./schedule";
import { isoOf, type WireItem } from "./wire";
import { loadBundle, outcomeOf } from "./worker";

/** Schedules that once violated an invariant. Some were shrunk by `npm run simulate`, others rewritten as scenarios. */

const bundle = loadBundle(BUNDLE_FILE);
const violationsOf = async (schedule: Schedule): Promise<readonly Violation[]> =>
  (await outcomeOf(schedule, bundle)).violations;

test("items with future timestamps, a gap and two reloads don't make the library deliver a version twice (seed y-16)", async () => {
  expect(
    await violationsOf({
      seed: "y-16",
      configuration: PLAIN,
      activeMs: 3_246_906,
      faults: [{ kind: "region-down", fromMs: 2_956_244, toMs: 3_026_291, amount: 0.226942 }],
      steps: [
        { kind: "future", atMs: 2_060_761, chat: 0, amount: 0.513367 },
        { kind: "future", atMs: 2_109_655, chat: 0, amount: 0.335934 },
        { kind: "reload", atMs: 3_223_965, chat: 0, amount: 0.948523 },
        { kind: "stream", atMs: 3_238_174, chat: 0, amount: 0.791958 },
        { kind: "reload", atMs: 3_245_906, chat: 0, amount: 0.514151 },
      ],
    }),
  ).toEqual([]);
});

test("a recovery after an empty transcript doesn't request a time before the epoch (seed u-221)", async () => {
  const scenario = await Scenario.start({
    clients: "external manager",
    keepsTranscript: true,
    lateGainMs: 500,
  });
  await scenario.run(30_000);
  const starts = scenario
    .requests("GetTranscript")
    .map(({ body }) => (JSON.parse(body) as { StartPosition?: { AbsoluteTime?: string } }).StartPosition)
    .flatMap((position) => position?.AbsoluteTime ?? []);
  expect(starts).not.toHaveLength(0);
  expect(starts.filter((start) => !(Date.parse(start) >= 0))).toEqual([]);
});

test("a chat that connects between the manager's connection gain and subscription delivers every message (seed s1-629)", async () => {
  const scenario = await Scenario.start({ clients: "ten chats", lateGainMs: 50, lateSubscriptionMs: 6_000 });
  const { applications, service } = scenario.world;
  for (const { contact } of applications) {
    const customer = contact.participants.find(({ role }) => role === "CUSTOMER");
    if (customer) service.say(contact, customer, "before the subscription");
  }
  await scenario.run(40_000);
  const texts = applications.map(({ sessions }) =>
    sessions.flatMap(({ deliveries }) => deliveries.map(({ item }) => item.Content ?? "")),
  );
  expect(texts).toEqual(applications.map(() => ["before the subscription"]));
});

const fileOf = (scenario: Scenario, stampedMs: number, Status: "IN_PROGRESS" | "APPROVED"): WireItem => ({
  Id: "file",
  Type: "ATTACHMENT",
  ContentType: "application/pdf",
  AbsoluteTime: isoOf(stampedMs),
  ContactId: scenario.contact.id,
  ParticipantId: scenario.participant("AGENT").id,
  ParticipantRole: "AGENT",
  Attachments: [
    { AttachmentId: "file-1", AttachmentName: "file.pdf", ContentType: "application/pdf", Status },
  ],
});

const statusesIn = ({ deliveries }: Pick<SessionRecord, "deliveries">): (string | undefined)[] =>
  deliveries.flatMap(({ item }) => item.Attachments ?? []).map(({ Status }) => Status);

test("a file's approved version is delivered, even if the approval is in a gap with 150 messages (seed s1-989)", async () => {
  const scenario = await Scenario.start();
  const stampedMs = scenario.nowMs;
  scenario.push(fileOf(scenario, stampedMs, "IN_PROGRESS"));
  await scenario.run(15_000);
  const texts = Array.from({ length: 150 }, (_, index) => `in the gap ${index}`);
  scenario.say("before the gap");
  await scenario.run(1_000);
  await scenario.gap(20_000, () => {
    scenario.push(fileOf(scenario, stampedMs, "APPROVED"));
    texts.forEach((text) => scenario.say(text));
  });
  await scenario.run(90_000);
  expect(scenario.application.sessions.flatMap(statusesIn)).toEqual(["IN_PROGRESS", "APPROVED"]);
  expect(scenario.texts).toEqual(["before the gap", ...texts]);
});

test("a file that is stored late with an old timestamp doesn't cause repeated items after a reload (seed q2-89)", async () => {
  const scenario = await Scenario.start();
  scenario.say("long before");
  await scenario.run(3_000);
  const stampedMs = scenario.nowMs;
  await scenario.run(9_000);
  scenario.say("before");
  await scenario.run(1_000);
  await scenario.reload(2_000, () => scenario.push(fileOf(scenario, stampedMs, "IN_PROGRESS")));
  await scenario.run(60_000);
  expect(scenario.texts).toEqual(["long before", "before"]);
});

test("a message in flight on the old socket is delivered after a new socket replaces the old one (seed q3-964)", async () => {
  const scenario = await Scenario.start();
  const sockets = (): number => scenario.world.network.linksOf(scenario.page).length;
  await scenario.run(58 * 60_000);
  while (sockets() < 2) await scenario.run(5);
  scenario.nextFrame({ delayMs: 400 });
  scenario.say("late on the old socket");
  await scenario.run(60_000);
  expect(scenario.texts).toEqual(["late on the old socket"]);
  expect(sockets()).toBe(1);
});

test("a file's approval in a gap is delivered, even if the application fetched the file during its scan (seed q3-1288)", async () => {
  const scenario = await Scenario.start();
  const stampedMs = scenario.nowMs;
  scenario.push(fileOf(scenario, stampedMs, "IN_PROGRESS"));
  await scenario.run(100_000);
  scenario.application.reset();
  await scenario.run(2_000);
  scenario.application.getTranscript(0);
  await scenario.run(1_000);
  await scenario.gap(20_000, () => scenario.push(fileOf(scenario, stampedMs, "APPROVED")));
  await scenario.run(90_000);
  expect(scenario.application.sessions.map(statusesIn)).toEqual([["IN_PROGRESS"], ["APPROVED"]]);
});

test("after a slow page, the second look delivers the items that the page lacked (seed q3-1278)", async () => {
  const scenario = await Scenario.start();
  // The message is unread, so the recovery also requests the newest page for its receipts.
  scenario.application.send();
  await scenario.run(20_000);
  scenario.fault("lag", 60_000);
  scenario.next("GetTranscript", { kind: "responded", delayMs: 5_000 });
  scenario.fault("cut");
  const texts = await scenario.talk("stored late", 10, 20);
  await scenario.run(60_000);
  expect(scenario.texts.slice(1).sort()).toEqual(texts);
});

test("a page that freezes before its manager's first connection gain recovers all messages since connect() (seed b61865a608-376)", async () => {
  expect(
    await violationsOf({
      seed: "b61865a608-376",
      configuration: { ...PLAIN, clients: "ten chats", lateGainMs: 2_002 },
      activeMs: 116_255,
      faults: [{ kind: "bfcache", fromMs: 858, toMs: 115_255, amount: 0.677055 }],
      steps: [
        { kind: "send", atMs: 1_505, chat: 8, amount: 0.82187 },
        { kind: "say", atMs: 2_141, chat: 1, amount: 0.153505 },
        { kind: "same-millisecond", atMs: 106_160, chat: 0, amount: 0.580786 },
      ],
    }),
  ).toEqual([]);
});
