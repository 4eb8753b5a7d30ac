import type { StartChatContactAnswer } from "amazon-connect-chatjs";

/** In production, your backend calls StartChatContact. The simulator has such a backend built in. */
export async function startChatContact(): Promise<StartChatContactAnswer> {
  const response = await fetch("/start-chat", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ParticipantDetails: { DisplayName: "Alex" } }),
  });
  if (!response.ok) throw new Error(`The chat couldn't be started (${response.status}).`);
  // No validation: the page trusts its own backend.
  return (await response.json()) as StartChatContactAnswer;
}
