import type { JSX } from "preact";
import { DEMO_ADDRESS } from "../api/addresses";
import { CopyButton } from "../ui/copy-button";

/** Explains how to start a chat, while no contact is selected. */
export const EmptyState = ({
  endpoint,
  hasContacts,
}: {
  endpoint: string | null;
  hasContacts: boolean;
}): JSX.Element => (
  <section class="conversation empty" aria-label="Conversation">
    <div class="empty-card">
      {hasContacts ? (
        <>
          <h2>Select a contact</h2>
          <p>Read the chat, reply as the agent or the bot, and break the network.</p>
        </>
      ) : (
        <>
          <h2>Waiting for a chat</h2>
          <p>
            Start a chat in <a href={DEMO_ADDRESS}>the demo</a>, or point your page here:
          </p>
          {endpoint !== null && <Snippet endpoint={endpoint} />}
        </>
      )}
    </div>
  </section>
);

const Snippet = ({ endpoint }: { endpoint: string }): JSX.Element => {
  const code = codeFor(endpoint);
  return (
    <>
      <pre class="code-block" tabIndex={0} aria-label="Code to connect a page">
        {code}
      </pre>
      <CopyButton text={code} label="Copy the code">
        Copy
      </CopyButton>
    </>
  );
};

const codeFor = (endpoint: string): string => `connect.ChatSession.setGlobalConfig({
  endpoint: "${endpoint}",
});

// Instead of your backend's StartChatContact:
const response = await fetch("${endpoint}/start-chat", {
  method: "POST",
});
const session = connect.ChatSession.create({
  type: "CUSTOMER",
  chatDetails: await response.json(),
});
await session.connect();`;
