import { describe, expect, test } from "@jest/globals";
import { inTheField, type FieldPage } from "./support/field-page";

const field = inTheField();

/** Collects the page's unhandled rejections from now on. */
const watchRejections = (its: FieldPage): Promise<void> =>
  its.page.evaluate(() =>
    addEventListener("unhandledrejection", ({ reason }) =>
      window.field.events.push({ on: "unhandledrejection", data: String(reason) }),
    ),
  );

/** Long enough for the browser to report an unhandled rejection. */
const aWhile = (its: FieldPage): Promise<unknown> =>
  its.page.evaluate(() => new Promise((done) => setTimeout(done, 500)));

describe("C6: a session is released while its calls are pending, and nothing awaits them", () => {
  test.each(["dispose", "reset"] as const)(
    "connect() and %s() in one task: no unhandledrejection",
    async (release) => {
      const its = await field.open();
      await its.create();
      await watchRejections(its);
      await its.page.evaluate((method) => {
        const { session } = window.field;
        void session.connect();
        void session.controller[method]();
      }, release);
      await aWhile(its);
      expect(await its.events("unhandledrejection")).toEqual([]);
    },
  );

  test("messages, events, transcripts and files, then dispose(): no unhandledrejection", async () => {
    const its = await field.open();
    await its.connect();
    await watchRejections(its);
    await its.page.evaluate(() => {
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
    await aWhile(its);
    expect(await its.events("unhandledrejection")).toEqual([]);
  });

  test("code that awaits the call still gets the rejection", async () => {
    const its = await field.open();
    await its.create();
    const outcome = await its.page.evaluate(() =>
      window.field.settle(() => {
        const connected = window.field.session.connect();
        window.field.session.dispose();
        return connected;
      }),
    );
    expect(outcome).toMatchObject({ rejected: { message: expect.stringContaining("disposed") } });
  });

  test("a call that could not be sent at all is reported, though dispose() follows in the same task", async () => {
    const its = await field.open();
    await its.connect();
    await watchRejections(its);
    await its.page.evaluate(() => {
      const { session } = window.field;
      void session.resendMessage("unknown");
      session.dispose();
    });
    await its.untilEvent("unhandledrejection");
    expect(await its.events("unhandledrejection")).toEqual([expect.stringContaining("IllegalArgument")]);
  });

  test("a call that fails for another reason is reported as ever", async () => {
    const its = await field.open();
    await its.connect();
    await watchRejections(its);
    its.simulator.faults.failNext("GetTranscript", { status: 400 });
    await its.page.evaluate(() => void window.field.session.getTranscript({}));
    await its.untilEvent("unhandledrejection");
    expect(await its.events("unhandledrejection")).toHaveLength(1);
  });
});

describe("C7: the page disposes of its session in pagehide", () => {
  const leave = (its: FieldPage, persisted: boolean): Promise<void> =>
    its.page.evaluate((isPersisted) => {
      addEventListener("pagehide", (event) => {
        if (!event.persisted) window.field.session.dispose();
      });
      dispatchEvent(new PageTransitionEvent("pagehide", { persisted: isPersisted }));
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: isPersisted }));
    }, persisted);

  test("as the docs say, unless the page is kept for Back: the chat goes on", async () => {
    const its = await field.open();
    await its.connect();
    await leave(its, true);
    expect(await its.send("still here")).toHaveProperty("resolved");
  });

  test("and the page lives on: errors say that the session was disposed of, not that the chat has ended", async () => {
    const its = await field.open();
    await its.connect();
    await leave(its, false);
    const outcome = await its.send("still here");
    expect(outcome).toMatchObject({ rejected: { message: expect.stringContaining("disposed") } });
    expect(outcome).not.toMatchObject({ rejected: { message: expect.stringContaining("ended") } });
  });
});

test("C8: history() rejects with InvalidResponse when a NextToken repeats", async () => {
  const its = await field.open({
    before: () => {
      const fetch = window.fetch.bind(window);
      // A proxy that answers every page with the first one, and always promises another.
      window.fetch = async (input, init) => {
        const isPage = typeof input === "string" && input.endsWith("/participant/transcript");
        if (!isPage) return fetch(input, init);
        const query = JSON.parse(typeof init?.body === "string" ? init.body : "{}") as object;
        const response = await fetch(input, {
          ...init,
          body: JSON.stringify({ ...query, NextToken: undefined }),
        });
        const answer = (await response.json()) as object;
        const { status, headers } = response;
        return new Response(JSON.stringify({ ...answer, NextToken: "the same" }), { status, headers });
      };
    },
  });
  await its.connect();
  its.contact.say("hello");
  await its.untilTexts("hello");
  const outcome = await its.page.evaluate(() =>
    window.field.settle(async () => {
      for await (const item of window.field.session.history()) {
        window.field.events.push({ on: "item", data: item.Content });
        if (window.field.events.length > 100) return "without end";
      }
      return "over";
    }),
  );
  expect(outcome).toMatchObject({ rejected: { code: "InvalidResponse" } });
  expect((await its.events("item")).filter((text) => text === "hello")).toHaveLength(1);
});

test("C20: a call after dispose() says that the session was disposed of, not that the chat has ended", async () => {
  const its = await field.open();
  await its.connect();
  await its.page.evaluate(() => window.field.session.dispose());
  const outcome = await its.send("too late");
  expect(outcome).toMatchObject({ rejected: { message: expect.stringContaining("disposed") } });
  expect(outcome).not.toMatchObject({ rejected: { message: expect.stringContaining("has ended") } });
});
