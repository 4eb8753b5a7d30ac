import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import { Composer } from "../composer/composer";
import type { ComposerState } from "../composer/use-composer";
import type { Conversation as ConversationState } from "../state/model";
import { ConversationHead } from "./conversation-head";
import { NewerChat } from "./newer-chat";
import { Transcript } from "./transcript";

/** The selected contact's transcript and the composer. Files can be dropped anywhere on this element. */
export const Conversation = ({
  contact,
  conversation,
  composer,
  newer,
  onSelect,
  onBack,
}: {
  contact: ContactSummary;
  conversation: ConversationState;
  composer: ComposerState;
  /** A newer chat with a customer of the same name. */
  newer: ContactSummary | undefined;
  onSelect: (contactId: string) => void;
  onBack: () => void;
}): JSX.Element => {
  const [isDropTarget, setDropTarget] = useState(false);
  const acceptsFiles = (event: DragEvent): boolean =>
    !contact.ended && (event.dataTransfer?.types.includes("Files") ?? false);
  return (
    <section
      aria-label={`Conversation with ${contact.displayName}`}
      class="conversation"
      data-drop={isDropTarget}
      onDragOver={(event) => {
        if (!acceptsFiles(event)) return;
        event.preventDefault();
        setDropTarget(true);
      }}
      onDragLeave={(event) => {
        if (event.target === event.currentTarget) setDropTarget(false);
      }}
      onDrop={(event) => {
        setDropTarget(false);
        if (!acceptsFiles(event)) return;
        event.preventDefault();
        composer.attach(contact, [...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <ConversationHead contact={contact} composer={composer} onBack={onBack} />
      {newer && <NewerChat newer={newer} onSelect={onSelect} />}
      <Transcript
        contact={contact}
        conversation={conversation}
        readsAutomatically={composer.readsAutomatically}
      />
      <Composer contact={contact} composer={composer} />
    </section>
  );
};
