import { useMemo, useState } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import { useSetting } from "../settings";
import { filterContacts, firstContacts } from "./contact-filter";

/** More rows make the page slow. */
const ROWS = 200;

/** The rows of the list of contacts, and the settings that choose them. */
export interface ContactRows {
  readonly rows: readonly ContactSummary[];
  /** How many contacts match the filter but aren't among the rows. */
  readonly more: number;
  readonly showMore: () => void;
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly hidesInactive: boolean;
  readonly setHidesInactive: (hides: boolean) => void;
}

export function useContactRows(
  contacts: readonly ContactSummary[] | null,
  selectedId: string | null,
): ContactRows {
  const [text, setText] = useState("");
  const [count, setCount] = useState(ROWS);
  const [shown, setShown] = useSetting("contacts", ["all", "connected"], "all");
  const hidesInactive = shown === "connected";
  const matching = useMemo(
    () => filterContacts(contacts ?? [], { text, hidesInactive, selectedId }),
    [contacts, text, hidesInactive, selectedId],
  );
  const rows = useMemo(() => firstContacts(matching, count, selectedId), [matching, count, selectedId]);
  return {
    rows,
    more: matching.length - rows.length,
    showMore: () => setCount(count + ROWS),
    text,
    setText,
    hidesInactive,
    setHidesInactive: (hides) => setShown(hides ? "connected" : "all"),
  };
}
