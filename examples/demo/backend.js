// The page's backend. In your application, this is your own server, which calls StartChatContact.

/** POSTs JSON and returns the JSON answer. Throws an Error that names the URL and its answer. */
async function post(url, body, headers = {}) {
  let response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  } catch (error) {
    throw new Error(`${url} can't be reached: ${error.message}`, { cause: error });
  }
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 200) || "no text"}`);
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${url} didn't answer with JSON.`, { cause: error });
  }
}

/** Starts a chat and returns the customer's chat details. Unwraps the answer formats of common backends. */
export async function startChat(url, displayName) {
  const answer = await post(url, { ParticipantDetails: { DisplayName: displayName } });
  const details = answer.data?.startChatResult ?? answer.startChatResult ?? answer.data ?? answer;
  if (!details.ContactId || !details.ParticipantToken) {
    throw new Error(`${url} answered without a ContactId and a ParticipantToken.`);
  }
  return details;
}

export const joinAgent = (contactId, displayName) =>
  post("join-agent", { ContactId: contactId, DisplayName: displayName });

export const agentConnectionToken = ({ contactId, participantId, participantToken }) =>
  post(
    "agent/connection-token",
    { ContactId: contactId, ParticipantId: participantId },
    { "X-Amz-Bearer": participantToken },
  );
