import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { sessionStorageResume, type SavedChat } from "../../../react/saved-chat";
import { deferred, errorResponse, json } from "../../support/fake-service";
import { CONNECTION, MESSAGE, nextTask, StoreUnderTest, TRANSCRIPT } from "./store-under-test";

/** A chat that was saved by an earlier page. */

let page: StoreUnderTest;
let detach: () => void = () => undefined;
afterEach(async () => {
  detach();
  await nextTask();
});

/** Starts a chat on an earlier page, and returns what it saved. */
async function savedChat(): Promise<SavedChat> {
  const earlier = new StoreUnderTest({}, null);
  const release = await earlier.connected();
  await earlier.chat.receive(earlier.chat.item({ Content: "Before" }));
  earlier.chat.service.on(MESSAGE, () => errorResponse(400, "ValidationException"));
  await earlier.store.send("Unsent");
  release();
  await nextTask();
  const saved = earlier.saved.at(-1);
  if (!saved) throw new Error("Nothing was saved.");
  return saved;
}

test("a saved chat is resumed without asking the backend, with its messages and the unsent one", async () => {
  const saved = await savedChat();
  page = new StoreUnderTest({}, saved);
  const before = page.chat.item({ Content: "Before" });
  page.chat.service.on(TRANSCRIPT, () => json({ InitialContactId: "c", Transcript: [before] }));
  detach = page.store.attach();
  await page.settle();
  expect(page.status).toBe("starting");
  await page.chat.open();
  await page.chat.advance(5_000);
  expect(page.start).not.toHaveBeenCalled();
  expect(page.status).toBe("connected");
  expect(page.state.session?.getChatDetails().contactId).toBe(saved.snapshot?.contactId);
  expect(page.shown).toEqual([
    ["Before", null],
    ["Unsent", "failed"],
  ]);
});

test("a chat is saved before it has connected, after changes, and when it's detached", async () => {
  page = new StoreUnderTest({}, null);
  detach = page.store.attach();
  void page.store.start();
  await page.settle();
  expect(page.saved[0]).toEqual({ chatDetails: page.chatDetails, snapshot: null });
  await page.chat.open();
  await page.chat.receive(page.chat.item());
  await new Promise((resolve) => setTimeout(resolve, 300));
  const count = page.saved.length;
  expect(page.saved.at(-1)?.snapshot).toMatchObject({ contactId: page.chat.contactId });
  detach();
  await nextTask();
  expect(page.saved).toHaveLength(count + 1);
  expect(JSON.parse(JSON.stringify(page.saved.at(-1)))).toEqual(page.saved.at(-1));
});

test("a saved chat that has ended meanwhile is forgotten, and the status is ended", async () => {
  page = new StoreUnderTest({ autoStart: true }, await savedChat());
  page.chat.service.endChat();
  detach = page.store.attach();
  await page.chat.platform.advance(60_000);
  expect(page.state).toMatchObject({ status: "ended", error: null });
  expect(page.saved.at(-1)).toBeNull();
  expect(page.start).not.toHaveBeenCalled();
});

test("a saved chat that the service refuses for another reason is forgotten, and start() starts a new one", async () => {
  page = new StoreUnderTest({}, await savedChat());
  page.chat.service.next(CONNECTION, () => errorResponse(400, "ValidationException"));
  detach = page.store.attach();
  await page.settle();
  expect(page.state).toMatchObject({ status: "failed", error: { retryable: false } });
  expect(page.saved.at(-1)).toBeNull();
  void page.store.start();
  await page.settle();
  expect(page.start).toHaveBeenCalledTimes(1);
});

test("a proxy's refusal keeps the saved chat, and start() tries it again", async () => {
  page = new StoreUnderTest({}, await savedChat());
  page.chat.service.next(CONNECTION, () => new Response("<html>Blocked</html>", { status: 403 }));
  detach = page.store.attach();
  await page.settle();
  expect(page.status).toBe("failed");
  expect(page.saved).not.toContain(null);
  void page.store.start();
  await page.settle();
  await page.chat.open();
  expect(page.status).toBe("connected");
  expect(page.start).not.toHaveBeenCalled();
});

