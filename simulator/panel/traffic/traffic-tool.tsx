import type { JSX } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import type { ContactSummary, TrafficEntry } from "../api/types";
import { usePanel } from "../panel-context";
import { CheckField, TextField } from "../ui/fields";
import { filterTraffic, type TrafficKind } from "./filter";
import { MarkRow } from "./mark-row";
import { concernsContact, timelineOf, type FaultMark } from "./timeline";
import { TrafficRow } from "./traffic-row";

const KINDS: readonly (readonly [TrafficKind, string])[] = [
  ["call", "Calls"],
  ["frame", "Frames"],
  ["socket", "Sockets"],
  ["storage", "Files"],
];

/** The maximum number of rows, because more rows make the page slow. The filter finds older entries. */
const SHOWN = 200;

/** The calls, frames, sockets and files of the selected contact, newest first. */
export const TrafficTool = ({
  traffic,
  marks,
  contact,
}: {
  traffic: readonly TrafficEntry[];
  marks: readonly FaultMark[];
  contact: ContactSummary | undefined;
}): JSX.Element => {
  const panel = usePanel();
  const [text, setText] = useState("");
  const [kinds, setKinds] = useState<readonly TrafficKind[]>([]);
  const [isForAll, setForAll] = useState(false);
  const [hasBeats, setBeats] = useState(false);
  const [openNumber, setOpenNumber] = useState<number | null>(null);
  const contactId = isForAll ? undefined : contact?.contactId;
  const matching = useMemo(
    () => filterTraffic(traffic, { contactId, kinds, text, hasBeats }),
    [traffic, contactId, kinds, text, hasBeats],
  );
  const isFiltered = kinds.length > 0 || text.trim() !== "";
  const rows = useMemo(
    () =>
      timelineOf(matching, isFiltered ? [] : marks.filter((mark) => concernsContact(mark, contactId)), SHOWN),
    [matching, marks, isFiltered, contactId],
  );
  const toggleRow = useCallback(
    (number: number) => setOpenNumber((open) => (open === number ? null : number)),
    [],
  );
  const toggle = (kind: TrafficKind): void =>
    setKinds(kinds.includes(kind) ? kinds.filter((each) => each !== kind) : [...kinds, kind]);
  return (
    <>
      <div class="section traffic-filter">
        <TextField
          label="Filter"
          isWide
          placeholder="SendMessage, 403, a word"
          value={text}
          onValue={setText}
        />
        <div class="chip-row" role="group" aria-label="Kinds of traffic">
          {KINDS.map(([kind, label]) => (
            <button
              key={kind}
              type="button"
              class="toggle"
              aria-pressed={kinds.includes(kind)}
              onClick={() => toggle(kind)}
            >
              {label}
            </button>
          ))}
        </div>
        <div class="checks">
          <CheckField label="Heartbeats" checked={hasBeats} onChecked={setBeats} />
          {contact && <CheckField label="All chats" checked={isForAll} onChecked={setForAll} />}
          <button
            type="button"
            class="text-button"
            onClick={() => void panel.run(() => panel.mirror.clearTraffic())}
          >
            Clear
          </button>
        </div>
        <p class="legend">
          <span data-tone="warn">Amber</span>: lost, changed or delayed by a fault.{" "}
          <span data-tone="bad">Red</span>: failed or refused.
        </p>
      </div>
      {rows.length === 0 && (
        <p class="note pad">{traffic.length === 0 ? "Nothing yet." : "Nothing matches the filter."}</p>
      )}
      <ol class="traffic">
        {rows.map((row) =>
          row.kind === "mark" ? (
            <MarkRow key={`${row.mark.what} ${row.mark.id}`} mark={row.mark} />
          ) : (
            <TrafficRow
              key={row.entry.number}
              entry={row.entry}
              isOpen={row.entry.number === openNumber}
              onToggle={toggleRow}
            />
          ),
        )}
      </ol>
      {matching.length > SHOWN && (
        <p class="note pad">
          The latest {SHOWN} of {matching.length}. Use the filter to find older entries.
        </p>
      )}
    </>
  );
};
