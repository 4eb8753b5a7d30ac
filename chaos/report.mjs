// Formats the results of a run.
import { FAULTS, samples } from "./judge.mjs";

const ROWS = [
  ["messages sent (to each client)", "sent"],
  ["  delivered", "delivered"],
  ["  lost", "lost"],
  ["  delivered twice", "twice"],
  ["  out of order", "outOfOrder"],
  ["  sent in the gap before the end", "unreadable"],
  ["recoveries", "recoveries"],
  ["  reported as incomplete", "incomplete"],
  ["transcripts emitted", "snapshots"],
  ["  unsorted", "unsorted"],
  ["  duplicate items", "duplicatedInTranscript"],
  ["  items missing at the end", "missingInTranscript"],
  ["outgoing messages", "sends"],
  ["  accepted", "accepted"],
  ["  rejected", "rejected"],
  ["  unknowable outcome", "unknowable"],
  ["  stored twice", "storedTwice"],
  ["  accepted but not stored", "acceptedNotStored"],
  ["  rejected but stored", "rejectedButStored"],
  ["  out of call order", "outOfCallOrder"],
  ["  never settled", "unsettled"],
  ["incoming receipts", "receipts"],
  ["  emitted", "receiptsEmitted"],
  ["  lost", "receiptsLost"],
  ["  emitted twice", "receiptsTwice"],
  ["  too old to be guaranteed", "receiptsNotGuaranteed"],
  ["outgoing receipts never settled", "unsettledReceipts"],
  ["ends emitted", "endsEmitted"],
  ["  not emitted", "endsLost"],
  ["  emitted twice", "endsTwice"],
  ["abandoned chats", "givenUp"],
  ["uncaught errors", "uncaught"],
];

const LABEL_WIDTH = 34;
const WIDTH = 18;

const percent = (share) => `${Math.round(share * 100)}%`;

/** Formats `runs`, the name and verdict of each library, as a table. */
export function report(runs, schedule) {
  const cells = (label, values) =>
    label.padEnd(LABEL_WIDTH) + values.map((value) => String(value).padStart(WIDTH)).join("");
  const marked = (name, value) => (FAULTS.includes(name) && value > 0 ? `! ${value}` : value);
  return [
    cells(
      "",
      runs.map(({ name }) => name),
    ),
    ...ROWS.map(([label, name]) =>
      cells(
        label,
        runs.map(({ verdict: { total } }) => marked(name, total[name])),
      ),
    ),
    cells(
      "link down",
      runs.map(({ verdict }) => percent(verdict.down)),
    ),
    cells(
      "settled after",
      runs.map(({ verdict: { total } }) =>
        total.settled ? `${(total.settleMs / 1000).toFixed(1)} s` : "never",
      ),
    ),
    "",
    `The schedule keeps each link down ${percent(plannedDown(schedule))} of the time; clients reconnect some time later.`,
  ].join("\n");
}

function plannedDown({ events, links, activeMs }) {
  const downMs = events
    .filter(({ kind }) => kind === "down" || kind === "midRecovery")
    .reduce((sum, { ms }) => sum + ms, 0);
  return downMs / (links.length * activeMs);
}

export function reportProblems({ name, verdict }) {
  const lines = samples(verdict.problems).map((problem) => `  ${JSON.stringify(problem)}`);
  return [`${name}: ${verdict.failures.join(", ") || "no failures"}`, ...lines].join("\n");
}
