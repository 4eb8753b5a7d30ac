import type { Links } from "../connection/links";
import type { ChatWebSocketManager } from "../connection/manager-events";
import { checkSnapshot, type ChatSnapshot } from "../conversation/snapshot";
import { illegalArgument, wrongArgument } from "../errors";
import type { CsmService } from "../observability/csm";
import type { LogManager } from "../observability/logger";
import type { StreamsMetrics } from "../observability/streams-metrics";
import type { ChatClient } from "../participant/chat-client";
import { missingMethods } from "../participant/client-methods";
import type { GetConnectionToken } from "../participant/connection-details";
import type { SessionType } from "../participant/types";
import type { Platform } from "../platform";
import { capitalized } from "../util/capitalized";
import { isObject, type JsonObject } from "../util/json";
import { checkSettings } from "./arguments";
import { ChatMetrics } from "./chat-metrics";
import type { ChatSetup } from "./chat-setup";
import { Controller } from "./controller";
import {
  agentSession,
  customerSession,
  type AgentChatSession,
  type CustomerChatSession,
} from "./chat-session";
import type { GlobalConfig } from "./global-config";
import type { DeclaredWebSocketManager } from "./types/library";

/** Who is who in the chat. */
export interface ChatDetailsInput {
  contactId: string;
  participantId: string;
  /** A customer's, from StartChatContact's answer. Not needed with `getConnectionToken`, or a transport that goes without. */
  participantToken?: string | null;
  /** The contact that the chat began with; default: contactId. */
  initialContactId?: string;
  /** An agent's: resolves `{chatTokenTransport: {participantToken, expiry}}`, as Streams' `getMediaInfo()` gives it. */
  getConnectionToken?: GetConnectionToken;
}

/** The same in PascalCase: StartChatContact's answer as it is. */
export interface StartChatContactAnswer {
  ContactId?: string | undefined;
  ParticipantId?: string | undefined;
  ParticipantToken?: string | null | undefined;
  InitialContactId?: string | undefined;
}

/** Settings of one session. */
export interface ChatSessionOptions {
  /** The contact's region, such as "us-east-1"; becomes the global one as well. */
  region?: string | null;
  /** Taken, since upstream takes it: the service's address has none. So is `cell`. */
  stage?: string | null;
  cell?: string | null;
  /** This session's transport; null for the global one. */
  customChatClient?: ChatClient | null;
}

/** What `create()` takes. */
export interface ChatSessionArgs {
  chatDetails: ChatDetailsInput | StartChatContactAnswer;
  options?: ChatSessionOptions | null;
  type: SessionType;
  /** Streams' socket manager; without one the session makes its own. */
  websocketManager?: ChatWebSocketManager | DeclaredWebSocketManager | null;
  /** No client-side metrics for this session; default false. */
  disableCSM?: boolean;
  /**
   * What `snapshot()` of an earlier session of this participant gave, after a reload or on another page: `connect()` then
   * tells what was said since, each item once.
   */
  resume?: ChatSnapshot | null;
}

/** What `create()` takes for a customer. */
export interface CustomerChatSessionArgs extends ChatSessionArgs {
  type: "CUSTOMER";
}

/** What `create()` takes for an agent. */
export interface AgentChatSessionArgs extends Omit<ChatSessionArgs, "type"> {
  /** The default. */
  type?: "AGENT";
}

type AnyArgs = CustomerChatSessionArgs | AgentChatSessionArgs;

/** Makes a session; bad arguments throw an IllegalArgument error that names the field. */
export interface CreateSession {
  (args: AgentChatSessionArgs): AgentChatSession;
  (args: CustomerChatSessionArgs): CustomerChatSession;
  (args: AnyArgs): CustomerChatSession | AgentChatSession;
  // The last of a function's signatures is the one that ReturnType<> sees: a customer's, as upstream declares it.
  // eslint-disable-next-line @typescript-eslint/unified-signatures
  (args: CustomerChatSessionArgs): CustomerChatSession;
}

export interface Library {
  readonly platform: Platform;
  readonly logManager: LogManager;
  readonly config: GlobalConfig;
  readonly csm: CsmService;
  readonly streamsMetrics: StreamsMetrics;
  readonly links: Links;
}

/** Makes a session; bad arguments throw an IllegalArgument error that names the field. */
export function sessionFactory(library: Library): CreateSession {
  function create(args: CustomerChatSessionArgs): CustomerChatSession;
  function create(args: AgentChatSessionArgs): AgentChatSession;
  function create(args: AnyArgs): CustomerChatSession | AgentChatSession;
  function create(args: AnyArgs): CustomerChatSession | AgentChatSession {
    try {
      const session = make(args);
      library.streamsMetrics.sessionCreated();
      return session;
    } catch (error) {
      library.streamsMetrics.failed("Create");
      throw error;
    }
  }
  const reportMissingMethods = missingMethodsReporter(library.logManager);
  function make(args: AnyArgs): CustomerChatSession | AgentChatSession {
    const checked = checkArgs(args, library.config);
    const setup: ChatSetup = {
      ...checked,
      metrics: metricsOf(args, library.csm),
      countAgent:
        checked.type === "AGENT" ? (name, count) => library.csm.addAgentCountMetric(name, count) : null,
      streamsMetrics: library.streamsMetrics,
      links: library.links,
    };
    reportMissingMethods(setup.client);
    const { contactId, participantId, type: sessionType } = setup;
    const logger = library.logManager.getLogger({
      prefix: `ChatJS-${sessionType}`,
      logMetaData: { contactId, participantId, sessionType, region: library.config.region },
    });
    const controller = new Controller(setup, library.platform, logger);
    return sessionType === "AGENT" ? agentSession(controller) : customerSession(controller);
  }
  return create;
}

