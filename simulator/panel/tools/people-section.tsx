import type { JSX } from "preact";
import type { ContactSummary, ParticipantSummary } from "../api/types";
import { usePanel } from "../panel-context";
import { personaInfo } from "../state/personas";
import { Section } from "../ui/fields";

function stateOf({ left, joined, connected, isPlayed }: ParticipantSummary): string {
  if (left) return "left";
  if (!joined) return "invited, hasn’t joined";
  if (isPlayed) return "played here";
  return connected ? "connected" : "no open socket";
}

/** The participants, and the personas that can be added. */
export const PeopleSection = ({
  contact: { contactId, participants },
}: {
  contact: ContactSummary;
}): JSX.Element => {
  const panel = usePanel();
  const add = (persona: "agent" | "supervisor" | "second"): void => {
    const { role, defaultName } = personaInfo(persona);
    if (role !== "AGENT" && role !== "SUPERVISOR") return;
    void panel.run(() =>
      panel.call("joinParticipant", { contactId }, { role, displayName: defaultName, acknowledged: true }),
    );
  };
  const hasAgent = participants.some(({ role, left }) => role === "AGENT" && !left);
  return (
    <Section title="People">
      <ul class="people">
        {participants.map((each) => (
          <li key={each.participantId} data-left={each.left}>
            <span
              class="dot"
              data-presence={each.left ? "ended" : each.connected || each.isPlayed ? "connected" : "away"}
            />
            <span class="person">
              <b>{each.displayName}</b>
              <small>
                {each.role.toLowerCase()} · {stateOf(each)}
              </small>
            </span>
            {!each.left && (
              <button
                type="button"
                class="text-button"
                onClick={() =>
                  void panel.run(() =>
                    panel.call(
                      "removeParticipant",
                      { contactId, participantId: each.participantId },
                      undefined,
                    ),
                  )
                }
              >
                Disconnect<span class="visually-hidden"> {each.displayName}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      <div class="buttons">
        <button type="button" class="button" onClick={() => add(hasAgent ? "second" : "agent")}>
          {hasAgent ? "Add a second agent" : "Join as agent"}
        </button>
        <button type="button" class="button" onClick={() => add("supervisor")}>
          Add a supervisor
        </button>
      </div>
    </Section>
  );
};
