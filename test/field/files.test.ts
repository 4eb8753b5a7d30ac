import { describe, expect, test } from "@jest/globals";
import { ENGINE } from "../browser/support/engines";
import { Firefox } from "../browser/support/engines/firefox";
import { FieldPage, inTheField, type Outcome } from "./support/field-page";

const field = inTheField();

const MB = 1024 * 1024;

interface Described {
  /** The content of the file, as text, or a number of zero bytes. */
  readonly content: string | number;
  /** Without a name it is a Blob. */
  readonly name?: string;
  readonly type: string;
}

/** Makes a file in the page, and sends it. */
function sendFile(its: FieldPage, file: Described): Promise<Outcome> {
  return its.page.evaluate(({ content, name, type }) => {
    const part = typeof content === "number" ? new Uint8Array(content) : content;
    const attachment = name === undefined ? new Blob([part], { type }) : new File([part], name, { type });
    return window.field.settle(() => window.field.session.sendAttachment({ attachment }));
  }, file);
}

/** What StartAttachmentUpload announced. */
const announced = (its: FieldPage): Record<string, unknown>[] =>
  its.simulator.requests
    .filter(({ operation }) => operation === "StartAttachmentUpload")
    .map(({ body: { AttachmentName, AttachmentSizeInBytes, ContentType } }) => ({
      AttachmentName,
      AttachmentSizeInBytes,
      ContentType,
    }));

/** The attachments that stand in the contact's transcript. */
const attached = (its: FieldPage): unknown[] =>
  its.contact.transcript.flatMap(({ Attachments = [] }) => Attachments.map((each) => each.AttachmentName));

describe("the instance decides which files it accepts", () => {
  test("A4: a file of 30 MB is uploaded to an instance that allows 100 MB", async () => {
    const its = await field.open({ simulator: { limits: { attachmentBytes: 100 * MB } } });
    await its.connect();
    const outcome = await sendFile(its, { content: 30 * MB, name: "film.mov", type: "video/quicktime" });
    expect(outcome).toMatchObject({ resolved: { data: {}, metadata: null } });
    expect(its.operations("StartAttachmentUpload", "CompleteAttachmentUpload")).toEqual([
      "StartAttachmentUpload",
      "CompleteAttachmentUpload",
    ]);
    expect(announced(its)).toEqual([
      { AttachmentName: "film.mov", AttachmentSizeInBytes: 30 * MB, ContentType: "video/quicktime" },
    ]);
    expect(attached(its)).toEqual(["film.mov"]);
  });

  test("A4: a file of 30 MB that the instance doesn't allow is refused by the service, not before", async () => {
    const its = await field.open();
    await its.connect();
    const outcome = await sendFile(its, { content: 30 * MB, name: "film.mov", type: "video/quicktime" });
    expect(outcome).toMatchObject({ rejected: { type: "ValidationException", statusCode: 400 } });
    expect(its.operations("StartAttachmentUpload", "CompleteAttachmentUpload")).toEqual([
      "StartAttachmentUpload",
    ]);
  });

  test("A4: a customChatClient is called with a file of 30 MB", async () => {
    const its = await field.open();
    const sizes = await its.page.evaluate(
      async ([chatDetails, bytes]) => {
        const received: number[] = [];
        const customChatClient = {
          async createParticipantConnection(token: string, Type: string[]) {
            const answer = await fetch("/participant/connection", {
              method: "POST",
              headers: { "x-amz-bearer": token, "content-type": "application/json" },
              body: JSON.stringify({ Type }),
            });
            return { data: (await answer.json()) as unknown };
          },
          sendAttachment: (_token: string, file: File) => {
            received.push(file.size);
            return Promise.resolve({ data: {} });
          },
        };
        const session = window.field.create({ chatDetails, options: { customChatClient } }, false);
        await window.field.settle(() => session.connect());
        const attachment = new File([new Uint8Array(bytes)], "film.mov", { type: "video/quicktime" });
        await window.field.settle(() => session.sendAttachment({ attachment }));
        return received;
      },
      [its.chatDetails, 30 * MB] as const,
    );
    expect(sizes).toEqual([30 * MB]);
  });
});

