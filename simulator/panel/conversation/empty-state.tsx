import type { JSX } from "preact";
import { DEMO_ADDRESS } from "../api/addresses";
import { useSetting } from "../settings";
import { CopyButton } from "../ui/copy-button";
import { Tabs } from "../ui/tabs";
import { SNIPPET_KINDS, snippetFor } from "./snippets";

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
            Start a chat in <a href={DEMO_ADDRESS}>the demo</a>, or paste this into your page:
          </p>
          {endpoint !== null && <Snippet endpoint={endpoint} />}
        </>
      )}
    </div>
  </section>
);

const Snippet = ({ endpoint }: { endpoint: string }): JSX.Element => {
  const [kind, setKind] = useSetting("snippet", SNIPPET_KINDS, "npm");
  const code = snippetFor(kind, endpoint);
  return (
    <>
      <Tabs
        label="Your page"
        prefix="snippet"
        tabs={[
          ["npm", "npm"],
          ["script", "Script tag"],
        ]}
        chosen={kind}
        onChoose={setKind}
      >
        <pre class="code-block" tabIndex={0} aria-label="Code to connect a page">
          {code}
        </pre>
      </Tabs>
      <CopyButton text={code} label="Copy the code">
        Copy
      </CopyButton>
    </>
  );
};
