// A customer's page for the panel's tests, which uses the library as an application does. It shows messages, has
// buttons for list pickers and quick replies, sends and downloads files, and can leave the chat.
"use strict";

const byId = (id) => document.getElementById(id);
const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";

connect.ChatSession.setGlobalConfig({ region: "us-west-2", endpoint: location.origin });

async function main() {
  const name = new URLSearchParams(location.search).get("name") ?? "Maria Jensen";
  const response = await fetch("/start-chat", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ DisplayName: name }),
  });
  const session = connect.ChatSession.create({
    type: "CUSTOMER",
    chatDetails: await response.json(),
    disableCSM: true,
  });
  const say = (message) => session.sendMessage({ contentType: "text/plain", message });
  session.onConnectionStateChanged(({ data }) => (byId("status").textContent = data.newState));
  session.onEnded(() => (byId("status").textContent = "ended"));
  session.onTranscriptUpdated(({ data }) =>
    byId("messages").replaceChildren(...data.transcript.map((item) => lineOf(item, session, say))),
  );
  await session.connect();
  byId("form").addEventListener("submit", (event) => {
    event.preventDefault();
    void say(byId("text").value);
    byId("text").value = "";
  });
  byId("text").addEventListener(
    "input",
    () => void session.sendEvent({ contentType: "application/vnd.amazonaws.connect.event.typing" }),
  );
  byId("file").addEventListener(
    "change",
    () => void session.sendAttachment({ attachment: byId("file").files[0] }),
  );
  byId("leave").addEventListener("click", () => void session.disconnectParticipant());
}

function lineOf(item, session, say) {
  const line = document.createElement("li");
  const { Attachments, ContentType, Content = "" } = item;
  if (item.Type === "EVENT") line.textContent = ContentType.split(".event.")[1];
  else if (Attachments) line.append(...Attachments.map((file) => fileButton(file, session)));
  else if (ContentType === INTERACTIVE) line.append(...choicesOf(JSON.parse(Content), say));
  else line.textContent = Content;
  return line;
}

function fileButton({ AttachmentId, AttachmentName }, session) {
  const button = document.createElement("button");
  button.textContent = AttachmentName;
  button.addEventListener("click", async () => {
    const file = await session.downloadAttachment({ attachmentId: AttachmentId });
    button.textContent = `${AttachmentName}: ${await file.text()}`;
  });
  return button;
}

function choicesOf({ data: { content } }, say) {
  const buttons = (content.elements ?? []).map(({ title }) => {
    const button = document.createElement("button");
    button.textContent = title;
    button.addEventListener("click", () => void say(title));
    return button;
  });
  return [content.title, ...buttons];
}

void main();
