import type { JSX } from "preact";
import type { Behaviors, ContactSummary } from "../api/types";
import { BehaviorsSection } from "./behaviors-section";
import { IdleSection } from "./idle-section";
import { PeopleSection } from "./people-section";
import { SignInSection } from "./sign-in-section";
import { TransferSection } from "./transfer-section";

export const PlayTool = ({
  contact,
  behaviors,
}: {
  contact: ContactSummary | undefined;
  behaviors: Behaviors | null;
}): JSX.Element => {
  if (!contact) return <p class="note pad">Select a contact first.</p>;
  if (contact.ended) return <p class="note pad">This chat has ended. Nobody can act in it anymore.</p>;
  return (
    <>
      <PeopleSection contact={contact} />
      <TransferSection contact={contact} />
      {behaviors && <BehaviorsSection contactId={contact.contactId} behaviors={behaviors} />}
      <IdleSection contact={contact} />
      <SignInSection contactId={contact.contactId} />
    </>
  );
};
