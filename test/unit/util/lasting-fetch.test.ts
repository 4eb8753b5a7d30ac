import { beforeEach, expect, test } from "@jest/globals";
import { LastingFetch } from "../../../src/lasting-fetch";
import { deferred, rejection, type Deferred } from "../../support/fake-service";

const URL_OF_SERVICE = "https://service.test/";
const OK = new Response(null, { status: 204 });

let asked: { body: unknown; keepalive: boolean; answer: Deferred<Response> }[];
/** What the browser makes of a request; by default it is pending. */
let onFetch: (init: RequestInit) => Promise<Response> | undefined;
let lasting: LastingFetch;

beforeEach(() => {
  asked = [];
  onFetch = () => undefined;
  lasting = new LastingFetch({
    fetch: (_url, init) => {
      const answer = deferred<Response>();
      asked.push({ body: init.body, keepalive: init.keepalive === true, answer });
      return onFetch(init) ?? answer.promise;
    },
  });
});

const send = (body: string): Promise<Response> => lasting.fetch(URL_OF_SERVICE, { method: "POST", body });
const microtasks = async (): Promise<void> => {
  for (let count = 0; count < 10; count += 1) await Promise.resolve();
};
const keptAlive = (): boolean[] => asked.map(({ keepalive }) => keepalive);

test("a request begins a microtask after the call: Firefox aborts one that begins in the task that navigates", async () => {
  void send("{}");
  expect(asked).toEqual([]);
  await microtasks();
  expect(keptAlive()).toEqual([true]);
});

test("bodies in flight with keepalive stay within 60 KiB, in bytes; more are sent without, until some have arrived", async () => {
  void send("a".repeat(30_720));
  void send("ä".repeat(10_240));
  void send("b");
  await microtasks();
  expect(keptAlive()).toEqual([true, true, false]);
  asked[0]?.answer.resolve(OK);
  await microtasks();
  void send("c");
  await microtasks();
  expect(keptAlive()).toEqual([true, true, false, true]);
});

test("a failed request no longer counts", async () => {
  const failed = rejection(send("a".repeat(61_440)));
  await microtasks();
  asked[0]?.answer.reject(new TypeError("Failed to fetch"));
  await failed;
  void send("a".repeat(61_440));
  await microtasks();
  expect(keptAlive()).toEqual([true, true]);
});

test("a request that the browser refuses at once, since its limit is reached, is sent again without keepalive", async () => {
  onFetch = ({ keepalive }) => (keepalive ? Promise.reject(new TypeError("Failed to fetch")) : undefined);
  const sent = send("{}");
  await microtasks();
  expect(keptAlive()).toEqual([true, false]);
  asked[1]?.answer.resolve(OK);
  expect(await sent).toBe(OK);
});

test("a request that the network fails is not sent again", async () => {
  const failed = rejection(send("{}"));
  await microtasks();
  const cut = new TypeError("Failed to fetch");
  asked[0]?.answer.reject(cut);
  expect(await failed).toBe(cut);
  expect(asked).toHaveLength(1);
});
