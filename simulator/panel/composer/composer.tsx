import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import { usePanel } from "../panel-context";
import { participantOf, PERSONAS, personaInfo } from "../state/personas";
import { TemplateDialog } from "../templates/template-dialog";
import { Segments } from "../ui/fields";
import { Icon } from "../ui/icon";
import { AttachButton } from "./attach-button";
import type { Mode } from "./outbox";
import { SpeakerName } from "./speaker-name";
import type { ComposerState } from "./use-composer";

const MODES = [
  ["text", "Text"],
  ["markdown", "Markdown"],
  ["stream", "Streamed"],
] as const;

/** The form for writing as the agent, the bot, the supervisor or a second agent. */
export const Composer = ({
  contact,
  composer,
}: {
  contact: ContactSummary;
  composer: ComposerState;
}): JSX.Element => {
  const panel = usePanel();
  const { persona, name, outbox, field, drafts } = composer;
  const { contactId, ended, participants } = contact;
  const [text, setText] = useState(drafts.get(contactId) ?? "");
  const [chosenMode, setMode] = useState<Mode>("text");
  // Only bots stream their answers.
  const mode = chosenMode === "stream" && persona !== "bot" ? "text" : chosenMode;
  const { joins, label } = personaInfo(persona);
  const isPresent = !joins || participantOf(persona, participants) !== undefined;

  if (ended) return <p class="composer-ended">This chat has ended. Its transcript and traffic stay here.</p>;

  const send = async (): Promise<void> => {
    if (text.trim() === "") return;
    setText("");
    drafts.delete(contactId);
    const isSent = await outbox.sendText(contactId, text, mode, persona, name);
    // Restores an unsent text unless the user has begun to write something else.
    if (!isSent) setText((current) => (current === "" ? text : current));
  };
  return (
    <form
      class="composer"
      aria-label="Write a message"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="composer-row">
        <Segments
          label="Speak as"
          value={persona}
          choices={PERSONAS.map((each) => [each.id, each.label] as const)}
          onValue={composer.setPersona}
        />
        <SpeakerName contact={contact} composer={composer} />
        {!isPresent && (
          <button
            type="button"
            class="text-button"
            onClick={() => void panel.run(() => panel.joined(contactId, persona, name))}
          >
            Join now
          </button>
        )}
      </div>
      <textarea
        ref={field}
        rows={2}
        aria-label="Message"
        placeholder={placeholder(mode, name || label, isPresent)}
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value);
          drafts.set(contactId, currentTarget.value);
          if (currentTarget.value !== "") outbox.typing(contact, persona);
        }}
        onKeyDown={(event) => {
          // While composing, Enter only confirms an input method's suggestion.
          if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void send();
        }}
        onPaste={(event) => {
          const files = [...(event.clipboardData?.files ?? [])];
          if (files.length === 0) return;
          event.preventDefault();
          composer.attach(contact, files);
        }}
      />
      <div class="composer-row">
        <AttachButton onFiles={(files) => composer.attach(contact, files)} />
        <button type="button" class="button quiet" onClick={() => composer.setTemplatesOpen(true)}>
          <Icon name="template" />
          Template
        </button>
        <Segments
          label="Send as"
          value={mode}
          choices={MODES}
          onValue={(next) => {
            if (next === "stream") composer.setPersona("bot");
            setMode(next);
          }}
        />
        <button type="submit" class="button primary send" disabled={text.trim() === ""}>
          <Icon name="send" />
          Send
        </button>
      </div>
      {composer.isTemplatesOpen && <TemplateDialog contact={contact} composer={composer} />}
    </form>
  );
};

function placeholder(mode: Mode, name: string, isPresent: boolean): string {
  if (mode === "stream") return "The bot’s answer, sent a few words at a time";
  return isPresent ? `Message as ${name}` : `Message as ${name}, who joins first`;
}
