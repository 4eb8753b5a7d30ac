/** GetTranscript's pages in both directions and orders, its start positions, and the requests that it rejects. */
import { describe, expect, test } from "@jest/globals";
import type { Item } from "../../simulator/index";
import type { ServiceResponse } from "./support/call-service";
import { itemsOf, simulateChat, textsOf, type Party } from "./support/simulated-chat";

const chat = simulateChat();

const INVALID = { status: 400, type: "ValidationException" };

interface Query {
  MaxResults?: unknown;
  ScanDirection?: unknown;
  SortOrder?: unknown;
  StartPosition?: unknown;
  NextToken?: unknown;
  ContactId?: unknown;
}

const getTranscript = (party: Party, query: Query): Promise<ServiceResponse> =>
  chat.call("/participant/transcript", party.token, query);

/** Sends messages from a customer without a socket, so that the transcript contains no other items. */
async function sendMessages(count: number): Promise<{ customer: Party; items: readonly Item[] }> {
  const customer = await chat.customer();
  for (let index = 1; index <= count; index += 1) {
    chat.now += 1000;
    await chat.send(customer, String(index));
  }
  return { customer, items: chat.stored(customer) };
}

/** Reads all pages and returns the texts on each page. */
async function pages(party: Party, query: Query): Promise<(string | undefined)[][]> {
  const all: (string | undefined)[][] = [];
  let NextToken: unknown;
  do {
    const response = await getTranscript(party, { ...query, ...(NextToken !== undefined && { NextToken }) });
    all.push(textsOf(response));
    ({ NextToken } = response.body);
  } while (NextToken !== undefined);
  return all;
}

describe("pages", () => {
  test.each([
    ["BACKWARD", "ASCENDING", ["45", "23", "1"]],
    ["BACKWARD", "DESCENDING", ["54", "32", "1"]],
  ])("start at the newest item if they are %s and %s", async (ScanDirection, SortOrder, expected) => {
    const { customer } = await sendMessages(5);
    const read = await pages(customer, { MaxResults: 2, ScanDirection, SortOrder, StartPosition: {} });
    expect(read.map((page) => page.join(""))).toEqual(expected);
  });

  test.each([
    ["ASCENDING", ["12", "34", "5"]],
    ["DESCENDING", ["21", "43", "5"]],
  ])("start at the oldest item if they are FORWARD and %s", async (SortOrder, expected) => {
    const { customer, items } = await sendMessages(5);
    const StartPosition = { Id: items[0]?.Id };
    const read = await pages(customer, { MaxResults: 2, ScanDirection: "FORWARD", SortOrder, StartPosition });
    expect(read.map((page) => page.join(""))).toEqual(expected);
  });

  test("are backward and ascending and contain 15 items by default", async () => {
    const { customer } = await sendMessages(16);
    const response = await getTranscript(customer, {});
    expect(response.body["InitialContactId"]).toBe(customer.contactId);
    expect(textsOf(response)).toEqual(Array.from({ length: 15 }, (_, index) => String(index + 2)));
    expect(response.body["NextToken"]).toEqual(expect.any(String));
  });

  test("have no NextToken if the last item fills the page exactly", async () => {
    const { customer } = await sendMessages(2);
    const response = await getTranscript(customer, { MaxResults: 2 });
    expect(textsOf(response)).toEqual(["1", "2"]);
    expect(response.body).not.toHaveProperty("NextToken");
  });

  test("contain the same complete items as the socket", async () => {
    const customer = await chat.withSocket(chat.customer());
    await chat.send(customer, "hello");
    expect(itemsOf(await getTranscript(customer, {}))).toEqual(customer.socket.items);
    expect(customer.socket.items).toHaveLength(2);
  });

  test("don't shift when a message is sent between two requests", async () => {
    const { customer } = await sendMessages(4);
    const newest = await getTranscript(customer, { MaxResults: 2 });
    await chat.send(customer, "5");
    expect(
      textsOf(await getTranscript(customer, { MaxResults: 2, NextToken: newest.body["NextToken"] })),
    ).toEqual(["1", "2"]);
  });

  test("are empty for a chat without items", async () => {
    const customer = await chat.customer();
    expect((await getTranscript(customer, {})).body).toEqual({
      InitialContactId: customer.contactId,
      Transcript: [],
    });
  });
});

