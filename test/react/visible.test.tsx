import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { useChat, type Chat } from "amazon-connect-chatjs/react";
import { StrictMode, useEffect, type ReactNode } from "react";
import { nextTask, Page } from "./support/page";

/** Read receipts for messages that the customer can see. jsdom has no layout, so the test reports what is in view. */

class FakeObserver {
  static readonly all: FakeObserver[] = [];
  readonly elements = new Set<Element>();
  readonly #callback: (entries: IntersectionObserverEntry[]) => void;

  constructor(callback: (entries: IntersectionObserverEntry[]) => void) {
    this.#callback = callback;
    FakeObserver.all.push(this);
  }

  observe(element: Element): void {
    this.elements.add(element);
  }

  unobserve(element: Element): void {
    this.elements.delete(element);
  }

  disconnect(): void {
    this.elements.clear();
  }

  /** Reports that `visible` of an element's 100 pixels are in view. */
  scroll(text: string, visible: number, height = 100): void {
    const target = [...this.elements].find(({ textContent }) => textContent === text);
    if (!target) throw new Error(`No observed element shows ${text}.`);
    const entry = {
      ...{
        target,
        isIntersecting: visible > 0,
        intersectionRatio: visible / height,
        time: 0,
        rootBounds: null,
      },
      intersectionRect: DOMRect.fromRect({ height: visible }),
      boundingClientRect: DOMRect.fromRect({ height }),
    };
    this.#callback([entry]);
  }
}

/** jsdom has no DOMRect. */
class Rect {
  readonly height: number;
  constructor(height: number) {
    this.height = height;
  }
  static fromRect({ height = 0 }: { height?: number }): Rect {
    return new Rect(height);
  }
}

let page: Page;
let chat: Chat;
let visibility: DocumentVisibilityState;

beforeEach(async () => {
  FakeObserver.all.length = 0;
  visibility = "visible";
  Object.assign(globalThis, { IntersectionObserver: FakeObserver, DOMRect: Rect });
  Object.defineProperty(document, "visibilityState", { get: () => visibility, configurable: true });
  page = await Page.open();
});
afterEach(async () => {
  await page.close();
  Reflect.deleteProperty(globalThis, "IntersectionObserver");
  Reflect.deleteProperty(document, "visibilityState");
});

function Log(): ReactNode {
  const current = useChat({ start: page.start, autoStart: true });
  useEffect(() => {
    chat = current;
  });
  return current.messages.map((message) => (
    <p key={message.key} ref={current.visibleRef(message)}>
      {message.kind === "text" ? message.content : ""}
    </p>
  ));
}

/** Renders the chat, and lets the agent say each text. */
async function openWith(...texts: readonly string[]) {
  const root = await page.render(
    <StrictMode>
      <Log />
    </StrictMode>,
  );
  await page.until(() => chat.status === "connected");
  const contact = page.simulator.contact(chat.session?.getChatDetails().contactId ?? "");
  for (const text of texts) contact.say(text, { role: "AGENT" });
  await page.until(() => texts.every((text) => page.text.includes(text)));
  return { root, contact };
}

/** The contents of the read receipts that the page has sent. */
const reads = (): string[] =>
  page.simulator.requests
    .filter(({ body }) => JSON.stringify(body).includes("message.read"))
    .map(({ body }) => JSON.stringify(body));
const idOf = (text: string): string =>
  chat.messages.find((each) => each.kind === "text" && each.content === text)?.id ?? "";
const observer = (): FakeObserver => {
  const [only, ...others] = FakeObserver.all.filter(({ elements }) => elements.size > 0);
  if (!only || others.length > 0) throw new Error("Not exactly one observer is in use.");
  return only;
};

test("a message is read when half of it is visible, and only once", async () => {
  await openWith("Hello");
  observer().scroll("Hello", 40);
  await nextTask();
  expect(reads()).toEqual([]);
  observer().scroll("Hello", 60);
  observer().scroll("Hello", 0);
  observer().scroll("Hello", 100);
  await page.until(() => reads().length > 0);
  await nextTask();
  expect(reads()).toEqual([expect.stringContaining(idOf("Hello"))]);
});

test("a message that is taller than its window is read when a part of it is visible", async () => {
  await openWith("Tall");
  observer().scroll("Tall", 96, 2_000);
  await page.until(() => reads().length === 1);
});

test("while the page is hidden, nothing is read; when it's shown, visible messages are", async () => {
  await openWith("Hello", "Gone");
  visibility = "hidden";
  observer().scroll("Hello", 100);
  observer().scroll("Gone", 100);
  observer().scroll("Gone", 0);
  await nextTask();
  expect(reads()).toEqual([]);
  visibility = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  await page.until(() => reads().length === 1);
  expect(reads()[0]).toContain(idOf("Hello"));
});

test("own messages and events are never observed, and unmounting releases the observer", async () => {
  const { root } = await openWith("Hello");
  await chat.send("Mine");
  await page.until(() => page.text.includes("Mine"));
  expect([...observer().elements].map(({ textContent }) => textContent)).toEqual(["Hello"]);
  const used = observer();
  await page.unmount(root);
  expect(used.elements.size).toBe(0);
  expect(page.counts.listeners).toBe(0);
});

test("without IntersectionObserver, nothing is read until markRead() is called", async () => {
  Reflect.deleteProperty(globalThis, "IntersectionObserver");
  await openWith("Hello");
  await nextTask();
  expect(reads()).toEqual([]);
  chat.markRead(idOf("Hello"));
  await page.until(() => reads().length === 1);
});
