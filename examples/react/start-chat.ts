import type { StartChatContactAnswer } from "amazon-connect-chatjs";

/** Starts a chat. In production, your backend calls StartChatContact. The simulator includes such a backend. */
export async function startChatContact(): Promise<StartChatContactAnswer> {
  const response = await fetch("/start-chat", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ParticipantDetails: { DisplayName: "Alex" } }),
  });
  if (!response.ok) throw new Error(`The chat couldn't be started (${response.status}).`);
  // The page trusts its own backend, so it doesn't validate the response.
  return (await response.json()) as StartChatContactAnswer;
}
