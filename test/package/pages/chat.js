/** A chat against the simulator that serves the page: the customer says hello, and the page shows what comes. */
export async function chat(ChatSession) {
  // Named exports are the global's own objects, in a bundle too.
  if (ChatSession !== connect.ChatSession) throw new Error("There are two libraries in this page.");
  ChatSession.setGlobalConfig({ endpoint: location.origin });
  const answer = await fetch("/start-chat", { method: "POST", body: "{}" });
  const session = ChatSession.create({
    type: "CUSTOMER",
    chatDetails: await answer.json(),
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
  // What is said before the socket has subscribed does not come back on it.
  await established;
  await session.sendMessage({ message: "Hello", contentType: "text/plain" });
}
