import { isObject, objectOf, textOf, type JsonObject } from "./json";
import { MAX_TEXT } from "./limits";
import type { InteractiveImage, ReplyMessage } from "./types";
import type { InteractiveWarning, InteractiveWarningCode } from "./warnings";

/** An absolute http or https URL. Not `URL`, which React Native implements only in part. */
const HTTP_URL = /^https?:\/\/[^\s/]/i;

const isMissing = (value: unknown): boolean => value === undefined || value === null;

/** Reads an object's fields leniently. Each deviation becomes a warning that has the field's path. */
export class Fields {
  readonly raw: JsonObject;
  /** Empty for the whole message. */
  readonly #path: string;
  readonly #warnings: InteractiveWarning[];

  constructor(raw: unknown, path: string, warnings: InteractiveWarning[]) {
    this.raw = objectOf(raw);
    this.#path = path;
    this.#warnings = warnings;
  }

  warn(code: InteractiveWarningCode, name: string, problem: string): void {
    const field = this.#pathOf(name);
    this.#warnings.push({ code, field, message: `${field || "The message"} ${problem}.` });
  }

  has(name: string): boolean {
    return !isMissing(this.raw[name]);
  }

  /** Warns about each required field that is missing or blank. */
  require(...names: string[]): void {
    for (const name of names) {
      const value = this.raw[name];
      if (isMissing(value) || (typeof value === "string" && textOf(value) === null)) {
        this.warn("missing-field", name, "is required");
      }
    }
  }

  /** A text as received, converted from a number if necessary; null if it's missing or blank. */
  text(name: string, maxLength = Infinity): string | null {
    const value = this.#get(name, "a string", (each) => typeof each === "string");
    const text = textOf(typeof value === "number" ? String(value) : value);
    if (text && text.length > maxLength) {
      this.warn("too-long", name, `has ${text.length} characters; AWS's widget shows ${maxLength}`);
    }
    return text;
  }

  number(name: string): number | null {
    // JSON's 1e999 is infinite.
    const value = this.#get(name, "a number", Number.isFinite);
    const number = typeof value === "number" ? value : Number(textOf(value) ?? NaN);
    return Number.isFinite(number) ? number : null;
  }

  flag(name: string): boolean {
    const value = this.#get(name, "a boolean", (each) => typeof each === "boolean");
    return String(value) === "true";
  }

  /** Returns null instead of any URL that could run a script. */
  url(name: string): string | null {
    const text = this.text(name)?.trim() ?? null;
    if (text === null || HTTP_URL.test(text)) return text;
    this.warn("unsafe-url", name, "must be an http or https URL");
    return null;
  }

  /** An object's fields. If it is missing or isn't an object, it has none. */
  child(name: string): Fields {
    return new Fields(this.#get(name, "an object", isObject), this.#pathOf(name), this.#warnings);
  }

  /** Reads each item of an array, without those that can't be read. A limit leaves none out. */
  list<Item>(
    name: string,
    [minimum, maximum]: readonly [number, number],
    read: (item: Fields) => Item | null,
  ): Item[] {
    const value = this.#get(name, "an array", Array.isArray);
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    const { length } = items;
    if (length < minimum) this.warn("too-few", name, `has ${length} items; the minimum is ${minimum}`);
    if (length > maximum) this.warn("too-many", name, `has ${length} items; the maximum is ${maximum}`);
    return items
      .map((each, index) => read(new Fields(each, this.#pathOf(`${name}[${index}]`), this.#warnings)))
      .filter((each) => each !== null);
  }

  /** A title, subtitle and image. Without a title, the subtitle takes its place. */
  texts(): ReplyMessage {
    const title = this.text("title", MAX_TEXT);
    const subtitle = this.text("subtitle", MAX_TEXT);
    return {
      title: title ?? subtitle ?? "",
      subtitle: title === null ? null : subtitle,
      image: this.image(),
    };
  }

  image(): InteractiveImage | null {
    const url = this.url("imageData");
    return url === null ? null : { url, description: this.text("imageDescription") ?? "" };
  }

  #get(name: string, kind: string, isKind: (value: unknown) => boolean): unknown {
    const value = this.raw[name];
    if (!isMissing(value) && !isKind(value)) this.warn("wrong-type", name, `must be ${kind}`);
    return value;
  }

  #pathOf(name: string): string {
    return [this.#path, name].filter(Boolean).join(".");
  }
}
