// The page's backend. In your application, this is your own server, which calls StartChatContact.

/** POSTs JSON and returns the JSON response. Throws an Error that contains the URL and the response. */
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
  if (!response.ok)
    throw new Error(`${url} responded with ${response.status}: ${text.slice(0, 200) || "no text"}`);
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${url} didn't respond with JSON.`, { cause: error });
  }
}

/** Starts a chat and returns the customer's chat details. Unwraps the response formats of common backends. */
export async function startChat(url, displayName) {
  const response = await post(url, { ParticipantDetails: { DisplayName: displayName } });
  const details = response.data?.startChatResult ?? response.startChatResult ?? response.data ?? response;
  if (!details.ContactId || !details.ParticipantToken) {
    throw new Error(`The response from ${url} has no ContactId or no ParticipantToken.`);
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
