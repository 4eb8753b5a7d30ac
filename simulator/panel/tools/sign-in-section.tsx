import type { JSX } from "preact";
import { usePanel } from "../panel-context";
import { Section } from "../ui/fields";

const RESULTS = [
  ["succeed", "Succeeds"],
  ["fail", "Fails"],
  ["timeOut", "Times out"],
  ["expire", "Expires"],
] as const;

/** Asks the customer to sign in, and sends the result. */
export const SignInSection = ({ contactId }: { contactId: string }): JSX.Element => {
  const panel = usePanel();
  const act = (action: "initiate" | (typeof RESULTS)[number][0]): void =>
    void panel.run(() => panel.call("authentication", { contactId }, { action }));
  return (
    <Section title="Sign-in">
      <div class="buttons">
        <button type="button" class="button" onClick={() => act("initiate")}>
          Ask to sign in
        </button>
        {RESULTS.map(([action, text]) => (
          <button key={action} type="button" class="button quiet" onClick={() => act(action)}>
            {text}
          </button>
        ))}
      </div>
    </Section>
  );
};
