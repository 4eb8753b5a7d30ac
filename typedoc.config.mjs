// The documentation site: the guides, and a reference generated from docstrings. `npm run docs` writes it to docs-site.
import { readFileSync } from "node:fs";
import { Converter, ReflectionKind } from "typedoc";

/** Lists guides by their headings instead of their file names. */
function titlesFromHeadings(app) {
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_context, document) => {
    const source = document.content.map(({ text }) => text).join("");
    const heading = /^# (.+)$/m.exec(source)?.[1];
    if (heading) document.name = heading;
  });
}

/** Entry point → import specifier. */
const ENTRIES = {
  "src/index.ts": "amazon-connect-chatjs",
  "simulator/index.ts": "amazon-connect-chatjs/simulator",
  "inspector/index.ts": "amazon-connect-chatjs/inspector",
  "interactive/index.ts": "amazon-connect-chatjs/interactive",
  "react/index.ts": "amazon-connect-chatjs/react",
};

function entriesByImport(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getChildrenByKind(ReflectionKind.Module)) {
      module.name = ENTRIES[`${module.name}/index.ts`] ?? module.name;
    }
  });
}

const guides = readFileSync(new URL("docs/README.md", import.meta.url), "utf8");

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  name: "Amazon Connect ChatJS",
  plugin: [titlesFromHeadings, entriesByImport],
  entryPoints: Object.keys(ENTRIES),
  // The one that includes every entry.
  tsconfig: "test/tsconfig.json",
  readme: "README.md",
  // In the order of docs/README.md.
  projectDocuments: [...guides.matchAll(/\]\((?<file>[\w-]+\.md)\)/g)]
    .map(({ groups }) => `docs/${groups.file}`)
    .filter((file, index, all) => all.indexOf(file) === index),
  out: "docs-site",
  includeVersion: true,
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  // Types that only appear inside other types don't need their own page.
  validation: { notExported: false },
  sort: ["source-order"],
  navigation: { includeGroups: false, includeCategories: false },
};
