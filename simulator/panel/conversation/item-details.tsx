import type { JSX } from "preact";
import type { Item } from "../api/types";
import type { Body } from "../api/operations";
import { usePanel } from "../panel-context";
import { CopyButton } from "../ui/copy-button";

/** An item's JSON, with the actions for the item. */
export const ItemDetails = ({
  item,
  contactId,
  hasEnded,
}: {
  item: Item;
  contactId: string;
  hasEnded: boolean;
}): JSX.Element => {
  const panel = usePanel();
  const json = JSON.stringify(item, null, 2);
  const change = (changes: Body<"changeItem">, done: string): void =>
    void panel.run(() => panel.call("changeItem", { contactId, itemId: item.Id }, changes), done);
  const receipt = (kind: "read" | "delivered"): void =>
    void panel.run(
      () => panel.call("sendReceipt", { contactId }, { kind, messageId: item.Id }),
      kind === "read" ? "Read receipt sent." : "Delivered receipt sent.",
    );
  return (
    <div class="item-details">
      <pre class="code-block" tabIndex={0} aria-label="The item as JSON">
        {json}
      </pre>
      <div class="buttons">
        <CopyButton text={json} label="Copy the item" />
        {!hasEnded && item.ParticipantRole === "CUSTOMER" && (
          <>
            <button type="button" class="text-button" onClick={() => receipt("delivered")}>
              Send delivered
            </button>
            <button type="button" class="text-button" onClick={() => receipt("read")}>
              Send read
            </button>
          </>
        )}
        {!hasEnded && item.Type === "MESSAGE" && (
          <button
            type="button"
            class="text-button"
            onClick={() => change({ Content: "{REDACTED}" }, "The text is redacted for everybody.")}
          >
            Redact
          </button>
        )}
        {!hasEnded && item.Attachments && (
          <button
            type="button"
            class="text-button"
            onClick={() =>
              change(
                {
                  Attachments:
                    item.Attachments?.map((each) => ({ ...each, Status: "REJECTED" as const })) ?? null,
                },
                "The file is rejected.",
              )
            }
          >
            Reject the file
          </button>
        )}
      </div>
    </div>
  );
};
