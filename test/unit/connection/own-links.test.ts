import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { LinkedChat, LinkEvent } from "../../../src/connection/link-event";
import { Links, type JoinedLink, type SocketDetails } from "../../../src/connection/links";
import { FakePlatform } from "../../support/fake-platform";
import { linkRequest } from "../../support/link-request";

let platform: FakePlatform;
let links: Links;
let joinedLinks: JoinedLink[];
/** The events that the links reported to the chats. */
let events: LinkEvent["kind"][];

beforeEach(() => {
  platform = new FakePlatform();
  links = new Links(platform);
  joinedLinks = [];
  events = [];
});

afterEach(() => joinedLinks.forEach((each) => each.leave()));

type FetchSocket = () => Promise<SocketDetails>;

/** Returns a function that fetches a socket URL. The URL contains the name. */
const socketFetcher =
  (name: string): FetchSocket =>
  () =>
    Promise.resolve({ url: `wss://${name}.test`, expiry: null, transportLifeTimeInSeconds: 3_540 });

/** Joins a participant's link. */
function joinLink(
  contactId: string,
  fetchSocket: FetchSocket = socketFetcher(contactId),
  on = links,
): JoinedLink {
  const chat: LinkedChat = {
    contactId,
    initialContactId: contactId,
    knowsMessage: () => false,
    onLink: ({ kind }) => events.push(kind),
  };
  const link = on.join(chat, linkRequest(platform, { fetchSocket }));
  joinedLinks.push(link);
  return link;
}

const NOTHING = { timers: 0, listeners: 0, openSockets: 0 };
const leftovers = (): typeof NOTHING => ({
  timers: platform.pendingTimers,
  listeners: platform.signalListeners,
  openSockets: platform.sockets.filter(({ readyState }) => readyState < 2).length,
});

describe("a participant's own link", () => {
  test("is started by its first session and shared with the next session", async () => {
    joinLink("me");
    joinLink("me");
    await platform.settle();
    expect(platform.sockets).toHaveLength(1);
  });

  test("isn't shared between participants", async () => {
    joinLink("me");
    joinLink("them");
    await platform.settle();
    expect(platform.sockets.map(({ url }) => url)).toEqual(["wss://me.test", "wss://them.test"]);
  });

  test("C19: two library instances open separate sockets for one participant, and a session that leaves one instance doesn't close the other instance's socket", async () => {
    const otherPlatform = new FakePlatform();
    const other = new Links(otherPlatform);
    const ownLink = joinLink("me");
    joinLink("me", socketFetcher("me"), other);
    await platform.settle();
    await otherPlatform.settle();
    expect([platform, otherPlatform].map(({ sockets }) => sockets.length)).toEqual([1, 1]);
    ownLink.leave();
    expect(otherPlatform.socket.closedWith).toBeNull();
    joinLink("me", socketFetcher("me"), other);
    await otherPlatform.settle();
    expect(otherPlatform.sockets).toHaveLength(1);
  });

  test("C19: library instances on one platform don't share a participant's link", async () => {
    joinLink("me");
    joinLink("me", socketFetcher("me"), new Links(platform));
    await platform.settle();
    expect(platform.sockets).toHaveLength(2);
  });

  test("is closed only when the last session leaves", async () => {
    const [first, second] = [joinLink("me"), joinLink("me")];
    await platform.settle();
    first.leave();
    expect(platform.socket.closedWith).toBeNull();
    second.leave();
    expect(platform.socket.closedWith?.code).toBe(1000);
    expect(leftovers()).toEqual(NOTHING);
  });

  test("stays open for the other session if one session leaves twice", async () => {
    const [first] = [joinLink("me"), joinLink("me")];
    await platform.settle();
    first.leave();
    first.leave();
    expect(platform.socket.closedWith).toBeNull();
  });

  test("opens its first socket with the details in the session's request, and fetches a URL for the next socket", async () => {
    const socket = { url: "wss://first.test", expiry: null, transportLifeTimeInSeconds: 3_540 };
    const chat: LinkedChat = {
      contactId: "me",
      initialContactId: "me",
      knowsMessage: () => false,
      onLink: () => undefined,
    };
    joinedLinks.push(
      links.join(chat, linkRequest(platform, { socket, fetchSocket: socketFetcher("fetched") })),
    );
    await platform.settle();
    platform.socket.end(1006);
    await platform.advance(500);
    expect(platform.sockets.map(({ url }) => url)).toEqual(["wss://first.test", "wss://fetched.test"]);
  });

  test("fetches URLs through the second session after the first session has left, even if both sessions use the same function", async () => {
    const first = joinLink("me", socketFetcher("first"));
    joinLink("me", socketFetcher("second"));
    await platform.settle();
    first.leave();
    platform.socket.end(1006);
    await platform.advance(500);
    expect(platform.sockets.map(({ url }) => url)).toEqual(["wss://first.test", "wss://second.test"]);

    const sharedSource = socketFetcher("same");
    const sessions = [joinLink("twins", sharedSource), joinLink("twins", sharedSource)];
    await platform.settle();
    sessions[0]?.leave();
    sessions[0]?.leave();
    expect(platform.socket.closedWith).toBeNull();
    sessions[1]?.leave();
    expect(platform.socket.closedWith?.code).toBe(1000);
  });

  test("isn't reused after its only session has left", async () => {
    joinLink("me").leave();
    expect(leftovers()).toEqual(NOTHING);
    joinLink("me");
    await platform.settle();
    expect(platform.sockets).toHaveLength(1);
  });

  test("isn't reused after it failed, and leaving the failed link doesn't affect the new link", async () => {
    const failedLink = joinLink("me", () =>
      Promise.resolve({ url: null, expiry: null, transportLifeTimeInSeconds: 3_540 }),
    );
    await platform.settle();
    expect(events).toEqual(["failed"]);
    joinLink("me");
    await platform.settle();
    expect(platform.sockets).toHaveLength(1);
    failedLink.leave();
    expect(platform.socket.closedWith).toBeNull();
    joinLink("me");
    await platform.settle();
    expect(platform.sockets).toHaveLength(1);
  });

  test("reconnects on reconnectNow() without waiting for the planned attempt", async () => {
    const link = joinLink("me");
    await platform.settle();
    for (const waitMs of [500, 1_000, 2_000, 4_000]) {
      platform.socket.end(1006);
      await platform.advance(waitMs);
    }
    const { length } = platform.sockets;
    platform.socket.end(1006);
    await platform.advance(2_000);
    expect(platform.sockets).toHaveLength(length);
    link.reconnectNow();
    await platform.advance(0);
    expect(platform.sockets).toHaveLength(length + 1);
  });
});
