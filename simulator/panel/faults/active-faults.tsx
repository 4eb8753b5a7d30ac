import type { JSX } from "preact";
import type { ActiveFault, ContactSummary } from "../api/types";
import { usePanel } from "../panel-context";
import { Icon } from "../ui/icon";
import { describeGroup, groupFaults } from "./network-down";
import type { Who } from "./to-fault";

/** The active faults, each with a button that removes it. */
export const ActiveFaults = ({
  faults,
  contacts,
}: {
  faults: readonly ActiveFault[];
  contacts: readonly ContactSummary[];
}): JSX.Element => {
  const panel = usePanel();
  const nameOf = ({ contactId, participantId }: Who): string | undefined => {
    if (participantId !== undefined) {
      const everybody = contacts.flatMap(({ participants }) => participants);
      return (
        everybody.find((each) => each.participantId === participantId)?.displayName ??
        "a participant who is gone"
      );
    }
    if (contactId === undefined) return undefined;
    return `${contacts.find((each) => each.contactId === contactId)?.displayName ?? "another"}’s chat`;
  };
  const groups = groupFaults(faults);
  return (
    <section class="section active-faults" aria-label="Active faults">
      {faults.length === 0 ? (
        <p class="note">No faults are active. Pick one below.</p>
      ) : (
        <>
          <ul class="chips">
            {groups.map((group) => {
              const text = describeGroup(group, nameOf);
              const ids = group.faults.map(({ id }) => id);
              return (
                <li key={ids[0]} class="chip">
                  <span>{text}</span>
                  <button
                    type="button"
                    class="icon-button small"
                    aria-label={`Remove: ${text}`}
                    onClick={() => void panel.run(() => panel.removeFaults(ids))}
                  >
                    <Icon name="close" />
                  </button>
                </li>
              );
            })}
          </ul>
          {groups.length > 1 && (
            <button
              type="button"
              class="text-button"
              onClick={() => void panel.run(() => panel.call("clearFaults", {}, undefined))}
            >
              Remove all
            </button>
          )}
        </>
      )}
    </section>
  );
};
