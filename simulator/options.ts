import type { BotScript } from "./bot";
import type { KeyAndCertificate } from "./certificate";
import type { SimulatorLimits } from "./limits";
import type { SimulatorProblem } from "./problems";
import type { RequestLog } from "./request-log";
import type { Snapshot } from "./snapshot";
import type { ServedFiles } from "./static-files";

export interface SimulatorOptions {
  /** Default 0: the system assigns a free port. */
  port?: number;
  /** Default "127.0.0.1". "0.0.0.0" listens on all of the machine's addresses. */
  host?: string;
  /**
   * Serves HTTPS and secure sockets. Pass a certificate and its key (both PEM), or true for a self-signed certificate
   * for localhost and the host. Default false.
   */
  https?: boolean | KeyAndCertificate;
  /** How long each call and each upload or download waits before the service acts, in milliseconds. Default 0. */
  latencyMs?: number;
  /** How far GetTranscript's items lag behind the sockets, in milliseconds. Default 0. */
  transcriptLagMs?: number;
  /** The seed of the faults' random source. Default 1. */
  seed?: number;
  /** Plays the other side of each new chat. "echo" repeats the customer's messages. Default: nobody plays it. */
  bot?: "echo" | BotScript;
  /**
   * Called with each error that the bot throws, or that its promise rejects with. The chat continues. Default: the error
   * is thrown again outside of any call, so that it fails a test or ends the program.
   */
  onBotError?: (error: unknown) => void;
  /** How long a connection token is valid. Default 24 hours. */
  connectionTokenLifeMs?: number;
  /** How long a socket URL can be used. Default 100 seconds. */
  socketUrlLifeMs?: number;
  /** How long an upload URL is valid. Default 15 minutes. */
  uploadUrlLifeMs?: number;
  /** How long a download URL is valid. Default 5 minutes. */
  downloadUrlLifeMs?: number;
  /**
   * Whether receipts have ContactId and InitialContactId. The service sends receipts with and without these fields.
   * Default "alternate".
   */
  receiptContactIds?: "with" | "without" | "alternate";
  /** The instance's limits: attachment sizes and extensions, message lengths. Default: the service's defaults. */
  limits?: SimulatorLimits;
  /** Folders or files to serve next to the service, by path: `{ "/": "examples/demo" }`. */
  serveFiles?: ServedFiles;
  /** The clock, in epoch milliseconds. Default `Date.now()`, even if a test replaces it. */
  now?: () => number;
  /** Whether `traffic` records the frames of every socket. Default false, because the record grows without bound. */
  record?: boolean;
  /**
   * How many of the latest calls `requests` keeps, and how many of a socket's latest frames `received` keeps. Default: all
   * calls since the last `clearRequests()`, and all frames.
   */
  maxRequests?: number;
  /** How many of the latest responses can be sent again when a call is repeated with its client token. Default: all. */
  maxIdempotentResponses?: number;
  /** Called with each request after it is answered. */
  log?: RequestLog;
  /**
   * Called with each problem that the simulator survives: an internal error, a restart whose port is in use, or the first
   * control request from an origin that isn't allowed. Default: prints the problem, except for refused origins.
   */
  onProblem?: (problem: SimulatorProblem) => void;
  /**
   * Whether the simulator serves its control API at `/_control/`, for programs in other languages and for the control
   * panel. `allowOrigins` lists the origins of other pages that may call the API. Default false.
   */
  control?: boolean | { allowOrigins?: readonly string[] };
  /** The state to start with, from `simulator.snapshot()`. */
  snapshot?: Snapshot;
}
