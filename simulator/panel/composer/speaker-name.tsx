import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import { usePanel } from "../panel-context";
import { participantOf } from "../state/personas";
import type { ComposerState } from "./use-composer";

/**
 * The speaker's display name. After the speaker has joined, changing the name renames the participant for everybody.
 */
export const SpeakerName = ({
  contact: { contactId, participants },
  composer: { persona, name, setName },
}: {
  contact: ContactSummary;
  composer: ComposerState;
}): JSX.Element => {
  const panel = usePanel();
  const present = participantOf(persona, participants);
  const current = present?.displayName ?? name;
  const [draft, setDraft] = useState(current);
  useEffect(() => setDraft(current), [current]);
  const commit = (): void => {
    const next = draft.trim();
    if (next === "" || next === current) {
      setDraft(current);
      return;
    }
    setName(next);
    if (!present) return;
    const { participantId } = present;
    void panel.run(
      () => panel.call("renameParticipant", { contactId, participantId }, { displayName: next }),
      `${current} is now ${next}.`,
    );
  };
  return (
    <label class="speaker-name">
      <span>Name</span>
      <input
        type="text"
        value={draft}
        maxLength={256}
        autocomplete="off"
        onInput={({ currentTarget }) => setDraft(currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          // Enter in the name field must not send the message.
          event.preventDefault();
          event.currentTarget.blur();
        }}
      />
    </label>
  );
};
