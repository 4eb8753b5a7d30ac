import { describe, expect, test } from "@jest/globals";
import { ENGINE } from "../browser/support/engines";
import { Firefox } from "../browser/support/engines/firefox";
import { FieldPage, inTheField, type Outcome } from "./support/field-page";

const field = inTheField();

const MB = 1024 * 1024;

interface FileDescription {
  /** The file's text, or the number of zero bytes in the file. */
  readonly content: string | number;
  /** If there's no name, the file is sent as a Blob. */
  readonly name?: string;
  readonly type: string;
}

/** Creates a file in the page and sends it. */
function sendFile(chat: FieldPage, file: FileDescription): Promise<Outcome> {
  return chat.page.evaluate(({ content, name, type }) => {
    const part = typeof content === "number" ? new Uint8Array(content) : content;
    const attachment = name === undefined ? new Blob([part], { type }) : new File([part], name, { type });
    return window.field.settle(() => window.field.session.sendAttachment({ attachment }));
  }, file);
}

/** The files announced by StartAttachmentUpload. */
const announcedFiles = (chat: FieldPage): Record<string, unknown>[] =>
  chat.simulator.requests
    .filter(({ operation }) => operation === "StartAttachmentUpload")
    .map(({ body: { AttachmentName, AttachmentSizeInBytes, ContentType } }) => ({
      AttachmentName,
      AttachmentSizeInBytes,
      ContentType,
    }));

/** The names of the attachments in the contact's transcript. */
const attachmentNames = (chat: FieldPage): unknown[] =>
  chat.contact.transcript.flatMap(({ Attachments = [] }) => Attachments.map((each) => each.AttachmentName));

