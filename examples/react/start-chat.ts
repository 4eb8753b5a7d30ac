import type { StartedChat } from "./use-chat";

/** Your own backend calls StartChatContact; the simulator has such a backend built in. */
export async function startChatContact(): Promise<StartedChat> {
  const response = await fetch("/start-chat", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ParticipantDetails: { DisplayName: "Alex" } }),
  });
  if (!response.ok) throw new Error(`The chat could not be started (${response.status}).`);
  // The backend is this page's own.
  return (await response.json()) as StartedChat;
}