/** Metrics are for customers' sessions, unless they are switched off. */
function metricsOf({ type, disableCSM }: AnyArgs, csm: CsmService): ChatMetrics | null {
  if (type !== "CUSTOMER" || disableCSM) return null;
  csm.initializeCSM();
  return new ChatMetrics(csm);
}

/** Logs, once for each class of custom clients, which methods it lacks: better known now than when one is called. */
function missingMethodsReporter(logManager: LogManager): (client: ChatClient) => void {
  const reported = new WeakSet();
  return (client) => {
    const prototype = Reflect.getPrototypeOf(client);
    const kind = prototype && prototype !== Object.prototype ? prototype : client;
    if (reported.has(kind)) return;
    reported.add(kind);
    const logger = logManager.getLogger({ prefix: "ChatJS-create" });
    const missing = missingMethods(client);
    for (const level of ["error", "warn"] as const) {
      if (missing[level].length > 0) logger[level]("The customChatClient lacks methods", missing[level]);
    }
  };
}

function checkArgs(
  args: unknown,
  config: GlobalConfig,
): Omit<ChatSetup, "metrics" | "countAgent" | "streamsMetrics" | "links"> {
  if (!isObject(args)) throw wrongArgument("arguments", "an object: create({ chatDetails, type })", args);
  const type = sessionType(args["type"]);
  const { chatDetails } = args;
  if (!isObject(chatDetails))
    throw wrongArgument("chatDetails", "an object with contactId and participantId", chatDetails);
  const options = optionsOf(args["options"]);
  const ownClient = options.customChatClient ?? config.customChatClient;
  if (options.region) config.adoptRegion(options.region, ownClient === null);
  const contactId = detail(chatDetails, "contactId");
  const participantId = detail(chatDetails, "participantId");
  const participantToken = token(chatDetails);
  const getConnectionToken = connectionTokenSource(chatDetails, type);
  if (participantToken === null && getConnectionToken === null && ownClient === null) {
    throw illegalArgument(
      `chatDetails.${type === "AGENT" ? "getConnectionToken" : "participantToken"}`,
      "is missing: pass what StartChatContact or Streams' getMediaInfo() returned, or a customChatClient.",
    );
  }
  const { plainHost } = config;
  return {
    type,
    contactId,
    initialContactId: optionalDetail(chatDetails, "initialContactId") ?? contactId,
    participantId,
    participantToken,
    getConnectionToken,
    client: ownClient ?? config.client(),
    plainHost: () => plainHost,
    manager: managerOf(args["websocketManager"]),
    resume: args["resume"] ? checkSnapshot(args["resume"], contactId, participantId) : null,
    ...config.settings,
  };
}

function sessionType(given: unknown): SessionType {
  const type = given ?? "AGENT";
  if (type === "AGENT" || type === "CUSTOMER") return type;
  throw wrongArgument("type", '"CUSTOMER" or "AGENT", see connect.ChatSession.SessionTypes', type);
}

function valueOf(details: JsonObject, name: string): unknown {
  return details[name] ?? details[capitalized(name)] ?? null;
}

function optionalDetail(details: JsonObject, name: string): string | null {
  const value = valueOf(details, name);
  if (value === null || value === "") return null;
  if (typeof value === "string") return value;
  throw wrongArgument(`chatDetails.${name}`, "a string", value);
}

function detail(details: JsonObject, name: string): string {
  const value = optionalDetail(details, name);
  if (value === null)
    throw illegalArgument(
      `chatDetails.${name}`,
      "is missing: pass what StartChatContact or Streams returned.",
    );
  return value;
}

const token = (details: JsonObject): string | null => optionalDetail(details, "participantToken");

/** Agents' tokens come from a function; without one, a participant token serves, or a transport that needs none. */
function connectionTokenSource(details: JsonObject, type: SessionType): GetConnectionToken | null {
  if (type === "CUSTOMER") return null;
  const source = valueOf(details, "getConnectionToken");
  if (source === null) return null;
  if (typeof source !== "function") {
    throw wrongArgument("chatDetails.getConnectionToken", "a function that resolves a token", source);
  }
  // Called as a method of the details, and inside a promise: what it throws is a rejection.
  return () => new Promise((resolve) => resolve(Reflect.apply(source, details, [])));
}

function optionsOf(options: unknown): ChatSessionOptions {
  if (!options) return {};
  if (!isObject(options)) throw wrongArgument("options", "an object", options);
  checkSettings(options, "options.", "region", "stage", "cell");
  const client = options["customChatClient"];
  if (client !== undefined && client !== null && typeof client !== "object") {
    throw wrongArgument(
      "options.customChatClient",
      "an instance of a class that extends connect.ChatClient",
      client,
    );
  }
  return options;
}

/** What a session cannot do without; what else a manager has is taken where it is there. */
const NEEDED = ["subscribeTopics", "onMessage", "onConnectionGain", "onConnectionLost"] as const;

function managerOf(manager: unknown): ChatWebSocketManager | null {
  if (!manager) return null;
  if (isManager(manager)) return manager;
  throw wrongArgument(
    "websocketManager",
    `a socket manager with ${NEEDED.join(", ")}, such as connect.core.getWebSocketManager() of Streams`,
    manager,
  );
}

const isManager = (value: unknown): value is ChatWebSocketManager & JsonObject =>
  isObject(value) && NEEDED.every((name) => typeof value[name] === "function");