describe("the instance decides which files it accepts", () => {
  test("A4: a 30 MB file is uploaded if the instance allows 100 MB", async () => {
    const chat = await field.open({ simulator: { limits: { attachmentBytes: 100 * MB } } });
    await chat.connect();
    const outcome = await sendFile(chat, { content: 30 * MB, name: "film.mov", type: "video/quicktime" });
    expect(outcome).toMatchObject({ resolved: { data: {}, metadata: null } });
    expect(chat.operations("StartAttachmentUpload", "CompleteAttachmentUpload")).toEqual([
      "StartAttachmentUpload",
      "CompleteAttachmentUpload",
    ]);
    expect(announcedFiles(chat)).toEqual([
      { AttachmentName: "film.mov", AttachmentSizeInBytes: 30 * MB, ContentType: "video/quicktime" },
    ]);
    expect(attachmentNames(chat)).toEqual(["film.mov"]);
  });

  test("A4: a 30 MB file that the instance doesn't allow is rejected by the service, not the library", async () => {
    const chat = await field.open();
    await chat.connect();
    const outcome = await sendFile(chat, { content: 30 * MB, name: "film.mov", type: "video/quicktime" });
    expect(outcome).toMatchObject({ rejected: { type: "ValidationException", statusCode: 400 } });
    expect(chat.operations("StartAttachmentUpload", "CompleteAttachmentUpload")).toEqual([
      "StartAttachmentUpload",
    ]);
  });

  test("A4: a 30 MB file is passed to a customChatClient", async () => {
    const chat = await field.open();
    const sizes = await chat.page.evaluate(
      async ([chatDetails, bytes]) => {
        const received: number[] = [];
        const customChatClient = {
          async createParticipantConnection(token: string, Type: string[]) {
            const response = await fetch("/participant/connection", {
              method: "POST",
              headers: { "x-amz-bearer": token, "content-type": "application/json" },
              body: JSON.stringify({ Type }),
            });
            return { data: (await response.json()) as unknown };
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
      [chat.chatDetails, 30 * MB] as const,
    );
    expect(sizes).toEqual([30 * MB]);
  });
});

describe("files without a type or a name", () => {
  test("C12: a file without a type and with an unknown extension is sent as application/octet-stream", async () => {
    const chat = await field.open({ simulator: { limits: { attachmentExtensions: ["msg"] } } });
    await chat.connect();
    const outcome = await sendFile(chat, { content: "x", name: "mail.msg", type: "" });
    expect(announcedFiles(chat)).toEqual([
      { AttachmentName: "mail.msg", AttachmentSizeInBytes: 1, ContentType: "application/octet-stream" },
    ]);
    expect(outcome).toMatchObject({ resolved: { data: {}, metadata: null } });
  });

  test('C24: a Blob without a name is sent as "attachment" with its type\'s extension', async () => {
    const chat = await field.open();
    await chat.connect();
    for (const type of ["text/csv", "image/jpeg; charset=binary"]) {
      expect(await sendFile(chat, { content: "a,b", type })).toMatchObject({
        resolved: { data: {}, metadata: null },
      });
    }
    expect(announcedFiles(chat)).toEqual([
      { AttachmentName: "attachment.csv", AttachmentSizeInBytes: 3, ContentType: "text/csv" },
      {
        AttachmentName: "attachment.jpg",
        AttachmentSizeInBytes: 3,
        ContentType: "image/jpeg; charset=binary",
      },
    ]);
    expect(attachmentNames(chat)).toEqual(["attachment.csv", "attachment.jpg"]);
  });

  test('C24: data.csv without a type is sent as text/csv, and a Blob with an unknown type is named "attachment"', async () => {
    const chat = await field.open();
    await chat.connect();
    await sendFile(chat, { content: "a,b", name: "data.csv", type: "" });
    await sendFile(chat, { content: "a,b", type: "text/x-mine" });
    expect(announcedFiles(chat)).toEqual([
      { AttachmentName: "data.csv", AttachmentSizeInBytes: 3, ContentType: "text/csv" },
      { AttachmentName: "attachment", AttachmentSizeInBytes: 3, ContentType: "text/x-mine" },
    ]);
    expect(attachmentNames(chat)).toEqual(["data.csv"]);
  });

  test("C13: a picker's object without a size is rejected with an error that names the missing field", async () => {
    const chat = await field.open();
    await chat.connect();
    const outcome = await chat.call("sendAttachment", {
      attachment: { uri: "file:///a.txt", name: "a.txt", type: "text/plain" },
    });
    expect(outcome).toMatchObject({
      rejected: {
        code: "IllegalArgument",
        message: expect.stringMatching(/numeric `size`.*`fileSize`/) as unknown,
      },
    });
    expect(chat.operations("StartAttachmentUpload")).toEqual([]);
  });
});

// Only Firefox parses responses without a content type as XML.
if (ENGINE === "firefox") {
  test("C22: uploads whose responses have no content type don't log anything to Firefox's console", async () => {
    const firefox = await Firefox.launch();
    const chat = await FieldPage.open(firefox);
    try {
      await chat.connect();
      const reported = await chat.page.evaluate(async () => {
        const progress: unknown[] = [];
        const attachment = new File(["a,b"], "data.csv", { type: "text/csv" });
        const onProgress = (event: unknown): void => void progress.push(event);
        for (let run = 0; run < 5; run += 1)
          await window.field.session.sendAttachment({ attachment, onProgress });
        return progress;
      });
      expect(reported.length).toBeGreaterThanOrEqual(5);
      // This control request causes a console message, which proves that the test reads the console.
      await chat.page.evaluate(() =>
        new Promise((done) => {
          const control = new XMLHttpRequest();
          control.onloadend = done;
          control.open("GET", "/1.js?control");
          control.overrideMimeType("text/xml");
          control.send();
        }).then(() => undefined),
      );
      const messages = async (): Promise<string[]> =>
        (await firefox.consoleMessages()).filter((message) => message.includes(chat.simulator.url));
      await chat.until(async () => (await messages()).some((message) => message.includes("control")));
      expect(await messages()).toEqual([expect.stringContaining("/1.js?control")]);
    } finally {
      await chat.close();
      await firefox.close();
    }
  });
}
