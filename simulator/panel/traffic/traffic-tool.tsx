import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { ContactSummary, TrafficEntry } from "../api/types";
import { usePanel } from "../panel-context";
import { CheckField, TextField } from "../ui/fields";
import { filterTraffic, type TrafficKind } from "./filter";
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
  contact,
}: {
  traffic: readonly TrafficEntry[];
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
  const visibleEntries = matching.slice(-SHOWN).reverse();
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
      </div>
      {visibleEntries.length === 0 && (
        <p class="note pad">{traffic.length === 0 ? "Nothing yet." : "Nothing matches the filter."}</p>
      )}
      <ol class="traffic">
        {visibleEntries.map((entry) => (
          <TrafficRow
            key={entry.number}
            entry={entry}
            isOpen={entry.number === openNumber}
            onToggle={() => setOpenNumber(entry.number === openNumber ? null : entry.number)}
          />
        ))}
      </ol>
      {matching.length > SHOWN && (
        <p class="note pad">
          The latest {SHOWN} of {matching.length}. Use the filter to find older entries.
        </p>
      )}
    </>
  );
};
