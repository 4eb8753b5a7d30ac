import { beforeEach, expect, test } from "@jest/globals";
import { LIFETIME_SECONDS, ManagerUnderTest } from "../../support/manager-under-test";

/** The events received by the callbacks that `subscribe` added. */
let received: string[];
let harness: ManagerUnderTest;

beforeEach(() => {
  harness = new ManagerUnderTest();
  received = [];
});

const subscribe = (): void => {
  harness.manager.onConnectionGain(() => received.push("gain"));
  harness.manager.onConnectionLost(() => received.push("lost"));
};

test("a callback added inside connectionOpen receives connectionGain once", async () => {
  harness.manager.onConnectionOpen(subscribe);
  await harness.up();
  expect(received).toEqual(["gain"]);
});

test("a callback added inside connectionGain receives connectionGain once", async () => {
  harness.manager.onConnectionGain(subscribe);
  await harness.up();
  expect(received).toEqual(["gain"]);
});

test("a callback added inside a lost socket's connectionClose receives connectionLost once", async () => {
  harness.manager.onConnectionClose(subscribe);
  const socket = await harness.up();
  socket.end();
  expect(received).toEqual(["lost"]);
});

test("a callback added inside connectionLost receives connectionLost once", async () => {
  const socket = await harness.up();
  harness.manager.onConnectionLost(subscribe);
  socket.end();
  expect(received).toEqual(["lost"]);
});

test("callbacks added inside connectionLost receive connectionLost and then connectionGain if the next socket is already open", async () => {
  const oldSocket = await harness.up();
  harness.manager.onConnectionLost(subscribe);
  await harness.advance(LIFETIME_SECONDS * 1_000);
  harness.socketAt(1).open();
  oldSocket.end();
  expect(received).toEqual(["lost", "gain"]);
});

test("a callback added inside the connectionOpen of an aging socket's successor receives connectionGain once", async () => {
  await harness.up();
  harness.manager.onConnectionOpen(subscribe);
  await harness.advance(LIFETIME_SECONDS * 1_000);
  expect(received).toEqual([]);
  await harness.accept();
  expect(received).toEqual(["gain"]);
});

test("a callback added while an aging socket is being drained receives connectionGain", async () => {
  await harness.up();
  await harness.advance(LIFETIME_SECONDS * 1_000);
  await harness.accept();
  expect(harness.socketAt(0).closedWith).toBeNull();
  subscribe();
  expect(received).toEqual(["gain"]);
});
