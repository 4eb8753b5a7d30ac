// Lists all scenarios with their files, so that a page loads only the file it needs.
import { scenarios } from "../page.mjs";

const FILES = [
  "namespace",
  "create",
  "connect",
  "messages",
  "events",
  "receipts",
  "transcript",
  "attachments",
  "other-calls",
  "incoming",
  "link",
  "first-link",
  "agents",
  "custom-client",
  "config",
  "managers",
  "spies",
  "disconnect-flow",
  "processing",
  "refusals",
  "malformed-responses",
];

/** Each scenario's file, by the scenario's name, in run order. */
export const fileOf = new Map();

for (const file of FILES) {
  await import(`./${file}.mjs`);
  for (const name of scenarios.keys()) if (!fileOf.has(name)) fileOf.set(name, `${file}.mjs`);
}
