import { beforeEach, describe, expect, test } from "@jest/globals";
import { LIFE_SECONDS, ManagerUnderTest } from "../../support/manager-under-test";

/** What callbacks received that were subscribed inside another callback. */
let received: string[];
let under: ManagerUnderTest;

beforeEach(() => {
  under = new ManagerUnderTest();
  received = [];
});

const subscribe = (): void => {
  under.manager.onConnectionGain(() => received.push("gain"));
  under.manager.onConnectionLost(() => received.push("lost"));
};

describe("a callback subscribed", () => {
  test("inside connectionOpen receives its gain once", async () => {
    under.manager.onConnectionOpen(subscribe);
    await under.up();
    expect(received).toEqual(["gain"]);
  });

  test("inside connectionGain receives the gain once", async () => {
    under.manager.onConnectionGain(subscribe);
    await under.up();
    expect(received).toEqual(["gain"]);
  });

  test("inside the connectionClose of a loss receives the loss once", async () => {
    under.manager.onConnectionClose(subscribe);
    const socket = await under.up();
    socket.end();
    expect(received).toEqual(["lost"]);
  });

  test("inside connectionLost receives the loss once", async () => {
    const socket = await under.up();
    under.manager.onConnectionLost(subscribe);
    socket.end();
    expect(received).toEqual(["lost"]);
  });

  test("inside a connectionLost that a new socket follows immediately receives loss and gain once, in order", async () => {
    const old = await under.up();
    under.manager.onConnectionLost(subscribe);
    await under.advance(LIFE_SECONDS * 1_000);
    under.socketAt(1).open();
    old.end();
    expect(received).toEqual(["lost", "gain"]);
  });

  test("inside the connectionOpen of an aging socket's successor receives a gain once", async () => {
    await under.up();
    under.manager.onConnectionOpen(subscribe);
    await under.advance(LIFE_SECONDS * 1_000);
    expect(received).toEqual([]);
    await under.accept();
    expect(received).toEqual(["gain"]);
  });

  test("while an aging socket is being drained receives a gain", async () => {
    await under.up();
    await under.advance(LIFE_SECONDS * 1_000);
    await under.accept();
    expect(under.socketAt(0).closedWith).toBeNull();
    subscribe();
    expect(received).toEqual(["gain"]);
  });
});