test("the end of the chat forgets it, and nothing is saved afterward", async () => {
  page = new StoreUnderTest({}, null);
  detach = await page.connected();
  await page.chat.receive(page.chat.event("chat.ended"));
  detach();
  await nextTask();
  expect(page.saved.at(-1)).toBeNull();
});

describe("something unusable in the storage", () => {
  test.each([
    ["details without a contact", { chatDetails: { contactId: "", participantId: "" }, snapshot: null }],
    ["a snapshot of another version", { snapshot: { version: 9 } }],
  ])("(%s) is forgotten, as if nothing had been saved", async (_, wrong) => {
    const saved = Object.assign({}, await savedChat(), wrong);
    page = new StoreUnderTest({}, saved);
    detach = page.store.attach();
    await page.settle();
    expect(page.state).toMatchObject({ status: "idle", error: null });
    expect(page.saved).toEqual([null]);
  });
});

test("load() may be asynchronous, and start() called meanwhile doesn't start a second chat", async () => {
  const saved = await savedChat();
  const loading = deferred<SavedChat | null>();
  page = new StoreUnderTest({ resume: { load: () => loading.promise, save: () => undefined } });
  detach = page.store.attach();
  void page.store.start();
  await page.settle();
  loading.resolve(saved);
  await page.settle();
  await page.chat.open();
  expect(page.status).toBe("connected");
  expect(page.start).not.toHaveBeenCalled();
});

test("a store that is released while load() is pending resumes the chat when it's attached again", async () => {
  const saved = await savedChat();
  const loading = deferred<SavedChat | null>();
  page = new StoreUnderTest({ resume: { load: () => loading.promise, save: () => undefined } });
  page.store.attach()();
  await nextTask();
  detach = page.store.attach();
  loading.resolve(saved);
  await page.settle();
  await page.chat.open();
  expect(page.status).toBe("connected");
  expect(page.sessions).toBe(1);
  expect(page.start).not.toHaveBeenCalled();
});

test("if load() rejects, the chat fails, and start() starts a new one", async () => {
  const failing = { load: () => Promise.reject(new Error("No disk.")), save: () => undefined };
  page = new StoreUnderTest({ resume: failing });
  detach = page.store.attach();
  await page.settle();
  expect(page.state).toMatchObject({ status: "failed", error: { message: "No disk.", retryable: true } });
  void page.store.start();
  await page.settle();
  expect(page.start).toHaveBeenCalledTimes(1);
});

describe("sessionStorageResume()", () => {
  const chat: SavedChat = { chatDetails: { ContactId: "c" }, snapshot: null };
  const stored = new Map<string, string>();
  const storage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => void stored.set(key, value),
    removeItem: (key: string) => void stored.delete(key),
  };
  const stubStorage = (get: () => unknown): unknown =>
    Object.defineProperty(globalThis, "sessionStorage", { get, configurable: true });
  afterEach(() => {
    stored.clear();
    Reflect.deleteProperty(globalThis, "sessionStorage");
  });

  test("loads what it saved under the key, and removes it when it saves null", () => {
    stubStorage(() => storage);
    const resume = sessionStorageResume("support");
    expect(resume.load()).toBeNull();
    resume.save(chat);
    expect([...stored.keys()]).toEqual(["support"]);
    expect(resume.load()).toEqual(chat);
    resume.save(null);
    expect(stored.size).toBe(0);
  });

  test.each([["not JSON"], ['"text"'], ["{}"]])("loads nothing from a value like %s", (text) => {
    stubStorage(() => storage);
    stored.set("amazon-connect-chat", text);
    expect(sessionStorageResume().load()).toBeNull();
  });

  test("neither throws nor stores anything if the browser blocks the storage or there is none", () => {
    const resume = sessionStorageResume();
    expect(() => resume.save(chat)).not.toThrow();
    const blocked = jest.fn(() => {
      throw new DOMException("blocked", "SecurityError");
    });
    stubStorage(blocked);
    resume.save(chat);
    expect(resume.load()).toBeNull();
    expect(blocked).toHaveBeenCalled();
  });
});
