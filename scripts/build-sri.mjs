// Writes dist/sri.json: the `integrity` attribute of each script that pages load from a CDN.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

/** The UMD scripts in dist. */
const SCRIPTS = ["amazon-connect-chat.js", "inspector.js", "interactive.js"];

const hashOf = (name) =>
  createHash("sha384")
    .update(readFileSync(new URL(`../dist/${name}`, import.meta.url)))
    .digest("base64");

const hashes = Object.fromEntries(SCRIPTS.map((name) => [`dist/${name}`, `sha384-${hashOf(name)}`]));
writeFileSync(new URL("../dist/sri.json", import.meta.url), `${JSON.stringify(hashes, null, 2)}\n`);
