import { beforeEach, expect, test } from "@jest/globals";
import { KeepaliveFetch } from "../../../src/keepalive-fetch";
import { deferred, rejection, type Deferred } from "../../support/fake-service";

const SERVICE_URL = "https://service.test/";
const OK = new Response(null, { status: 204 });

let requests: { body: unknown; keepalive: boolean; response: Deferred<Response> }[];
/** The browser's response to a request. By default, the request stays pending. */
let onFetch: (init: RequestInit) => Promise<Response> | undefined;
let lasting: KeepaliveFetch;

beforeEach(() => {
  requests = [];
  onFetch = () => undefined;
  lasting = new KeepaliveFetch({
    fetch: (_url, init) => {
      const response = deferred<Response>();
      requests.push({ body: init.body, keepalive: init.keepalive === true, response });
      return onFetch(init) ?? response.promise;
    },
  });
});

const send = (body: string): Promise<Response> => lasting.fetch(SERVICE_URL, { method: "POST", body });
const microtasks = async (): Promise<void> => {
  for (let count = 0; count < 10; count += 1) await Promise.resolve();
};
const keepaliveFlags = (): boolean[] => requests.map(({ keepalive }) => keepalive);

test("a request starts a microtask after the call, because Firefox aborts requests that start in the task that navigates", async () => {
  void send("{}");
  expect(requests).toEqual([]);
  await microtasks();
  expect(keepaliveFlags()).toEqual([true]);
});

test("at most 60 KiB of bodies are in flight with keepalive, and further requests are sent without keepalive", async () => {
  void send("a".repeat(30_720));
  void send("ä".repeat(10_240));
  void send("b");
  await microtasks();
  expect(keepaliveFlags()).toEqual([true, true, false]);
  requests[0]?.response.resolve(OK);
  await microtasks();
  void send("c");
  await microtasks();
  expect(keepaliveFlags()).toEqual([true, true, false, true]);
});

test("a failed request no longer counts toward the keepalive limit", async () => {
  const failed = rejection(send("a".repeat(61_440)));
  await microtasks();
  requests[0]?.response.reject(new TypeError("Failed to fetch"));
  await failed;
  void send("a".repeat(61_440));
  await microtasks();
  expect(keepaliveFlags()).toEqual([true, true]);
});

test("a keepalive request that the browser rejects immediately, because of its limit, is resent without keepalive", async () => {
  onFetch = ({ keepalive }) => (keepalive ? Promise.reject(new TypeError("Failed to fetch")) : undefined);
  const sent = send("{}");
  await microtasks();
  expect(keepaliveFlags()).toEqual([true, false]);
  requests[1]?.response.resolve(OK);
  expect(await sent).toBe(OK);
});

test("a request that fails because of the network isn't resent", async () => {
  const failed = rejection(send("{}"));
  await microtasks();
  const cut = new TypeError("Failed to fetch");
  requests[0]?.response.reject(cut);
  expect(await failed).toBe(cut);
  expect(requests).toHaveLength(1);
});
