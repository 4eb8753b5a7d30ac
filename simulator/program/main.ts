/** The program `connect-chat-simulator`: starts the simulator with the control API, the panel and the demo. */
import {
  startSimulator,
  type ServedFiles,
  type Simulator,
  type SimulatorOptions,
  type Snapshot,
} from "../index";
import { banner, localAddress } from "./banner";
import { loadBot, reportBotError, watchUncaughtErrors } from "./bot-file";
import { readCertificate } from "./certificate-files";
import { DEFAULT_PORT, readFlags, type Flags } from "./flags";
import { HELP } from "./help";
import { logLine } from "./log-line";
import { openPage } from "./open-page";
import { readState, StateFile } from "./state-file";
import { problemText } from "../problems";
import { codeOf, UserError } from "./user-error";

export interface ProgramOptions {
  /** How the user started the program, for messages. */
  readonly command: string;
  readonly version: string;
  readonly files: ServedFiles;
  readonly args: readonly string[];
}

/** Runs until Ctrl+C or SIGTERM. */
export async function runProgram(options: ProgramOptions): Promise<void> {
  try {
    await run(options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    fail(error.message);
  }
}

/** Prints a message without a stack trace, and exits. */
function fail(message: string): never {
  console.error(message);
  // Setting the exit code isn't enough, because a bot's module may keep the process alive.
  process.exit(1);
}

async function run({ command, version, files, args }: ProgramOptions): Promise<void> {
  const request = requestOf(args, command);
  if (request.kind === "help") process.stdout.write(HELP);
  else if (request.kind === "version") console.log(version);
  else await start(request.flags, files, command);
}

function requestOf(args: readonly string[], command: string): ReturnType<typeof readFlags> {
  try {
    return readFlags(args, process.env["PORT"]);
  } catch (error) {
    if (error instanceof UserError) throw new UserError(`${error.message}\nTry: ${command} --help`);
    throw error;
  }
}

async function start(flags: Flags, files: ServedFiles, command: string): Promise<void> {
  const saved = flags.stateFile === null ? null : readState(flags.stateFile);
  const simulator = await startSimulator(await optionsOf(flags, files, saved)).catch((error: unknown) => {
    throw listenError(error, flags, command);
  });
  const state = saveState(flags, simulator, saved !== null);
  closeOnSignals(simulator, flags, state);
  // Only now, because an error at startup must end the program.
  if (flags.bot !== null && flags.bot !== "echo") watchUncaughtErrors(flags.bot, failAfterSaving(state));
  if (flags.output !== "quiet") console.log(banner(flags, simulator.port));
  if (flags.opensPanel) {
    const panel = `${localAddress(flags, simulator.port)}/_panel/`;
    openPage(panel, () => console.error(`No browser could be opened. Open the panel yourself: ${panel}`));
  }
}

/** Saves the chats for the last time, then exits. Only the first error is printed. */
function failAfterSaving(state: StateFile | null): (message: string) => void {
  let isFailing = false;
  return (message) => {
    if (isFailing) return;
    isFailing = true;
    void (state?.close() ?? Promise.resolve()).finally(() => fail(message));
  };
}

function saveState({ stateFile, bot }: Flags, simulator: Simulator, isRestored: boolean): StateFile | null {
  if (stateFile === null) return null;
  return new StateFile(stateFile, {
    snapshot: () => simulator.snapshot(),
    onChange: (listener) => simulator.onChange(listener),
    // A bot may have changed the restored chats already.
    isSaved: isRestored && bot === null,
    onError: (problem) => console.error(problem),
  });
}

async function optionsOf(
  flags: Flags,
  serveFiles: ServedFiles,
  snapshot: Snapshot | null,
): Promise<SimulatorOptions> {
  const { host, port, https, certificate, latencyMs, transcriptLagMs, seed, allowOrigins } = flags;
  const bot = await botOf(flags);
  return {
    host,
    port,
    https: certificate ? readCertificate(certificate) : https,
    latencyMs,
    transcriptLagMs,
    control: { allowOrigins: [...allowOrigins] },
    serveFiles,
    // The program may run for days.
    maxRequests: 1_000,
    maxIdempotentResponses: 10_000,
    onProblem: (problem) => console.error(problemText(problem)),
    ...(bot && { bot }),
    ...(flags.bot !== null && { onBotError: reportBotError(flags.bot) }),
    ...(seed !== null && { seed }),
    ...(flags.maxAttachmentBytes !== null && { limits: { attachmentBytes: flags.maxAttachmentBytes } }),
    ...(flags.output === "verbose" && { log: (answered) => console.log(logLine(answered)) }),
    ...(snapshot && { snapshot }),
  };
}

async function botOf({ bot }: Flags): Promise<SimulatorOptions["bot"]> {
  if (bot === null || bot === "echo") return bot ?? undefined;
  return loadBot(bot);
}

function listenError(error: unknown, { host, port }: Flags, command: string): unknown {
  switch (codeOf(error)) {
    case "EADDRINUSE": {
      const other = port < 65535 ? port + 1 : DEFAULT_PORT;
      return new UserError(
        `Port ${port} is in use. Stop the program that uses it, or choose another port: ${command} --port ${other}`,
      );
    }
    case "EACCES":
      return new UserError(
        `You don't have permission to use port ${port}. Choose one above 1023, for example: ${command} --port ${DEFAULT_PORT}`,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new UserError(
        `--host must be an address of this machine, such as 127.0.0.1 or 0.0.0.0; got "${host}".`,
      );
    default:
      return error;
  }
}

const LOST_CHATS = "The chats are gone. To keep them over a restart, use --state FILE.";

function closeOnSignals(simulator: Simulator, { output }: Flags, state: StateFile | null): void {
  let hadChats = false;
  simulator.onChat(() => (hadChats = true));
  let isClosing = false;
  const close = async (): Promise<void> => {
    await state?.close();
    if (!state && hadChats && output !== "quiet") console.log(LOST_CHATS);
    await simulator.close();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      // A second Ctrl+C exits immediately.
      if (isClosing) process.exit(1);
      isClosing = true;
      close().then(
        () => process.exit(0),
        (error: unknown) => fail(`The simulator failed to close: ${String(error)}`),
      );
    });
  }
}
