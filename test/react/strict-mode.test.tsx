import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { sessionStorageResume, useChat, type Chat, type UseChatOptions } from "amazon-connect-chatjs/react";
import { StrictMode, useEffect, version, type ReactNode } from "react";
import { Page } from "./support/page";

/** Counts what a chat in StrictMode connects, opens, subscribes to and renders. */

let page: Page;
let chat: Chat;
/** The renders that were committed. In StrictMode, React calls the component twice for each. */
let commits = 0;

beforeEach(async () => {
  sessionStorage.clear();
  commits = 0;
  page = await Page.open();
});
afterEach(() => page.close());

const EVENTS = ["connectionStateChanged", "TRANSCRIPT_UPDATED", "INCOMING_TYPING"];

function Widget(options: UseChatOptions): ReactNode {
  const current = useChat(options);
  useEffect(() => {
    chat = current;
    commits += 1;
  });
  return (
    <ol>
      {current.messages.map((message) => (
        <li key={message.key}>{message.kind === "text" ? `${message.content} (${message.state})` : null}</li>
      ))}
    </ol>
  );
}

const widget = (options: Partial<UseChatOptions> = {}): ReactNode => (
  <StrictMode>
    <Widget start={page.start} {...options} />
  </StrictMode>
);

describe.each([
  ["autoStart", { autoStart: true }],
  ["a click", {}],
])(`React ${version}: a chat that is started by %s`, (_, options) => {
  test("connects once, opens one socket, and adds each handler once; unmounting releases everything", async () => {
    const root = await page.render(widget(options));
    void chat.start();
    await page.until(() => chat.status === "connected");
    expect(page.start).toHaveBeenCalledTimes(1);
    expect(page.counts).toMatchObject({ connects: 1, sockets: 1, openSockets: 1, sessions: 1 });
    expect(page.handlers).toEqual(EVENTS);

    await page.unmount(root);
    await page.until(() => page.counts.openSockets === 0);
    expect(page.counts).toEqual({ connects: 1, sockets: 1, openSockets: 0, sessions: 1, listeners: 0 });
    expect(page.sessions[0]?.connectionState).toBe("ended");
    const contact = page.simulator.contact(page.sessions[0]?.getChatDetails().contactId ?? "");
    expect(contact.transcript.map(({ ContentType }) => ContentType)).not.toContainEqual(
      expect.stringContaining("chat.ended"),
    );
  });
});

test("a message from the agent is one render, and events without a change are none", async () => {
  await page.render(widget({ autoStart: true }));
  await page.until(() => chat.status === "connected");
  const contact = page.simulator.contact(page.sessions[0]?.getChatDetails().contactId ?? "");
  contact.say("Good day", { role: "AGENT" });
  await page.until(() => page.text.includes("Good day"));
  const before = commits;
  contact.say("How are you?", { role: "AGENT" });
  await page.until(() => page.text.includes("How are you?"));
  expect(commits).toBe(before + 1);

  // The service also sends the customer's own typing events to the customer.
  chat.setTyping();
  await page.until(() => page.simulator.requests.at(-1)?.operation === "SendEvent");
  contact.say("Are you there?", { role: "AGENT" });
  await page.until(() => page.text.includes("Are you there?"));
  expect(commits).toBe(before + 2);
});

test("a parent's render with new options keeps the session, and the actions stay the same functions", async () => {
  const root = await page.render(widget({ autoStart: true }));
  await page.until(() => chat.status === "connected");
  const before = chat;
  await page.render(
    widget({ autoStart: true, start: () => page.start({ signal: AbortSignal.any([]) }) }),
    root,
  );
  expect({ ...chat, messages: [] }).toEqual({ ...before, messages: [] });
  expect(page.counts).toMatchObject({ connects: 1, sessions: 1 });
});

test("after a reload, the chat is resumed without the backend, and its messages are shown", async () => {
  const options = { resume: sessionStorageResume() };
  const root = await page.render(widget(options));
  await chat.start();
  await page.until(() => chat.status === "connected");
  await chat.send("Hello");
  await page.until(() => page.text.includes("Hello (sent)"));
  await page.unmount(root);

  await page.render(widget(options));
  await page.until(() => chat.status === "connected" && page.text.includes("Hello (sent)"));
  expect(page.start).toHaveBeenCalledTimes(1);
  expect(page.counts).toMatchObject({ connects: 2, openSockets: 1, sessions: 2 });

  await chat.end();
  await page.until(() => chat.status === "ended");
  expect(sessionStorage).toHaveLength(0);
});

test("a page that is hidden saves the chat at once", async () => {
  const resume = sessionStorageResume("hidden");
  await page.render(widget({ resume, autoStart: true }));
  await page.until(() => chat.status === "connected");
  const saved = sessionStorage.getItem("hidden");
  await chat.send("Hello");
  dispatchEvent(new Event("pagehide"));
  expect(sessionStorage.getItem("hidden")).not.toBe(saved);
});
