// What a run prints.
import { FAULTS, samples } from "./judge.mjs";

const ROWS = [
  ["messages sent (to each client)", "sent"],
  ["  delivered", "delivered"],
  ["  lost", "lost"],
  ["  delivered twice", "twice"],
  ["  out of order", "outOfOrder"],
  ["  said in the gap of the end", "unreadable"],
  ["recoveries", "recoveries"],
  ["  told as incomplete", "incomplete"],
  ["transcripts told", "snapshots"],
  ["  not sorted", "unsorted"],
  ["  items twice", "doubledInTranscript"],
  ["  items missing at the end", "missingInTranscript"],
  ["own messages", "sends"],
  ["  accepted", "accepted"],
  ["  rejected", "rejected"],
  ["  outcome not knowable", "unknowable"],
  ["  stored twice", "storedTwice"],
  ["  accepted, not stored", "acceptedNotStored"],
  ["  rejected, but stored", "rejectedButStored"],
  ["  out of call order", "outOfCallOrder"],
  ["  never settled", "unsettled"],
  ["receipts of others", "receipts"],
  ["  told", "receiptsTold"],
  ["  lost", "receiptsLost"],
  ["  told twice", "receiptsTwice"],
  ["  too far back to be promised", "receiptsNotPromised"],
  ["own receipts never settled", "unsettledReceipts"],
  ["ends told", "endsTold"],
  ["  not told", "endsLost"],
  ["  told again", "endsTwice"],
  ["chats given up", "givenUp"],
  ["uncaught errors", "uncaught"],
];

const LABEL_WIDTH = 34;
const WIDTH = 18;

const percent = (share) => `${Math.round(share * 100)} %`;

/** `runs`: name and verdict of each library. */
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
        total.settled ? `${(total.settleMs / 1000).toFixed(1)} s` : "not at all",
      ),
    ),
    "",
    `The schedule holds each link down ${percent(plannedDown(schedule))} of its time; a client comes back some time after.`,
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
  return [`${name}: ${verdict.failures.join(", ") || "nothing wrong"}`, ...lines].join("\n");
}
