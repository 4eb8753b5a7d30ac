import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { ActiveFault, ContactSummary, FaultKind } from "../api/types";
import { usePanel } from "../panel-context";
import { ActiveFaults } from "./active-faults";
import { droppedText } from "./dropped-text";
import { FaultForm } from "./fault-form";
import { FAULTS } from "./kinds";
import { NetworkCard } from "./network-card";
import { WhoField, whoOf, type WhoChoice } from "./who-field";

/** The tool for adding faults: whom they hit, what they do, and how often. */
export const FaultsTool = ({
  faults,
  contact,
  contacts,
}: {
  faults: readonly ActiveFault[];
  contact: ContactSummary | undefined;
  contacts: readonly ContactSummary[];
}): JSX.Element => {
  const panel = usePanel();
  const [open, setOpen] = useState<FaultKind | null>(null);
  const [choice, setChoice] = useState<WhoChoice>("contact");
  const who = whoOf(choice, contact);
  return (
    <>
      <ActiveFaults faults={faults} contacts={contacts} />
      <div class="section">
        <WhoField choice={choice} contact={contact} onChoice={setChoice} />
        <NetworkCard who={who} />
      </div>
      {FAULTS.map(([group, infos]) => (
        <section class="section" key={group}>
          <h3>{group}</h3>
          <ul class="faults">
            {infos.map((info) => (
              <li key={info.kind} data-open={open === info.kind}>
                <button
                  type="button"
                  class="fault"
                  aria-expanded={open === info.kind}
                  onClick={() => setOpen(open === info.kind ? null : info.kind)}
                >
                  <b>{info.title}</b>
                  <small>{info.about}</small>
                </button>
                {open === info.kind && (
                  <FaultForm
                    info={info}
                    who={who}
                    onFault={(fault) => {
                      void panel.run(
                        () => panel.call("addFault", {}, fault),
                        (answer) =>
                          droppedText(answer) ?? `${info.isImmediate ? "Done" : "Added"}: ${info.title}.`,
                      );
                    }}
                  />
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
};