describe("start positions", () => {
  const from = async (
    ScanDirection: string,
    position: (items: readonly Item[]) => object,
  ): Promise<string> => {
    const { customer, items } = await sendMessages(5);
    return textsOf(
      await getTranscript(customer, { MaxResults: 2, ScanDirection, StartPosition: position(items) }),
    ).join("");
  };
  const time = (item: Item | undefined, laterMs = 0): string =>
    new Date(Date.parse(item?.AbsoluteTime ?? "") + laterMs).toISOString();

  test.each([
    ["FORWARD", "34"],
    ["BACKWARD", "23"],
  ])("%s pages include the item with the start position's ID", async (direction, expected) => {
    expect(await from(direction, (items) => ({ Id: items[2]?.Id }))).toBe(expected);
  });

  test.each([
    ["FORWARD", 0, "34"],
    ["BACKWARD", 0, "23"],
    ["FORWARD", 1, "45"],
    ["BACKWARD", 1, "23"],
    ["FORWARD", -1, "34"],
    ["BACKWARD", -1, "12"],
    ["FORWARD", 60_000, ""],
    ["BACKWARD", 60_000, "45"],
    ["FORWARD", -60_000, "12"],
    ["BACKWARD", -60_000, ""],
  ])(
    "%s pages start at the item in that direction that is nearest to the start time (the third item's plus %i ms)",
    async (direction, laterMs, expected) => {
      expect(await from(direction, (items) => ({ AbsoluteTime: time(items[2], laterMs) }))).toBe(expected);
    },
  );

  test.each([
    ["FORWARD", 2, "45"],
    ["FORWARD", 4, "23"],
    ["FORWARD", 100, "12"],
    ["BACKWARD", 2, "45"],
  ])("%s pages can start at the %i most recent items", async (direction, MostRecent, expected) => {
    expect(await from(direction, () => ({ MostRecent }))).toBe(expected);
  });
});

describe("GetTranscript rejects", () => {
  test.each<Query>([
    { MaxResults: 0 },
    { MaxResults: 101 },
    { MaxResults: 1.5 },
    { MaxResults: "2" },
    { SortOrder: "UP" },
    { SortOrder: "ascending" },
    { ScanDirection: "SIDEWAYS" },
    { ScanDirection: 7 },
    { StartPosition: "newest" },
    { StartPosition: [] },
    { StartPosition: { Id: 7 } },
    { StartPosition: { Id: "unknown" } },
    { StartPosition: { AbsoluteTime: "yesterday" } },
    { StartPosition: { AbsoluteTime: 0 } },
    { StartPosition: { MostRecent: "2" } },
    { StartPosition: { MostRecent: -1 } },
    { StartPosition: { MostRecent: 101 } },
    { ScanDirection: "FORWARD" },
    { ScanDirection: "FORWARD", StartPosition: {} },
    { NextToken: "nonsense" },
    { NextToken: "" },
    { NextToken: 7 },
  ])("%j", async (query) => {
    const { customer } = await sendMessages(1);
    expect(await getTranscript(customer, query)).toMatchObject(INVALID);
  });

  test("an altered NextToken, and a NextToken from the other direction or another chat", async () => {
    const { customer } = await sendMessages(3);
    const { customer: stranger } = await sendMessages(3);
    const { NextToken } = (await getTranscript(customer, { MaxResults: 1 })).body;
    expect(await getTranscript(customer, { ScanDirection: "FORWARD", NextToken })).toMatchObject(INVALID);
    expect(await getTranscript(stranger, { NextToken })).toMatchObject(INVALID);
    const parts = JSON.parse(Buffer.from(String(NextToken), "base64url").toString()) as unknown[];
    const alterToken = (index: unknown): string =>
      Buffer.from(JSON.stringify([...parts.slice(0, -1), index])).toString("base64url");
    // With its original index, alterToken() returns the same token. The other tokens thus differ only in their index.
    expect(alterToken(2)).toBe(NextToken);
    for (const index of [-1, 0.5, 4, "1", null]) {
      expect(await getTranscript(customer, { NextToken: alterToken(index) })).toMatchObject(INVALID);
    }
    expect(textsOf(await getTranscript(customer, { NextToken }))).toEqual(["1", "2"]);
  });

  test("another chat's contact ID, but not the contact ID of the participant's chat", async () => {
    const { customer } = await sendMessages(1);
    const { customer: stranger } = await sendMessages(1);
    expect(textsOf(await getTranscript(customer, { ContactId: customer.contactId }))).toEqual(["1"]);
    expect(await getTranscript(customer, { ContactId: stranger.contactId })).toMatchObject(INVALID);
  });
});
