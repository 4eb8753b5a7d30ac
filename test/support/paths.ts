import { resolve } from "node:path";

/** The project's folder. */
export const ROOT = resolve(__dirname, "../..");

/** Resolves a path relative to the project's folder. */
export const inProject = (path: string): string => resolve(ROOT, path);

/** The shipped library. */
export const SHIPPED_BUNDLE = inProject("dist/amazon-connect-chat.js");

/** The library that the field tests run: the shipped one, or the file named by `npm run field -- --bundle FILE`. */
export const FIELD_BUNDLE = process.env["FIELD_BUNDLE"] ?? SHIPPED_BUNDLE;
