"use strict";

/**
 * Runs the shipped bundle as one of the devices in a chat. The device uses the simulator at one address. The arguments
 * are the address, the role and, for an agent, the contact's ID. Reports the contact's ID, the socket's origin, and
 * received messages and files.
 */
const { WebSocket } = require("ws");

const [address, role, contactId] = process.argv.slice(2);
const report = (message) => process.send(message);
const originOf = (url) => {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
};

globalThis.WebSocket = class extends WebSocket {
  constructor(url, ...rest) {
    super(url, ...rest);
    report({ socket: originOf(url) });
  }
};

const { ChatSession } = require("../../../dist/amazon-connect-chat.js");

async function post(path, body, bearer) {
  const response = await fetch(address + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...(bearer && { "x-amz-bearer": bearer }) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} failed with ${response.status}.`);
  return response.json();
}

async function joinChat() {
  if (role === "CUSTOMER") return post("/start-chat", { DisplayName: role });
  const agent = await post("/join-agent", { ContactId: contactId, DisplayName: role });
  return { ...agent, getConnectionToken: () => post("/agent/connection-token", {}, agent.participantToken) };
}

async function main() {
  ChatSession.setGlobalConfig({ endpoint: address, region: "us-west-2" });
  const chatDetails = await joinChat();
  const session = ChatSession.create({ type: role, chatDetails, disableCSM: true });
  session.onMessage(({ data }) => {
    if (data.ParticipantRole === role) return;
    report({ received: data.Content ?? data.Attachments[0].AttachmentName });
    if (data.Attachments?.[0]?.Status === "APPROVED") void download(session, data.Attachments[0]);
  });
  const established = new Promise((resolve) => session.once("connectionEstablished", resolve));
  await session.connect();
  await established;
  process.on("message", (command) => void run(session, command));
  report({ connected: chatDetails.ContactId ?? contactId });
}

async function download(session, { AttachmentId }) {
  const blob = await session.downloadAttachment({ attachmentId: AttachmentId });
  report({ downloaded: await blob.text() });
}

async function run(session, { say, attach, leave }) {
  if (say) await session.sendMessage({ message: say, contentType: "text/plain" });
  if (attach)
    await session.sendAttachment({ attachment: new File([attach], "note.txt", { type: "text/plain" }) });
  if (leave) {
    session.dispose();
    process.disconnect();
  }
}

void main();
