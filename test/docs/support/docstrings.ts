import { readdirSync } from "node:fs";
import path from "node:path";
import { read, ROOT, type Block } from "./markdown";

/** The files with published docstrings. */
export const DECLARATIONS: readonly string[] = ["src/api", "interactive", "react"].flatMap((folder) =>
  readdirSync(path.join(ROOT, folder))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${folder}/${name}`),
);

/** Returns the examples in a file's docstrings. An example extends from `@example` to the next tag or the end. */
export function examplesOf(file: string, text = read(file)): Block[] {
  const examples: { line: number; lines: string[] }[] = [];
  let isInside = false;
  for (const [index, line] of text.split("\n").entries()) {
    const inside = /^\s*\*(?:$| )(?<inside>.*)$/.exec(line)?.groups?.["inside"];
    if (inside === undefined) isInside = false;
    else if (inside.startsWith("@")) {
      isInside = inside === "@example";
      if (isInside) examples.push({ line: index + 2, lines: [] });
    } else if (isInside) examples.at(-1)?.lines.push(inside);
  }
  return examples.map(({ line, lines }) => ({ page: file, line, language: "ts", text: lines.join("\n") }));
}
