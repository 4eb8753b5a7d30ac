import { describe, expect, test } from "@jest/globals";
import { inTheField, type FieldPage } from "./support/field-page";

const field = inTheField();

/** Starts recording the page's unhandled rejections. */
const watchRejections = (chat: FieldPage): Promise<void> =>
  chat.page.evaluate(() =>
    addEventListener("unhandledrejection", ({ reason }) =>
      window.field.events.push({ on: "unhandledrejection", data: String(reason) }),
    ),
  );

/** Waits long enough for the browser to report an unhandled rejection. */
const pause = (chat: FieldPage): Promise<unknown> =>
  chat.page.evaluate(() => new Promise((done) => setTimeout(done, 500)));

describe("C6: a session", () => {
  test.each(["dispose", "reset"] as const)(
    "causes no unhandledrejection if connect() isn't awaited and %s() is called in the same task",
    async (release) => {
      const chat = await field.open();
      await chat.create();
      await watchRejections(chat);
      await chat.page.evaluate((method) => {
        const { session } = window.field;
        void session.connect();
        void session.controller[method]();
      }, release);
      await pause(chat);
      expect(await chat.events("unhandledrejection")).toEqual([]);
    },
  );

  test("causes no unhandledrejection if it's disposed of while several calls are pending that aren't awaited", async () => {
    const chat = await field.open();
    await chat.connect();
    await watchRejections(chat);
    await chat.page.evaluate(() => {
      const { session } = window.field;
      const contentType = "application/vnd.amazonaws.connect.event.message.read";
      void session.sendMessage({ message: "one", contentType: "text/plain" });
      void session.sendMessage({ message: "two", contentType: "text/plain" });
      void session.sendEvent({ contentType, content: { messageId: "1" } });
      void session.getTranscript({});
      void session.sendAttachment({ attachment: new File(["x"], "x.txt", { type: "text/plain" }) });
      void session.describeView({ viewToken: "view" });
      void session.history().next();
      session.dispose();
    });
    await pause(chat);
    expect(await chat.events("unhandledrejection")).toEqual([]);
  });

  test("rejects a pending call that is awaited if the session is disposed of", async () => {
    const chat = await field.open();
    await chat.create();
    const outcome = await chat.page.evaluate(() =>
      window.field.settle(() => {
        const connected = window.field.session.connect();
        window.field.session.dispose();
        return connected;
      }),
    );
    expect(outcome).toMatchObject({ rejected: { message: expect.stringContaining("disposed") } });
  });

  test("causes an unhandledrejection if a call has an invalid argument, even if dispose() is called in the same task", async () => {
    const chat = await field.open();
    await chat.connect();
    await watchRejections(chat);
    await chat.page.evaluate(() => {
      const { session } = window.field;
      void session.resendMessage("unknown");
      session.dispose();
    });
    await chat.untilEvent("unhandledrejection");
    expect(await chat.events("unhandledrejection")).toEqual([expect.stringContaining("IllegalArgument")]);
  });

  test("causes an unhandledrejection if a call that isn't awaited fails before the session is released", async () => {
    const chat = await field.open();
    await chat.connect();
    await watchRejections(chat);
    chat.simulator.faults.failNext("GetTranscript", { status: 400 });
    await chat.page.evaluate(() => void window.field.session.getTranscript({}));
    await chat.untilEvent("unhandledrejection");
    expect(await chat.events("unhandledrejection")).toHaveLength(1);
  });
});

describe("C7: dispose() in pagehide", () => {
  const leave = (chat: FieldPage, persisted: boolean): Promise<void> =>
    chat.page.evaluate((isPersisted) => {
      addEventListener("pagehide", (event) => {
        if (!event.persisted) window.field.session.dispose();
      });
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: isPersisted }));
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: isPersisted }));
    }, persisted);

  test("doesn't affect the chat on a persisted page if the handler checks `persisted`, as the docs recommend", async () => {
    const chat = await field.open();
    await chat.connect();
    await leave(chat, true);
    expect(await chat.send("still here")).toHaveProperty("resolved");
  });

  test("makes later calls reject because the session was disposed of, not because the chat has ended", async () => {
    const chat = await field.open();
    await chat.connect();
    await leave(chat, false);
    const outcome = await chat.send("still here");
    expect(outcome).toMatchObject({ rejected: { message: expect.stringContaining("disposed") } });
    expect(outcome).not.toMatchObject({ rejected: { message: expect.stringContaining("ended") } });
  });
});

test("C8: history() rejects with InvalidResponse if a NextToken repeats", async () => {
  const chat = await field.open({
    before: () => {
      const fetch = window.fetch.bind(window);
      // Imitates a proxy that responds to every request with the first page and the same NextToken.
      window.fetch = async (input, init) => {
        const isPage = typeof input === "string" && input.endsWith("/participant/transcript");
        if (!isPage) return fetch(input, init);
        const query = JSON.parse(typeof init?.body === "string" ? init.body : "{}") as object;
        const response = await fetch(input, {
          ...init,
          body: JSON.stringify({ ...query, NextToken: undefined }),
        });
        const page = (await response.json()) as object;
        const { status, headers } = response;
        return new Response(JSON.stringify({ ...page, NextToken: "the same" }), { status, headers });
      };
    },
  });
  await chat.connect();
  chat.contact.say("hello");
  await chat.untilTexts("hello");
  const outcome = await chat.page.evaluate(() =>
    window.field.settle(async () => {
      for await (const item of window.field.session.history()) {
        window.field.events.push({ on: "item", data: item.Content });
        if (window.field.events.length > 100) return "without end";
      }
      return "over";
    }),
  );
  expect(outcome).toMatchObject({ rejected: { code: "InvalidResponse" } });
  expect((await chat.events("item")).filter((text) => text === "hello")).toHaveLength(1);
});

test("C20: a call after dispose() rejects because the session was disposed of, not because the chat has ended", async () => {
  const chat = await field.open();
  await chat.connect();
  await chat.page.evaluate(() => window.field.session.dispose());
  const outcome = await chat.send("too late");
  expect(outcome).toMatchObject({ rejected: { message: expect.stringContaining("disposed") } });
  expect(outcome).not.toMatchObject({ rejected: { message: expect.stringContaining("has ended") } });
});
