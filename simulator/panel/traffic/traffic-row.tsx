import type { JSX } from "preact";
import type { TrafficEntry } from "../api/types";
import { preciseTime } from "../ui/times";
import { shortName } from "./filter";

const ARROWS = { in: "→", out: "←" } as const;
const DIRECTIONS = { in: "to the simulator", out: "from the simulator" } as const;

const toneOf = ({ status, kind, fault }: TrafficEntry): "bad" | "warn" | "plain" => {
  if (kind !== "socket" && status !== undefined && (status === 0 || status >= 400)) return "bad";
  return fault === undefined ? "plain" : "warn";
};

export const TrafficRow = ({
  entry,
  isOpen,
  onToggle,
}: {
  entry: TrafficEntry;
  isOpen: boolean;
  onToggle: () => void;
}): JSX.Element => {
  const { at, kind, direction, name, status, durationMs, role, fault } = entry;
  return (
    <li data-tone={toneOf(entry)}>
      <button type="button" class="traffic-row" aria-expanded={isOpen} onClick={onToggle}>
        <time dateTime={at}>{preciseTime(at)}</time>
        <span class="arrow" title={direction ? DIRECTIONS[direction] : undefined}>
          {direction ? ARROWS[direction] : "·"}
        </span>
        <span class="traffic-name" title={name}>
          {shortName(name)}
        </span>
        <span class="traffic-result">
          {status === 0 ? "cut" : status}
          {durationMs !== undefined && <small> {durationMs} ms</small>}
        </span>
      </button>
      {isOpen && (
        <div class="traffic-details">
          <p class="note">
            {[kind, role?.toLowerCase(), fault === undefined ? undefined : `changed by the fault ${fault}`]
              .filter(Boolean)
              .join(" · ")}
          </p>
          <Part title="Request" value={entry.request} />
          <Part title="Response" value={entry.response} />
        </div>
      )}
    </li>
  );
};

const Part = ({ title, value }: { title: string; value: unknown }): JSX.Element | null =>
  value === undefined ? null : (
    <>
      <h4>{title}</h4>
      <pre class="code-block" tabIndex={0} aria-label={title}>
        {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
      </pre>
    </>
  );
