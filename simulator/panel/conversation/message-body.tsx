import type { JSX } from "preact";
import type { Item } from "../api/types";
import { INTERACTIVE, INTERACTIVE_RESPONSE, textOfItem } from "../state/item-text";
import { readTemplate } from "../templates/read-template";
import { TemplateCard } from "../templates/template-card";
import { AttachmentBody } from "./attachment-body";

/** A message's content, which is always shown as text and never treated as markup. */
export const MessageBody = ({ item, contactId }: { item: Item; contactId: string }): JSX.Element => {
  if (item.Type === "ATTACHMENT") return <AttachmentBody item={item} contactId={contactId} />;
  const text = item.Content ?? "";
  switch (item.ContentType) {
    case INTERACTIVE: {
      const template = readTemplate(text);
      return template ? (
        <TemplateCard template={template} />
      ) : (
        <Tagged tag="Invalid template" text={text} isCode />
      );
    }
    case INTERACTIVE_RESPONSE:
      return <Tagged tag="Response" text={textOfItem(item)} />;
    case "text/markdown":
      return <Tagged tag="Markdown" text={text} />;
    case "application/json":
      return <Tagged tag="JSON" text={text} isCode />;
    default:
      return <p class="text">{text}</p>;
  }
};

const Tagged = ({
  tag,
  text,
  isCode = false,
}: {
  tag: string;
  text: string;
  isCode?: boolean;
}): JSX.Element => (
  <>
    <p class={isCode ? "text code" : "text"}>{text}</p>
    <p class="tag">{tag}</p>
  </>
);
