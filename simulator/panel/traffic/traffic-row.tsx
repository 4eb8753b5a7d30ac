import type { JSX } from "preact";
import type { TrafficEntry } from "../api/types";
import { memo } from "../ui/memo";
import { preciseTime } from "../ui/times";
import { explanationOf, resultOf, titleOf, toneOf } from "./explain";

const ARROWS = { in: "→", out: "←" } as const;
const DIRECTIONS = { in: "to the simulator", out: "from the simulator" } as const;

export const TrafficRow = memo(
  ({
    entry,
    isOpen,
    onToggle,
  }: {
    entry: TrafficEntry;
    isOpen: boolean;
    onToggle: (number: number) => void;
  }): JSX.Element => {
    const { number, at, kind, direction, name, durationMs, role, fault } = entry;
    const explanation = explanationOf(entry);
    return (
      <li data-tone={toneOf(entry)}>
        <button type="button" class="traffic-row" aria-expanded={isOpen} onClick={() => onToggle(number)}>
          <time dateTime={at}>{preciseTime(at)}</time>
          <span class="arrow" title={direction ? DIRECTIONS[direction] : undefined}>
            {direction ? ARROWS[direction] : "·"}
          </span>
          <span class="traffic-name" title={name}>
            {titleOf(entry)}
          </span>
          <span class="traffic-result" title={explanation}>
            {resultOf(entry)}
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
            {explanation !== undefined && <p class="explanation">{explanation}</p>}
            <Part title="Request" value={entry.request} />
            <Part title="Response" value={entry.response} />
          </div>
        )}
      </li>
    );
  },
);

const Part = ({ title, value }: { title: string; value: unknown }): JSX.Element | null =>
  value === undefined ? null : (
    <>
      <h4>{title}</h4>
      <pre class="code-block" tabIndex={0} aria-label={title}>
        {typeof value === "string" ? value : JSON.stringify(value, null, 2)}
      </pre>
    </>
  );
