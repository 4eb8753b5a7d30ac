import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "../../support/paths";

export { ROOT };

/** The documentation pages, as paths from the root. */
export const PAGES: readonly string[] = [
  ...readdirSync(ROOT).filter((name) => name.endsWith(".md")),
  ...readdirSync(path.join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

export const read = (page: string): string => readFileSync(path.join(ROOT, page), "utf8");

/** A fenced code block. */
export interface Block {
  readonly page: string;
  /** The number of the first line inside the fence, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

const FENCE = /^(?<indent> *)(?<fence>`{3,})(?<info>.*)$/;

/** Returns a page's lines. Each line inside a fenced block has that block. */
function linesOf(text: string): { line: string; block: { info: string; start: number } | null }[] {
  let open: { fence: string; info: string; start: number } | null = null;
  return text.split("\n").map((line, index) => {
    const { fence = "", info = "" } = FENCE.exec(line)?.groups ?? {};
    if (open === null) {
      if (fence !== "") open = { fence, info: info.trim(), start: index + 2 };
      return { line, block: fence === "" ? null : { info: "", start: 0 } };
    }
    if (fence.startsWith(open.fence) && info.trim() === "") {
      open = null;
      return { line, block: { info: "", start: 0 } };
    }
    return { line, block: { info: open.info, start: open.start } };
  });
}

export function blocksOf(page: string, text = read(page)): Block[] {
  const blocks = new Map<number, { info: string; lines: string[] }>();
  for (const { line, block } of linesOf(text)) {
    if (block === null || block.start === 0) continue;
    const entry = blocks.get(block.start) ?? { info: block.info, lines: [] };
    entry.lines.push(line);
    blocks.set(block.start, entry);
  }
  return [...blocks].map(([line, { info, lines }]) => ({
    page,
    line,
    language: info.split(/\s/)[0] ?? "",
    text: lines.join("\n"),
  }));
}

/** Returns the text outside fenced blocks. */
export const proseOf = (text: string): string =>
  linesOf(text)
    .map(({ line, block }) => (block === null ? line : ""))
    .join("\n");

export interface Section {
  /** The heading's text without Markdown, such as `sendMessage`. */
  readonly title: string;
  /** The text up to the next heading of any level. */
  readonly text: string;
}

/** Splits a page at its headings. */
export function sectionsOf(page: string): Section[] {
  const sections: { title: string; lines: string[] }[] = [];
  for (const { line, block } of linesOf(read(page))) {
    const heading = block === null ? /^#{1,6} (.+)$/.exec(line)?.[1] : undefined;
    if (heading !== undefined) sections.push({ title: heading.replaceAll("`", ""), lines: [] });
    else sections.at(-1)?.lines.push(line);
  }
  return sections.map(({ title, lines }) => ({ title, text: lines.join("\n") }));
}

/** Returns the anchors that code hosts generate for a page's headings. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, title = ""] of proseOf(text).matchAll(/^#{1,6} (.+)$/gm)) {
    const anchor = title
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let unique = anchor;
    for (let count = 1; anchors.has(unique); count += 1) unique = `${anchor}-${count}`;
    anchors.add(unique);
  }
  return anchors;
}
