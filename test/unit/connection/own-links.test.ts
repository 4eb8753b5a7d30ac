import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { LinkedChat, LinkEvent } from "../../../src/connection/link-event";
import { Links, type JoinedLink, type SocketDetails } from "../../../src/connection/links";
import { FakePlatform } from "../../support/fake-platform";
import { linkRequest } from "../../support/link-request";

let platform: FakePlatform;
let links: Links;
let joined: JoinedLink[];
/** The events that the links reported to the chats. */
let events: LinkEvent["kind"][];

beforeEach(() => {
  platform = new FakePlatform();
  links = new Links(platform);
  joined = [];
  events = [];
});

afterEach(() => joined.forEach((each) => each.leave()));

type FetchSocket = () => Promise<SocketDetails>;

/** Returns a function that resolves with a URL that contains the name. */
const sourceOf =
  (name: string): FetchSocket =>
  () =>
    Promise.resolve({ url: `wss://${name}.test`, expiry: null, transportLifeTimeInSeconds: 3_540 });

/** Joins a participant's link. `key` is the contact ID. */
function share(key: string, fetchSocket: FetchSocket = sourceOf(key), on = links): JoinedLink {
  const chat: LinkedChat = {
    contactId: key,
    initialContactId: key,
    knowsMessage: () => false,
    onLink: ({ kind }) => events.push(kind),
  };
  const link = on.join(chat, linkRequest(platform, { fetchSocket }));
  joined.push(link);
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
    share("me");
    share("me");
    await platform.settle();
    expect(platform.sockets).toHaveLength(1);
  });

  test("isn't shared between participants", async () => {
    share("me");
    share("them");
    await platform.settle();
    expect(platform.sockets.map(({ url }) => url)).toEqual(["wss://me.test", "wss://them.test"]);
  });

  test("C19: library instances don't share a participant's link: each opens its own socket and keeps it when the other leaves", async () => {
    const otherPlatform = new FakePlatform();
    const other = new Links(otherPlatform);
    const ownLink = share("me");
    share("me", sourceOf("me"), other);
    await platform.settle();
    await otherPlatform.settle();
    expect([platform, otherPlatform].map(({ sockets }) => sockets.length)).toEqual([1, 1]);
    ownLink.leave();
    expect(otherPlatform.socket.closedWith).toBeNull();
    share("me", sourceOf("me"), other);
    await otherPlatform.settle();
    expect(otherPlatform.sockets).toHaveLength(1);
  });

  test("C19: library instances on one platform don't share a participant's link either", async () => {
    share("me");
    share("me", sourceOf("me"), new Links(platform));
    await platform.settle();
    expect(platform.sockets).toHaveLength(2);
  });

  test("is closed when the last session leaves, not before", async () => {
    const [first, second] = [share("me"), share("me")];
    await platform.settle();
    first.leave();
    expect(platform.socket.closedWith).toBeNull();
    second.leave();
    expect(platform.socket.closedWith?.code).toBe(1000);
    expect(leftovers()).toEqual(NOTHING);
  });

  test("stays open for the other session if one session leaves twice", async () => {
    const [first] = [share("me"), share("me")];
    await platform.settle();
    first.leave();
    first.leave();
    expect(platform.socket.closedWith).toBeNull();
  });

  test("opens its first socket with the details in its request, and fetches a URL for the next socket", async () => {
    const socket = { url: "wss://first.test", expiry: null, transportLifeTimeInSeconds: 3_540 };
    const chat: LinkedChat = {
      contactId: "me",
      initialContactId: "me",
      knowsMessage: () => false,
      onLink: () => undefined,
    };
    joined.push(links.join(chat, linkRequest(platform, { socket, fetchSocket: sourceOf("fetched") })));
    await platform.settle();
    platform.socket.end(1006);
    await platform.advance(500);
    expect(platform.sockets.map(({ url }) => url)).toEqual(["wss://first.test", "wss://fetched.test"]);
  });

  test("fetches URLs from the next session after the first has left, even if both use the same function", async () => {
    const first = share("me", sourceOf("first"));
    share("me", sourceOf("second"));
    await platform.settle();
    first.leave();
    platform.socket.end(1006);
    await platform.advance(500);
    expect(platform.sockets.map(({ url }) => url)).toEqual(["wss://first.test", "wss://second.test"]);

    const sharedSource = sourceOf("same");
    const sessions = [share("twins", sharedSource), share("twins", sharedSource)];
    await platform.settle();
    sessions[0]?.leave();
    sessions[0]?.leave();
    expect(platform.socket.closedWith).toBeNull();
    sessions[1]?.leave();
    expect(platform.socket.closedWith?.code).toBe(1000);
  });

  test("isn't reused after its only session has left", async () => {
    share("me").leave();
    expect(leftovers()).toEqual(NOTHING);
    share("me");
    await platform.settle();
    expect(platform.sockets).toHaveLength(1);
  });

  test("isn't reused after it failed, and leaving the failed link doesn't affect the new link", async () => {
    const failed = share("me", () =>
      Promise.resolve({ url: null, expiry: null, transportLifeTimeInSeconds: 3_540 }),
    );
    await platform.settle();
    expect(events).toEqual(["failed"]);
    share("me");
    await platform.settle();
    expect(platform.sockets).toHaveLength(1);
    failed.leave();
    expect(platform.socket.closedWith).toBeNull();
    share("me");
    await platform.settle();
    expect(platform.sockets).toHaveLength(1);
  });

  test("reconnects on reconnectNow() without waiting for the planned attempt", async () => {
    const link = share("me");
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
