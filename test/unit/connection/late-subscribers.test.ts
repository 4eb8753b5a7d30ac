import { beforeEach, describe, expect, test } from "@jest/globals";
import { LIFE_SECONDS, ManagerUnderTest } from "../../support/manager-under-test";

/** The events received by callbacks that were subscribed inside another callback. */
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

describe("subscribing late", () => {
  test("a callback added inside connectionOpen receives the gain once", async () => {
    under.manager.onConnectionOpen(subscribe);
    await under.up();
    expect(received).toEqual(["gain"]);
  });

  test("a callback added inside connectionGain receives the gain once", async () => {
    under.manager.onConnectionGain(subscribe);
    await under.up();
    expect(received).toEqual(["gain"]);
  });

  test("a callback added inside a lost socket's connectionClose receives the loss once", async () => {
    under.manager.onConnectionClose(subscribe);
    const socket = await under.up();
    socket.end();
    expect(received).toEqual(["lost"]);
  });

  test("a callback added inside connectionLost receives the loss once", async () => {
    const socket = await under.up();
    under.manager.onConnectionLost(subscribe);
    socket.end();
    expect(received).toEqual(["lost"]);
  });

  test("a callback added inside connectionLost receives loss and gain once, in order, if a new socket opens immediately", async () => {
    const old = await under.up();
    under.manager.onConnectionLost(subscribe);
    await under.advance(LIFE_SECONDS * 1_000);
    under.socketAt(1).open();
    old.end();
    expect(received).toEqual(["lost", "gain"]);
  });

  test("a callback added inside the connectionOpen of an aging socket's successor receives a gain once", async () => {
    await under.up();
    under.manager.onConnectionOpen(subscribe);
    await under.advance(LIFE_SECONDS * 1_000);
    expect(received).toEqual([]);
    await under.accept();
    expect(received).toEqual(["gain"]);
  });

  test("a callback added while an aging socket is being drained receives a gain", async () => {
    await under.up();
    await under.advance(LIFE_SECONDS * 1_000);
    await under.accept();
    expect(under.socketAt(0).closedWith).toBeNull();
    subscribe();
    expect(received).toEqual(["gain"]);
  });
});
