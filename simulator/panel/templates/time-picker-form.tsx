import type { JSX } from "preact";
import { TextField } from "../ui/fields";
import type { TimePickerDraft } from "./drafts";
import { ReplyFields } from "./reply-fields";
import { Rows } from "./rows";

export const TimePickerForm = ({
  draft,
  onDraft,
}: {
  draft: TimePickerDraft;
  onDraft: (draft: TimePickerDraft) => void;
}): JSX.Element => {
  const { title, subtitle, timeZoneOffset, place, slots, reply } = draft;
  const onPlace = (next: Partial<TimePickerDraft["place"]>): void =>
    onDraft({ ...draft, place: { ...place, ...next } });
  return (
    <>
      <div class="fields">
        <TextField
          label="Title"
          isWide
          value={title}
          onValue={(next) => onDraft({ ...draft, title: next })}
        />
        <TextField
          label="Subtitle"
          isWide
          value={subtitle}
          onValue={(next) => onDraft({ ...draft, subtitle: next })}
        />
        <TextField label="Place" isWide value={place.title} onValue={(next) => onPlace({ title: next })} />
        <TextField label="Latitude" value={place.latitude} onValue={(latitude) => onPlace({ latitude })} />
        <TextField
          label="Longitude"
          value={place.longitude}
          onValue={(longitude) => onPlace({ longitude })}
        />
        <TextField
          label="Time zone offset (minutes)"
          type="number"
          value={timeZoneOffset}
          onValue={(next) => onDraft({ ...draft, timeZoneOffset: next })}
        />
      </div>
      <Rows
        title="Time slots"
        what="slot"
        rows={slots}
        onRows={(next) => onDraft({ ...draft, slots: next })}
        create={() => slots.at(-1) ?? { local: "", duration: "60" }}
      >
        {(slot, onSlot) => (
          <div class="fields">
            <TextField
              label="Starts (your time)"
              type="datetime-local"
              value={slot.local}
              onValue={(local) => onSlot({ ...slot, local })}
            />
            <TextField
              label="Duration"
              type="number"
              value={slot.duration}
              onValue={(duration) => onSlot({ ...slot, duration })}
            />
          </div>
        )}
      </Rows>
      <ReplyFields reply={reply} onReply={(next) => onDraft({ ...draft, reply: next })} />
    </>
  );
};
