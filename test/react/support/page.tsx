import { jest } from "@jest/globals";
import { ChatSession, type CustomerChatSession } from "amazon-connect-chatjs";
import { startSimulator, type Simulator } from "amazon-connect-chatjs/simulator";
import { type ReactNode } from "react";
import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import type { UseChatOptions } from "amazon-connect-chatjs/react";

const TIMEOUT_MS = 10_000;

/** The page's own listeners that the hooks add. */
const LISTENERS = ["pagehide", "visibilitychange"];

/** A page with React and the library, on a simulator. Counts what the hooks use. */
export class Page {
  readonly sessions: CustomerChatSession[] = [];
  /** The names of the events that the hooks have subscribed to, in order. */
  readonly handlers: string[] = [];
  readonly simulator: Simulator;
  readonly start = jest.fn<UseChatOptions["start"]>(() =>
    Promise.resolve(this.simulator.startChat({ displayName: "Alex" })),
  );
  readonly #roots: Root[] = [];
  readonly #restore: (() => void)[] = [];
  #listeners = 0;

  private constructor(simulator: Simulator) {
    this.simulator = simulator;
    ChatSession.setGlobalConfig({
      endpoint: simulator.url,
      features: { messageReceipts: { throttleTime: 20 } },
    });
    this.#spyOnSessions();
    for (const target of [window, document]) this.#spyOnListeners(target);
  }

  static async open(): Promise<Page> {
    return new Page(await startSimulator({ record: true }));
  }

  async close(): Promise<void> {
    for (const root of this.#roots) root.unmount();
    await nextTask();
    for (const restore of this.#restore) restore();
    document.body.replaceChildren();
    await this.simulator.close();
  }

  async render(element: ReactNode, root = this.createRoot()): Promise<Root> {
    // Otherwise, React may take a few tasks for the first render.
    flushSync(() => root.render(element));
    await nextTask();
    return root;
  }

  createRoot(): Root {
    const root = createRoot(document.body.appendChild(document.createElement("div")));
    this.#roots.push(root);
    return root;
  }

  async unmount(root: Root): Promise<void> {
    root.unmount();
    await nextTask();
  }

  /** Waits until a condition is met. React renders by itself, as on a page, so that the tests see its batching. */
  async until(isMet: () => boolean): Promise<void> {
    const until = Date.now() + TIMEOUT_MS;
    while (!isMet()) {
      if (Date.now() > until) throw new Error(`Timeout: ${String(isMet)}. The page: ${this.text}`);
      await nextTask();
    }
  }

  get text(): string {
    return document.body.textContent;
  }

  get counts(): Record<"connects" | "sockets" | "openSockets" | "sessions" | "listeners", number> {
    return {
      connects: this.simulator.requests.filter(({ operation }) => operation === "CreateParticipantConnection")
        .length,
      sockets: this.simulator.traffic?.sockets.length ?? 0,
      openSockets: this.simulator.sockets.length,
      sessions: this.sessions.length,
      listeners: this.#listeners,
    };
  }

  #spyOnSessions(): void {
    const { create } = ChatSession;
    const spy = (args: Parameters<typeof create>[0]): unknown => {
      const session = create({ ...args, type: "CUSTOMER", disableCSM: true });
      const subscribe = session.controller.subscribe.bind(session.controller);
      session.controller.subscribe = (name, ...rest) => {
        this.handlers.push(name);
        return subscribe(name, ...rest);
      };
      this.sessions.push(session);
      return session;
    };
    Object.assign(ChatSession, { create: spy });
    this.#restore.push(() => Object.assign(ChatSession, { create }));
  }

  #spyOnListeners(target: EventTarget): void {
    const addEventListener = target.addEventListener.bind(target);
    const removeEventListener = target.removeEventListener.bind(target);
    const add = jest.spyOn(target, "addEventListener");
    const remove = jest.spyOn(target, "removeEventListener");
    const active = new Set<unknown>();
    add.mockImplementation((...args) => {
      if (LISTENERS.includes(args[0]) && isOfHooks() && !active.has(args[1])) {
        active.add(args[1]);
        this.#listeners += 1;
      }
      addEventListener(...args);
    });
    remove.mockImplementation((...args) => {
      if (active.delete(args[1])) this.#listeners -= 1;
      removeEventListener(...args);
    });
    this.#restore.push(
      () => add.mockRestore(),
      () => remove.mockRestore(),
    );
  }
}

/** Whether the hooks are the caller, not the library, which adds listeners of these names itself. */
const isOfHooks = (): boolean => /\/react\/(saver|visible-messages)\.ts/.test(new Error().stack ?? "");

export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
