import type { JSX } from "preact";
import { Icon } from "../ui/icon";

/** A list of form rows that can be added and removed. */
export const Rows = <Row,>({
  title,
  what,
  rows,
  onRows,
  create,
  children,
}: {
  title: string;
  /** The name of one row, for the buttons' labels. */
  what: string;
  rows: readonly Row[];
  onRows: (rows: readonly Row[]) => void;
  create: () => Row;
  children: (row: Row, onRow: (row: Row) => void) => JSX.Element;
}): JSX.Element => (
  <fieldset class="rows">
    <legend>{title}</legend>
    {rows.map((row, index) => (
      <div class="row" key={index} role="group" aria-label={`${what} ${index + 1}`}>
        {children(row, (next) => onRows(rows.with(index, next)))}
        <button
          type="button"
          class="icon-button small"
          aria-label={`Remove ${what} ${index + 1}`}
          onClick={() => onRows(rows.toSpliced(index, 1))}
        >
          <Icon name="close" />
        </button>
      </div>
    ))}
    <button type="button" class="text-button" onClick={() => onRows([...rows, create()])}>
      <Icon name="plus" />
      Add {what}
    </button>
  </fieldset>
);
