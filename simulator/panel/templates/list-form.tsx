import type { JSX } from "preact";
import { SelectField, TextField } from "../ui/fields";
import { newElement, type ElementDraft, type ListDraft } from "./drafts";
import { ReplyFields } from "./reply-fields";
import { Rows } from "./rows";

const PAGING = [
  ["", "Answer"],
  ["SHOW_MORE", "Show more"],
  ["PREVIOUS_OPTIONS", "Previous options"],
] as const;

/**
 * The form of a list picker, a panel or a quick reply. `isCard` means that it is a carousel's card, without a reply.
 */
export const ListForm = ({
  draft,
  onDraft,
  isCard = false,
}: {
  draft: ListDraft;
  onDraft: (draft: ListDraft) => void;
  isCard?: boolean;
}): JSX.Element => {
  const { type, title, subtitle, image, imageDescription, elements, reply } = draft;
  return (
    <>
      <div class="fields">
        <TextField
          label="Title"
          isWide
          value={title}
          onValue={(next) => onDraft({ ...draft, title: next })}
        />
        {type !== "QuickReply" && (
          <>
            <TextField
              label="Subtitle"
              isWide
              value={subtitle}
              onValue={(next) => onDraft({ ...draft, subtitle: next })}
            />
            <TextField
              label="Image address"
              placeholder="https://…"
              value={image}
              onValue={(next) => onDraft({ ...draft, image: next })}
            />
            <TextField
              label="Image description"
              value={imageDescription}
              onValue={(next) => onDraft({ ...draft, imageDescription: next })}
            />
          </>
        )}
      </div>
      <Rows
        title="Elements"
        what="element"
        rows={elements}
        onRows={(next) => onDraft({ ...draft, elements: next })}
        create={() => newElement(`Option ${elements.length + 1}`)}
      >
        {(element, onElement) => <ElementFields type={type} element={element} onElement={onElement} />}
      </Rows>
      {!isCard && <ReplyFields reply={reply} onReply={(next) => onDraft({ ...draft, reply: next })} />}
    </>
  );
};

const ElementFields = ({
  type,
  element,
  onElement,
}: {
  type: ListDraft["type"];
  element: ElementDraft;
  onElement: (element: ElementDraft) => void;
}): JSX.Element => (
  <div class="element">
    <div class="fields">
      <TextField
        label="Title"
        isWide={type !== "ListPicker"}
        value={element.title}
        onValue={(title) => onElement({ ...element, title })}
      />
      {type === "ListPicker" && (
        <TextField
          label="Subtitle"
          value={element.subtitle}
          onValue={(subtitle) => onElement({ ...element, subtitle })}
        />
      )}
    </div>
    {type !== "QuickReply" && <MoreFields type={type} element={element} onElement={onElement} />}
  </div>
);

/** The fields that few elements need. */
const MoreFields = ({
  type,
  element,
  onElement,
}: {
  type: ListDraft["type"];
  element: ElementDraft;
  onElement: (element: ElementDraft) => void;
}): JSX.Element => (
  <details>
    <summary>{type === "ListPicker" ? "Image, link, paging" : "Link, paging"}</summary>
    <div class="fields">
      {type === "ListPicker" && (
        <TextField
          label="Image address"
          placeholder="https://…"
          isWide
          value={element.image}
          onValue={(image) => onElement({ ...element, image })}
        />
      )}
      <TextField
        label="Opens a link"
        placeholder="https://…"
        value={element.link}
        onValue={(link) => onElement({ ...element, link })}
      />
      <SelectField
        label="When chosen"
        value={element.paging}
        choices={PAGING}
        onValue={(paging) => onElement({ ...element, paging })}
      />
    </div>
  </details>
);
