import type { JSX } from "preact";
import type { ActiveFault, ContactSummary } from "../api/types";
import { usePanel } from "../panel-context";
import { Icon } from "../ui/icon";
import { describeFault, type Who } from "./to-fault";

/** The active faults, each with a button that removes the fault. */
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
  return (
    <section class="section active-faults" aria-label="Active faults">
      {faults.length === 0 ? (
        <p class="note">No faults are active. Pick a fault below.</p>
      ) : (
        <>
          <ul class="chips">
            {faults.map((fault) => {
              const text = describeFault(fault, nameOf);
              return (
                <li key={fault.id} class="chip">
                  <span>{text}</span>
                  <button
                    type="button"
                    class="icon-button small"
                    aria-label={`Remove: ${text}`}
                    onClick={() =>
                      void panel.run(() => panel.call("removeFault", { faultId: fault.id }, undefined))
                    }
                  >
                    <Icon name="close" />
                  </button>
                </li>
              );
            })}
          </ul>
          {faults.length > 1 && (
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
