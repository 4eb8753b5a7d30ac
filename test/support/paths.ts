import { resolve } from "node:path";

/** The project's folder. */
export const ROOT = resolve(__dirname, "../..");

/** A file of the project, by its path from the project's folder. */
export const inProject = (path: string): string => resolve(ROOT, path);

/** The library as it is shipped. */
export const SHIPPED_BUNDLE = inProject("dist/amazon-connect-chat.js");

/** The library that the field tests run: the shipped one, or the file that `npm run field -- --bundle FILE` names. */
export const FIELD_BUNDLE = process.env["FIELD_BUNDLE"] ?? SHIPPED_BUNDLE;
