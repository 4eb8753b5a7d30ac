import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  useChat,
  useChatSelector,
  useChatStore,
  type Chat,
  type ChatState,
  type ChatStore,
} from "amazon-connect-chatjs/react";
import { StrictMode, Suspense, useEffect, useState, type ReactNode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { nextTask, Page } from "./support/page";

/** When components render: selectors, server-side rendering and Suspense. */

let page: Page;
beforeEach(async () => {
  page = await Page.open();
});
afterEach(() => page.close());

const contact = () => page.simulator.contact(page.sessions[0]?.getChatDetails().contactId ?? "");

describe("useChatSelector()", () => {
  let store: ChatStore;
  let renders: Record<string, number>;
  beforeEach(() => {
    renders = {};
  });

  const isSameList = (before: readonly string[], after: readonly string[]): boolean =>
    before.length === after.length && before.every((each, index) => each === after[index]);

  function Owner({ children }: { children: (store: ChatStore) => ReactNode }): ReactNode {
    const owned = useChatStore({ start: page.start, autoStart: true });
    useEffect(() => {
      store = owned;
      renders["owner"] = (renders["owner"] ?? 0) + 1;
    });
    return children(owned);
  }

  function Selected({
    name,
    select,
    from,
  }: {
    name: string;
    from: ChatStore;
    select: (state: ChatState) => readonly string[];
  }): ReactNode {
    // The selector is another function on each render, and returns another array each time.
    const list = useChatSelector(from, (state) => select(state), isSameList);
    useEffect(() => {
      renders[name] = (renders[name] ?? 0) + 1;
    });
    return <p>{`${name}: ${list.join(", ")}`}</p>;
  }

  test("renders a component only when its part changes, and never the component that owns the store", async () => {
    await page.render(
      <Owner>
        {(from) => (
          <>
            <Selected name="status" from={from} select={({ status }) => [status]} />
            <Selected
              name="texts"
              from={from}
              select={({ messages }) =>
                messages.flatMap((each) => (each.kind === "text" ? each.content : []))
              }
            />
          </>
        )}
      </Owner>,
    );
    await page.until(() => page.text.includes("status: connected"));
    const before = { ...renders };
    contact().say("One", { role: "AGENT" });
    await page.until(() => page.text.includes("texts: One"));
    contact().say("Two", { role: "AGENT" });
    await page.until(() => page.text.includes("texts: One, Two"));
    expect(renders).toEqual({ ...before, texts: (before["texts"] ?? 0) + 2 });
    expect(renders["owner"]).toBe(1);
  });

  test("keeps an equal value's identity when the parent renders", async () => {
    const values = new Set<unknown>();
    let rerender: () => void = () => undefined;
    function Kinds({ from }: { from: ChatStore }): ReactNode {
      const [, setCount] = useState(0);
      rerender = () => setCount((count) => count + 1);
      values.add(useChatSelector(from, ({ messages }) => messages.map(({ kind }) => kind), isSameList));
      return null;
    }
    await page.render(<Owner>{(from) => <Kinds from={from} />}</Owner>);
    await page.until(() => store.getState().messages.length === 1);
    await nextTask();
    const { size } = values;
    for (let count = 0; count < 3; count += 1) {
      rerender();
      await nextTask();
    }
    expect(values.size).toBe(size);
  });
});

describe("on a server", () => {
  function Status(): ReactNode {
    const { status, store } = useChat({ start: page.start, autoStart: true });
    const count = useChatSelector(store, ({ messages }) => messages.length);
    return <p>{`${status}, ${count}`}</p>;
  }
  const element = (
    <StrictMode>
      <Status />
    </StrictMode>
  );

  test("the hooks render an idle chat and start nothing", async () => {
    expect(renderToString(element)).toContain("idle, 0");
    await nextTask();
    expect(page.start).not.toHaveBeenCalled();
    expect(page.counts).toMatchObject({ sessions: 0, listeners: 0 });
  });

  test("the browser hydrates the page without a mismatch, and then starts one chat", async () => {
    const container = document.body.appendChild(document.createElement("div"));
    container.innerHTML = renderToString(element);
    const errors: unknown[] = [];
    const root = hydrateRoot(container, element, { onRecoverableError: (error) => errors.push(error) });
    await page.until(() => page.text.includes("connected"));
    expect(errors).toEqual([]);
    expect(page.counts).toMatchObject({ connects: 1, sessions: 1 });
    await page.unmount(root);
  });
});

describe("under Suspense", () => {
  test("a component that suspends before it mounts starts nothing; then it starts one chat, and keeps it", async () => {
    const sessions = new Set<Chat["session"]>();
    let resolve: () => void = () => undefined;
    let isWaiting = true;
    const ready = new Promise<void>((onReady) => {
      resolve = () => {
        isWaiting = false;
        onReady();
      };
    });
    function Slow(): ReactNode {
      const current = useChat({ start: page.start, autoStart: true });
      useEffect(() => {
        if (current.session) sessions.add(current.session);
      });
      // React's contract: a component that waits throws a promise.
      // eslint-disable-next-line @typescript-eslint/only-throw-error
      if (isWaiting) throw ready;
      return <p>{current.status}</p>;
    }
    const element = (
      <StrictMode>
        <Suspense fallback={<p>waiting</p>}>
          <Slow />
        </Suspense>
      </StrictMode>
    );
    const root = await page.render(element);
    expect(page.text).toBe("waiting");
    expect(page.start).not.toHaveBeenCalled();
    resolve();
    await page.until(() => page.text === "connected");
    expect(page.counts).toMatchObject({ connects: 1, sockets: 1, sessions: 1 });

    isWaiting = true;
    await page.render(element, root);
    isWaiting = false;
    await page.render(element, root);
    await nextTask();
    expect(page.text).toBe("connected");
    expect(sessions.size).toBe(1);
    expect(page.counts).toMatchObject({ connects: 1, openSockets: 1 });
  });
});
