// All scenarios, and the file that each is in: a page loads the one that it needs.
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
  "own-client",
  "config",
  "managers",
  "spies",
  "disconnect-flow",
  "processing",
  "refusals",
  "malformed-answers",
];

/** The file of each scenario by its name, in their order. */
export const fileOf = new Map();

for (const file of FILES) {
  await import(`./${file}.mjs`);
  for (const name of scenarios.keys()) if (!fileOf.has(name)) fileOf.set(name, `${file}.mjs`);
}
