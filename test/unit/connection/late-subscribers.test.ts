import { beforeEach, describe, expect, test } from "@jest/globals";
import { LIFE_SECONDS, ManagerUnderTest } from "../../support/manager-under-test";

/** What is told to somebody who subscribes while something else is being told. */
let told: string[];
let under: ManagerUnderTest;

beforeEach(() => {
  under = new ManagerUnderTest();
  told = [];
});

const subscribe = (): void => {
  under.manager.onConnectionGain(() => told.push("gain"));
  under.manager.onConnectionLost(() => told.push("lost"));
};

describe("one who subscribes", () => {
  test("within the opening hears of its gain once", async () => {
    under.manager.onConnectionOpen(subscribe);
    await under.up();
    expect(told).toEqual(["gain"]);
  });

  test("within the gain hears of it once", async () => {
    under.manager.onConnectionGain(subscribe);
    await under.up();
    expect(told).toEqual(["gain"]);
  });

  test("within the close that loses the link hears of the loss once", async () => {
    under.manager.onConnectionClose(subscribe);
    const socket = await under.up();
    socket.end();
    expect(told).toEqual(["lost"]);
  });

  test("within the loss hears of it once", async () => {
    const socket = await under.up();
    under.manager.onConnectionLost(subscribe);
    socket.end();
    expect(told).toEqual(["lost"]);
  });

  test("within a loss that a new socket makes good at once hears of both once, in their order", async () => {
    const old = await under.up();
    under.manager.onConnectionLost(subscribe);
    await under.advance(LIFE_SECONDS * 1_000);
    under.socketAt(1).open();
    old.end();
    expect(told).toEqual(["lost", "gain"]);
  });

  test("within the opening of an ageing socket's successor hears that there is a link, once", async () => {
    await under.up();
    under.manager.onConnectionOpen(subscribe);
    await under.advance(LIFE_SECONDS * 1_000);
    expect(told).toEqual([]);
    await under.accept();
    expect(told).toEqual(["gain"]);
  });

  test("while an ageing socket is drained hears that there is a link", async () => {
    await under.up();
    await under.advance(LIFE_SECONDS * 1_000);
    await under.accept();
    expect(under.socketAt(0).closedWith).toBeNull();
    subscribe();
    expect(told).toEqual(["gain"]);
  });
});
