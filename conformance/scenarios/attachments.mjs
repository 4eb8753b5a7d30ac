import { scenario } from "../page.mjs";

const MB = 1024 * 1024;
const text = (name = "note.txt") => new File(["some text"], name, { type: "text/plain" });

scenario("sendAttachment", async (t) => {
  const { session } = await t.connected();
  await t.exchange("success", () => session.sendAttachment({ attachment: text(), metadata: { m: 1 } }));
  await t.events("events", { count: 1 });
  await t.exchange("without metadata", () => session.sendAttachment({ attachment: text("two.txt") }));
  const pdf = new File(["%PDF"], "a b ü.pdf", { type: "application/pdf" });
  await t.exchange("a PDF with a non-ASCII name", () => session.sendAttachment({ attachment: pdf }));
  const untyped = new File(["x"], "no-type.bin");
  await t.exchange("no type", () => session.sendAttachment({ attachment: untyped, metadata: "m" }));
  const csv = new File(["a,b"], "data.csv");
  await t.exchange("no type but a known extension", () =>
    session.sendAttachment({ attachment: csv, metadata: "m" }),
  );
  const nameless = new Blob(["a,b"], { type: "text/csv" });
  await t.exchange("a Blob without a name", () =>
    session.sendAttachment({ attachment: nameless, metadata: "m" }),
  );
  const program = new File(["x"], "setup.exe", { type: "application/octet-stream" });
  await t.exchange("an extension that the instance doesn't allow", () =>
    session.sendAttachment({ attachment: program, metadata: "m" }),
  );
});

scenario("sendAttachment: 30 MB", async (t) => {
  const { session } = await t.connected();
  const large = new File([new Uint8Array(30 * MB)], "large.mov", { type: "video/quicktime" });
  await t.exchange("outcome", () => session.sendAttachment({ attachment: large, metadata: "m" }), 40_000);
  await t.events("events", { count: 1 });
});

scenario("sendAttachment: invalid arguments", async (t) => {
  const { session } = await t.connected();
  const send = (key, args) => t.exchange(key, () => session.sendAttachment(args), 6_000);
  await send("no arguments", undefined);
  await send("no attachment", { metadata: "m" });
  await send("attachment is a string", { attachment: "note.txt", metadata: "m" });
  await send("an empty file", {
    attachment: new File([], "empty.txt", { type: "text/plain" }),
    metadata: "m",
  });
  await send("a picker object without a size", {
    attachment: { uri: "file:///a.txt", name: "a.txt", type: "text/plain" },
    metadata: "m",
  });
  const tooLarge = new File([new Uint8Array(33 * MB)], "large.txt", { type: "text/plain" });
  await send("larger than the instance allows", { attachment: tooLarge, metadata: "m" });
});

scenario("sendAttachment: failures", async (t) => {
  const { session } = await t.connected();
  const send = (key) =>
    t.exchange(key, () => session.sendAttachment({ attachment: text(), metadata: "m" }), 20_000);
  await t.sim("failNext", "StartAttachmentUpload", { status: 400, message: "Not this type" });
  await send("StartAttachmentUpload refused");
  await t.sim("failNext", "StartAttachmentUpload", { status: 402, message: "Too many" });
  await send("quota exceeded");
  await t.sim("failNextStorage", "put", { status: 403 });
  await send("refused by storage");
  await t.sim("failNext", "CompleteAttachmentUpload", { status: 409, message: "Conflict" });
  await send("CompleteAttachmentUpload refused");
});

async function withAttachment(t) {
  const customer = await t.connected();
  await customer.session.sendAttachment({ attachment: text() });
  await t.until(async () =>
    (await t.sim("transcript", customer.contactId)).some(({ Type }) => Type === "ATTACHMENT"),
  );
  const item = (await t.sim("transcript", customer.contactId)).find(({ Type }) => Type === "ATTACHMENT");
  await t.sim("takeRequests");
  return { ...customer, attachmentId: item.Attachments[0].AttachmentId };
}

scenario("downloadAttachment", async (t) => {
  const { session, attachmentId } = await withAttachment(t);
  await t.exchange("success", () => session.downloadAttachment({ attachmentId, metadata: { m: 1 } }));
  await t.exchange("without metadata", () => session.downloadAttachment({ attachmentId }));
  const blob = await session.downloadAttachment({ attachmentId });
  t.observe("the text of the file", await blob.text());
  await t.sim("takeRequests");
  const get = (key, args) => t.exchange(key, () => session.downloadAttachment(args), 20_000);
  await get("no arguments", undefined);
  await get("no attachmentId", { metadata: "m" });
  await get("attachmentId is a number", { attachmentId: 7, metadata: "m" });
  await get("attachmentId is empty", { attachmentId: "", metadata: "m" });
  await get("an unknown attachmentId", { attachmentId: "unknown", metadata: "m" });
  await t.sim("failNext", "GetAttachment", { status: 403, message: "Not today", times: 20 });
  await get("refused with 403", { attachmentId, metadata: "m" });
  await t.sim("clearFaults");
  await t.sim("failNextStorage", "get", { status: 403 });
  await get("refused by storage", { attachmentId, metadata: "m" });
});

scenario("getAttachmentURL", async (t) => {
  const { session, attachmentId } = await withAttachment(t);
  const url = await t.outcome(() => session.getAttachmentURL({ attachmentId }));
  t.observe("success", {
    ...url,
    resolved: String(url.resolved).replace(/=.*/, "=<signature>").replace(attachmentId, "<attachment>"),
  });
  t.observe("type of the result", typeof url.resolved);
  await t.requests("requests");
  await t.exchange("no attachmentId", () => session.getAttachmentURL({ metadata: "m" }));
  await t.exchange("attachmentId is empty", () =>
    session.getAttachmentURL({ attachmentId: "", metadata: "m" }),
  );
  await t.exchange("an unknown attachmentId", () =>
    session.getAttachmentURL({ attachmentId: "unknown", metadata: "m" }),
  );
  await t.sim("failNext", "GetAttachment", { status: 403, message: "Not today", times: 20 });
  await t.exchange("refused with 403", () => session.getAttachmentURL({ attachmentId, metadata: "m" }));
});
