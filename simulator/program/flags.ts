/** Reads the program's arguments. */
import { parseArgs } from "node:util";
import { originIn } from "../guard";
import { MAX_UPLOAD_BYTES } from "../http";
import { DEFAULT_HOST } from "../network";
import { UserError } from "./user-error";

export const DEFAULT_PORT = 8080;
const MAX_DELAY_MS = 600_000;
const MAX_SEED = 2 ** 32 - 1;
const UNITS: Readonly<Record<string, number>> = { "": 1, b: 1, kb: 1024, mb: 1024 * 1024 };

export interface Flags {
  readonly host: string;
  readonly port: number;
  readonly https: boolean;
  /** The files that contain a certificate and its key. */
  readonly certificate: { readonly cert: string; readonly key: string } | null;
  /** "echo" or a file. */
  readonly bot: string | null;
  readonly latencyMs: number;
  readonly transcriptLagMs: number;
  readonly seed: number | null;
  readonly stateFile: string | null;
  readonly maxAttachmentBytes: number | null;
  readonly allowOrigins: readonly string[];
  readonly opensPanel: boolean;
  readonly output: "quiet" | "normal" | "verbose";
}

/** What the program should do. */
export type Request =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | { readonly kind: "start"; readonly flags: Flags };

const OPTIONS = {
  host: { type: "string" },
  port: { type: "string", short: "p" },
  https: { type: "boolean" },
  cert: { type: "string" },
  key: { type: "string" },
  bot: { type: "string" },
  latency: { type: "string" },
  "transcript-lag": { type: "string" },
  seed: { type: "string" },
  state: { type: "string" },
  "max-attachment": { type: "string" },
  "allow-origin": { type: "string", multiple: true },
  open: { type: "boolean" },
  quiet: { type: "boolean", short: "q" },
  verbose: { type: "boolean" },
  version: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

type Values = ReturnType<typeof parse>;

/** Throws a UserError for arguments that it doesn't accept. `portVariable` is the environment's PORT. */
export function readFlags(args: readonly string[], portVariable = ""): Request {
  const values = parse(args);
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  return {
    kind: "start",
    flags: {
      host: hostOf(values.host),
      port: portOf(values.port, portVariable),
      https: values.https === true || values.cert !== undefined,
      certificate: certificateOf(values),
      bot: nonEmpty("bot", "echo or a file", values.bot),
      latencyMs: wholeNumber("latency", values.latency, MAX_DELAY_MS) ?? 0,
      transcriptLagMs: wholeNumber("transcript-lag", values["transcript-lag"], MAX_DELAY_MS) ?? 0,
      seed: wholeNumber("seed", values.seed, MAX_SEED),
      stateFile: nonEmpty("state", "a file", values.state),
      maxAttachmentBytes: maxAttachmentOf(values["max-attachment"]),
      allowOrigins: (values["allow-origin"] ?? []).map(originOf),
      opensPanel: values.open === true,
      output: outputOf(values),
    },
  };
}

function parse(args: readonly string[]) {
  const joined = withJoinedNumbers(args);
  try {
    return parseArgs({ args: joined, options: OPTIONS }).values;
  } catch (error) {
    // The first sentence names the argument. The remaining sentences explain parseArgs.
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(
      /\.?(?:\n|\. )|\.$/,
    );
    throw new UserError(`${sentence}.`);
  }
}

/**
 * Joins an option and a negative number after it, `--port -1` to `--port=-1`, so that the option's own check explains
 * the number. Throws a UserError if another option follows instead of a value.
 */
function withJoinedNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? "";
    const next = args[index + 1] ?? "";
    const name = nameOfTextOption(arg);
    if (name === undefined || !next.startsWith("-") || next === "-") {
      joined.push(arg);
    } else if (/^-\d/.test(next)) {
      joined.push(`--${name}=${next}`);
      index += 1;
    } else {
      throw new UserError(
        `--${name} needs a value, but ${next} follows it. If ${next} is the value, write --${name}=${next}`,
      );
    }
  }
  return joined;
}

/** The name of an option that takes a value, if the argument is that option without its value. */
function nameOfTextOption(arg: string): string | undefined {
  const found = Object.entries(OPTIONS).find(
    ([name, option]) => arg === `--${name}` || ("short" in option && arg === `-${option.short}`),
  );
  return found?.[1].type === "string" ? found[0] : undefined;
}

function hostOf(host: string | undefined): string {
  return nonEmpty("host", "a host name or an IP address", host)?.replace(/^\[(.*)\]$/, "$1") ?? DEFAULT_HOST;
}

function portOf(flag: string | undefined, variable: string): number {
  const [name, text] = flag === undefined ? ["PORT", variable] : ["--port", flag];
  if (flag === undefined && variable === "") return DEFAULT_PORT;
  const port = Number(text);
  if (text.trim() === "" || !Number.isInteger(port) || port < 0 || port > 65535)
    throw new UserError(`${name} must be a number from 0 (any free port) to 65535; got "${text}".`);
  return port;
}

function certificateOf({ cert, key }: Values): Flags["certificate"] {
  if (cert === undefined && key === undefined) return null;
  if (cert === undefined) throw new UserError("--key needs the certificate it belongs to: add --cert FILE.");
  if (key === undefined) throw new UserError("--cert needs the certificate's private key: add --key FILE.");
  return { cert, key };
}

function wholeNumber(name: string, text: string | undefined, max: number): number | null {
  if (text === undefined) return null;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > max)
    throw new UserError(`--${name} must be a whole number from 0 to ${max}; got "${text}".`);
  return number;
}

function maxAttachmentOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([km]?b)?$/i.exec(text) ?? [];
  const bytes = Math.round(Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (!(bytes >= 1 && bytes <= MAX_UPLOAD_BYTES))
    throw new UserError(`--max-attachment must be a size from 1 byte to 100mb, such as 50mb; got "${text}".`);
  return bytes;
}

function originOf(text: string): string {
  const origin = originIn(text);
  if (origin === undefined)
    throw new UserError(`--allow-origin must be an origin, such as http://localhost:3000; got "${text}".`);
  return origin;
}

function outputOf({ quiet, verbose }: Values): Flags["output"] {
  if (quiet && verbose) throw new UserError("--quiet and --verbose exclude each other: pass one of them.");
  if (quiet) return "quiet";
  return verbose ? "verbose" : "normal";
}

function nonEmpty(name: string, kind: string, text: string | undefined): string | null {
  if (text === undefined) return null;
  if (text.trim() === "") throw new UserError(`--${name} must be ${kind}; got an empty text.`);
  return text;
}
