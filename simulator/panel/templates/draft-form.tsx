import type { JSX } from "preact";
import { TextArea, TextField } from "../ui/fields";
import { CarouselForm } from "./carousel-form";
import type { JsonDraft, TemplateDraft, ViewDraft } from "./drafts";
import { ListForm } from "./list-form";
import { TimePickerForm } from "./time-picker-form";

/** The form of a template. */
export const DraftForm = ({
  draft,
  onDraft,
}: {
  draft: TemplateDraft;
  onDraft: (draft: TemplateDraft) => void;
}): JSX.Element => {
  switch (draft.type) {
    case "ListPicker":
    case "Panel":
    case "QuickReply":
      return <ListForm draft={draft} onDraft={onDraft} />;
    case "TimePicker":
      return <TimePickerForm draft={draft} onDraft={onDraft} />;
    case "Carousel":
      return <CarouselForm draft={draft} onDraft={onDraft} />;
    case "ViewResource":
      return <ViewForm draft={draft} onDraft={onDraft} />;
    case "Json":
      return <JsonForm draft={draft} onDraft={onDraft} />;
  }
};

const ViewForm = ({
  draft,
  onDraft,
}: {
  draft: ViewDraft;
  onDraft: (draft: ViewDraft) => void;
}): JSX.Element => (
  <div class="fields">
    <TextField label="View" isWide value={draft.viewId} onValue={(viewId) => onDraft({ ...draft, viewId })} />
    <TextField
      label="View token"
      isWide
      value={draft.viewToken}
      onValue={(viewToken) => onDraft({ ...draft, viewToken })}
      hint="DescribeView accepts this token as soon as you send the template."
    />
    <TextArea
      label="Data (JSON)"
      isWide
      rows={5}
      value={draft.viewData}
      onValue={(viewData) => onDraft({ ...draft, viewData })}
    />
    <TextArea
      label="Actions, one per line"
      isWide
      rows={3}
      value={draft.actions}
      onValue={(actions) => onDraft({ ...draft, actions })}
    />
  </div>
);

const JsonForm = ({
  draft,
  onDraft,
}: {
  draft: JsonDraft;
  onDraft: (draft: JsonDraft) => void;
}): JSX.Element => (
  <TextArea
    label="Template (JSON)"
    isWide
    rows={18}
    value={draft.json}
    onValue={(json) => onDraft({ ...draft, json })}
    hint="Any JSON: a template without a form here, or a broken template."
  />
);
