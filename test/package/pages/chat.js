/** Chats with the simulator that serves the page. The customer says hello, and the page shows incoming messages. */
export async function chat(ChatSession) {
  // Named exports must be the global's own objects, even in a bundle.
  if (ChatSession !== connect.ChatSession) throw new Error("The page has two copies of the library.");
  ChatSession.setGlobalConfig({ endpoint: location.origin });
  const response = await fetch("/start-chat", { method: "POST", body: "{}" });
  const session = ChatSession.create({
    type: "CUSTOMER",
    chatDetails: await response.json(),
    disableCSM: true,
  });
  session.onMessage(({ data: { ParticipantRole, Content } }) => {
    if (!Content) return;
    const line = document.createElement("p");
    line.textContent = `${ParticipantRole}: ${Content}`;
    document.body.append(line);
  });
  const established = new Promise((resolve) => session.onConnectionEstablished(resolve));
  await session.connect();
  // A message sent before the socket has subscribed isn't echoed back.
  await established;
  await session.sendMessage({ message: "Hello", contentType: "text/plain" });
}