describe("files without a type or a name", () => {
  test("C12: a file of an unknown kind, without a type, is sent as application/octet-stream", async () => {
    const its = await field.open({ simulator: { limits: { attachmentExtensions: ["msg"] } } });
    await its.connect();
    const outcome = await sendFile(its, { content: "x", name: "mail.msg", type: "" });
    expect(announced(its)).toEqual([
      { AttachmentName: "mail.msg", AttachmentSizeInBytes: 1, ContentType: "application/octet-stream" },
    ]);
    expect(outcome).toMatchObject({ resolved: { data: {}, metadata: null } });
  });

  test("C24: a Blob without a name is sent as attachment, with the extension of its type", async () => {
    const its = await field.open();
    await its.connect();
    for (const type of ["text/csv", "image/jpeg; charset=binary"]) {
      expect(await sendFile(its, { content: "a,b", type })).toMatchObject({
        resolved: { data: {}, metadata: null },
      });
    }
    expect(announced(its)).toEqual([
      { AttachmentName: "attachment.csv", AttachmentSizeInBytes: 3, ContentType: "text/csv" },
      {
        AttachmentName: "attachment.jpg",
        AttachmentSizeInBytes: 3,
        ContentType: "image/jpeg; charset=binary",
      },
    ]);
    expect(attached(its)).toEqual(["attachment.csv", "attachment.jpg"]);
  });

  test("C24: data.csv without a type is sent as text/csv, a Blob of an unknown type as attachment", async () => {
    const its = await field.open();
    await its.connect();
    await sendFile(its, { content: "a,b", name: "data.csv", type: "" });
    await sendFile(its, { content: "a,b", type: "text/x-mine" });
    expect(announced(its)).toEqual([
      { AttachmentName: "data.csv", AttachmentSizeInBytes: 3, ContentType: "text/csv" },
      { AttachmentName: "attachment", AttachmentSizeInBytes: 3, ContentType: "text/x-mine" },
    ]);
    expect(attached(its)).toEqual(["data.csv"]);
  });

  test("C13: a picker's object without a size is refused with the field that is missing", async () => {
    const its = await field.open();
    await its.connect();
    const outcome = await its.call("sendAttachment", {
      attachment: { uri: "file:///a.txt", name: "a.txt", type: "text/plain" },
    });
    expect(outcome).toMatchObject({
      rejected: {
        code: "IllegalArgument",
        message: expect.stringMatching(/numeric `size`.*`fileSize`/) as unknown,
      },
    });
    expect(its.operations("StartAttachmentUpload")).toEqual([]);
  });
});

// No other engine parses what it was not asked to.
if (ENGINE === "firefox") {
  test("C22: an upload whose answer has no type leaves nothing in Firefox's console", async () => {
    const firefox = await Firefox.launch();
    const its = await FieldPage.open(firefox);
    try {
      await its.connect();
      const reported = await its.page.evaluate(async () => {
        const progress: unknown[] = [];
        const attachment = new File(["a,b"], "data.csv", { type: "text/csv" });
        const onProgress = (given: unknown): void => void progress.push(given);
        for (let run = 0; run < 5; run += 1)
          await window.field.session.sendAttachment({ attachment, onProgress });
        return progress;
      });
      expect(reported.length).toBeGreaterThanOrEqual(5);
      // A request with the default type, so that the console is known to be read.
      await its.page.evaluate(() =>
        new Promise((done) => {
          const control = new XMLHttpRequest();
          control.onloadend = done;
          control.open("GET", "/1.js?control");
          control.overrideMimeType("text/xml");
          control.send();
        }).then(() => undefined),
      );
      const complaints = async (): Promise<string[]> =>
        (await firefox.consoleMessages()).filter((message) => message.includes(its.simulator.url));
      await its.until(async () => (await complaints()).some((message) => message.includes("control")));
      expect(await complaints()).toEqual([expect.stringContaining("/1.js?control")]);
    } finally {
      await its.close();
      await firefox.close();
    }
  });
}
