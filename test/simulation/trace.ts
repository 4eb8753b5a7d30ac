/** Formats a run as text. `npm run simulate -- --seed SEED --trace` prints it to help with a failure. */
import type { Application } from "./application";
import type { Run } from "./play";

const SHORT_ID = 8;

export function traceOf(run: Run): string[] {
  const at = (timeMs: number): string => ((timeMs - run.startMs) / 1_000).toFixed(3).padStart(10);
  const { configuration, faults, steps } = run.schedule;
  const lines: (readonly [atMs: number, line: string])[] = [
    ...faults.map(
      (fault) =>
        [
          run.startMs + fault.fromMs,
          `FAULT ${fault.kind} until ${at(run.startMs + fault.toMs).trim()}, ${fault.amount}`,
        ] as const,
    ),
    ...steps.map(({ atMs, kind, chat }) => [run.startMs + atMs, `step ${kind} in chat ${chat}`] as const),
    ...run.applications.flatMap((application, index) => linesOf(application, index, at)),
    ...run.network.requests.map(
      ({ atMs, operation, actedAtMs, respondedAtMs, status, body }) =>
        [
          atMs,
          `request ${operation}, processed at ${actedAtMs === null ? "never" : at(actedAtMs).trim()}, response at ${respondedAtMs === null ? "never" : at(respondedAtMs).trim()} ${status ?? ""} ${body.slice(0, 160)}`,
        ] as const,
    ),
    ...run.network.upgrades.map(({ atMs }) => [atMs, "socket"] as const),
    ...run.network.arrivals.map(
      ({ atMs, socketId, commit }) =>
        [atMs, `frame on socket ${socketId}: ${commit.item.Id?.slice(0, SHORT_ID) ?? ""}`] as const,
    ),
    ...run.contacts.flatMap(({ commits }) =>
      commits.map(
        ({ atMs, visibleAtMs, item }) =>
          [
            atMs,
            `commit ${item.Id?.slice(0, SHORT_ID) ?? ""} visible ${at(visibleAtMs).trim()} ${item.ContentType.split(/[./]/).at(-1) ?? ""} ${item.Content ?? ""} ${JSON.stringify(item.MessageMetadata ?? "")}`,
          ] as const,
      ),
    ),
  ];
  return [
    JSON.stringify(configuration),
    ...lines.sort(([left], [right]) => left - right).map(([atMs, line]) => `${at(atMs)} ${line}`),
  ];
}

function linesOf(
  { sessions }: Application,
  index: number,
  at: (timeMs: number) => string,
): (readonly [atMs: number, line: string])[] {
  const who = `[${index}]`;
  return sessions.flatMap((session) => [
    [session.createdAtMs, `${who} SESSION${session.isResumed ? ", resumed" : ""}`] as const,
    ...(session.overAtMs === null
      ? []
      : [[session.overAtMs, `${who} OVER: ${session.overBy ?? ""}`] as const]),
    ...session.events.map(
      ({ atMs, name, data }) => [atMs, `${who} ${name} ${JSON.stringify(data).slice(0, 200)}`] as const,
    ),
    ...session.deliveries.map(
      ({ atMs, item, recovered }) =>
        [
          atMs,
          `${who} onMessage ${recovered ? "recovered" : "live"} ${item.Id?.slice(0, SHORT_ID) ?? ""} of ${at(Date.parse(item.AbsoluteTime)).trim()} ${item.ContentType.split(/[./]/).at(-1) ?? ""} ${item.Content ?? ""} ${JSON.stringify(item.MessageMetadata ?? "")}`,
        ] as const,
    ),
    ...session.calls.flatMap(({ atMs, name, mark, settledAtMs, outcome, error }) => [
      [atMs, `${who} call ${name} ${mark}`] as const,
      ...(settledAtMs === null
        ? []
        : [
            [
              settledAtMs,
              `${who} ${outcome} ${name} ${mark} ${error === null ? "" : `${error.code}: ${error.message}`}`,
            ] as const,
          ]),
    ]),
  ]);
}
