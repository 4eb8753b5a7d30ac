/** Scripts play participants without a page, and send files. */
import { describe, expect, test } from "@jest/globals";
import { eventsOf, part, simulateChat, type ConnectedParty } from "./support/simulated-chat";
import { until } from "./support/wait";

const chat = simulateChat();

const connectCustomer = (): Promise<ConnectedParty> => chat.withSocket(chat.customer());
const script = ({ contactId }: { contactId: string }): ReturnType<typeof chat.simulator.contact> =>
  chat.simulator.contact(contactId);
const events = ({ socket }: ConnectedParty): string[] =>
  eventsOf(socket.items).filter((name) => name !== "typing");

describe("a participant that a script plays", () => {
  test("joins immediately with join() and sends the script's later messages", async () => {
    const customer = await connectCustomer();
    const contact = script(customer);
    const { participantId } = contact.join({ displayName: "Sam" });
    const message = contact.say("Hello");
    expect(message).toMatchObject({ ParticipantId: participantId, DisplayName: "Sam" });
    await until(() => customer.socket.items.some(({ Id }) => Id === message.Id));
    expect(events(customer).at(-1)).toBe("participant.joined");
  });

  test("can join and leave as a supervisor without ending the chat if an agent remains", async () => {
    const customer = await connectCustomer();
    const contact = script(customer);
    contact.join();
    contact.join({ role: "SUPERVISOR" });
    contact.leave({ role: "SUPERVISOR" });
    expect(contact.ended).toBe(false);
    contact.leave();
    expect(contact.ended).toBe(true);
    await until(() => events(customer).includes("chat.ended"));
  });

  test("must be in the chat, or leave() throws", async () => {
    const customer = await connectCustomer();
    expect(() => script(customer).leave()).toThrow("Nobody with role AGENT is in the chat.");
  });

  test("joins immediately, without an agent page, when transfer() is called with `joins`", async () => {
    const customer = await connectCustomer();
    const contact = script(customer);
    contact.join({ displayName: "Sam" });
    contact.transfer({ displayName: "Kim", joins: true });
    await until(() => events(customer).filter((name) => name === "participant.joined").length >= 2);
    expect(events(customer).slice(-3)).toEqual([
      "transfer.succeeded",
      "participant.left",
      "participant.joined",
    ]);
  });
});

describe("a file that a script sends", () => {
  test("can be downloaded by the customer", async () => {
    const customer = await connectCustomer();
    const bytes = new TextEncoder().encode("80 EUR");
    const item = script(customer).attach({ name: "estimate.txt", contentType: "text/plain", bytes });
    expect(item).toMatchObject({
      Type: "ATTACHMENT",
      ParticipantRole: "AGENT",
      Attachments: [{ AttachmentName: "estimate.txt", ContentType: "text/plain", Status: "APPROVED" }],
    });
    const AttachmentId = item.Attachments?.[0]?.AttachmentId;
    const response = await chat.call("/participant/attachment", customer.token, { AttachmentId });
    const url = String(part(response, "body")["Url"]);
    expect(await (await fetch(url)).text()).toBe("80 EUR");
  });

  test("must be within the limits, or attach() throws an error that names the limit", async () => {
    const customer = await connectCustomer();
    const bytes = new Uint8Array(1);
    expect(() => script(customer).attach({ name: "run.exe", contentType: "text/plain", bytes })).toThrow(
      /^AttachmentName must end in one of/,
    );
    const large = new Uint8Array(21 * 1024 * 1024);
    expect(() => script(customer).attach({ name: "a.txt", contentType: "text/plain", bytes: large })).toThrow(
      /^The file must have at most \d+ bytes; got 22020096\.$/,
    );
  });
});
