/** Participants that a script plays without a page, and the files it sends. */
import { describe, expect, test } from "@jest/globals";
import { eventsOf, part, simulateChat, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat();

const customer = (): Promise<ConnectedParty> => chat.withSocket(chat.customer());
const script = ({ contactId }: { contactId: string }): ReturnType<typeof chat.simulator.contact> =>
  chat.simulator.contact(contactId);
const events = ({ socket }: ConnectedParty): string[] =>
  eventsOf(socket.items).filter((name) => name !== "typing");

describe("a participant that a script plays", () => {
  test("join(): the participant joins at once, and is the one who speaks", async () => {
    const one = await customer();
    const contact = script(one);
    const { participantId } = contact.join({ displayName: "Sam" });
    const message = contact.say("Hello");
    expect(message).toMatchObject({ ParticipantId: participantId, DisplayName: "Sam" });
    await until(() => one.socket.items.some(({ Id }) => Id === message.Id));
    expect(events(one).at(-1)).toBe("participant.joined");
  });

  test("join() as a supervisor, and leave(): a chat that still has an agent continues", async () => {
    const one = await customer();
    const contact = script(one);
    contact.join();
    contact.join({ role: "SUPERVISOR" });
    contact.leave({ role: "SUPERVISOR" });
    expect(contact.ended).toBe(false);
    contact.leave();
    expect(contact.ended).toBe(true);
    await until(() => events(one).includes("chat.ended"));
  });

  test("leave() without such a participant: throws", async () => {
    const one = await customer();
    expect(() => script(one).leave()).toThrow("Nobody with role AGENT is in the chat.");
  });

  test("transfer() with `joins`: the next agent has joined, and an agent page isn't needed", async () => {
    const one = await customer();
    const contact = script(one);
    contact.join({ displayName: "Sam" });
    contact.transfer({ displayName: "Kim", joins: true });
    await until(() => events(one).filter((name) => name === "participant.joined").length >= 2);
    expect(events(one).slice(-3)).toEqual(["transfer.succeeded", "participant.left", "participant.joined"]);
  });
});

describe("a file that a script sends", () => {
  test("attach(): the customer can download it", async () => {
    const one = await customer();
    const bytes = new TextEncoder().encode("80 EUR");
    const item = script(one).attach({ name: "estimate.txt", contentType: "text/plain", bytes });
    expect(item).toMatchObject({
      Type: "ATTACHMENT",
      ParticipantRole: "AGENT",
      Attachments: [{ AttachmentName: "estimate.txt", ContentType: "text/plain", Status: "APPROVED" }],
    });
    const AttachmentId = item.Attachments?.[0]?.AttachmentId;
    const answer = await chat.call("/participant/attachment", one.token, { AttachmentId });
    const url = String(part(answer, "body")["Url"]);
    expect(await (await fetch(url)).text()).toBe("80 EUR");
  });

  test("attach() beyond the limits: throws and names the limit", async () => {
    const one = await customer();
    const bytes = new Uint8Array(1);
    expect(() => script(one).attach({ name: "run.exe", contentType: "text/plain", bytes })).toThrow(
      /^AttachmentName must end in one of/,
    );
    const large = new Uint8Array(21 * 1024 * 1024);
    expect(() => script(one).attach({ name: "a.txt", contentType: "text/plain", bytes: large })).toThrow(
      /^The file must have at most \d+ bytes; got 22020096\.$/,
    );
  });
});
