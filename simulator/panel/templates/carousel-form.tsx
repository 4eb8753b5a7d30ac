import type { JSX } from "preact";
import { CheckField, SelectField, TextField } from "../ui/fields";
import { newCard, type CarouselDraft } from "./drafts";
import { ListForm } from "./list-form";
import { Rows } from "./rows";

export const CarouselForm = ({
  draft,
  onDraft,
}: {
  draft: CarouselDraft;
  onDraft: (draft: CarouselDraft) => void;
}): JSX.Element => {
  const { title, omitsTitle, cards } = draft;
  return (
    <>
      <div class="fields">
        <TextField
          label="Title"
          isWide
          value={title}
          onValue={(next) => onDraft({ ...draft, title: next })}
        />
        <CheckField
          label="Omit the title from responses"
          checked={omitsTitle}
          onChecked={(next) => onDraft({ ...draft, omitsTitle: next })}
        />
      </div>
      <Rows
        title="Cards"
        what="card"
        rows={cards}
        onRows={(next) => onDraft({ ...draft, cards: next })}
        create={() => newCard(`Card ${cards.length + 1}`)}
      >
        {(card, onCard) => (
          <div class="card-form">
            <SelectField
              label="Type"
              value={card.type}
              choices={[
                ["Panel", "Panel"],
                ["ListPicker", "List picker"],
              ]}
              onValue={(type) => onCard({ ...card, type })}
            />
            <ListForm draft={card} onDraft={onCard} isCard />
          </div>
        )}
      </Rows>
    </>
  );
};
