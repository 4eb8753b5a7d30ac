import type { Links } from "../connection/links";
import type { ChatClient } from "../api/client";
import type { ChatWebSocketManager } from "../api/connection";
import type {
  AgentChatSessionArgs,
  ChatSessionOptions,
  CreateSession,
  CustomerChatSessionArgs,
  GetConnectionToken,
  SessionType,
} from "../api/create";
import type { AgentChatSession, CustomerChatSession } from "../api/session";
import { checkSnapshot } from "../conversation/snapshot";
import { illegalArgument, wrongArgument } from "../errors";
import type { CsmService } from "../observability/csm";
import type { Logging } from "../observability/logger";
import type { StreamsMetrics } from "../observability/streams-metrics";
import { missingMethods } from "../participant/client-methods";
import type { Platform } from "../platform";
import { capitalize } from "../util/capitalize";
import { isObject, type JsonObject } from "../util/json";
import { checkSettings } from "./arguments";
import { ChatMetrics } from "./chat-metrics";
import type { ChatSetup } from "./chat-setup";
import { Controller } from "./controller";
import { createAgentSession, createCustomerSession } from "./chat-session";
import type { GlobalConfig } from "./global-config";

type AnyArgs = CustomerChatSessionArgs | AgentChatSessionArgs;

export interface Library {
  readonly platform: Platform;
  readonly logManager: Logging;
  readonly config: GlobalConfig;
  readonly csm: CsmService;
  readonly streamsMetrics: StreamsMetrics;
  readonly links: Links;
}

/**
 * Returns the `create()` function, which throws IllegalArgument if an argument is invalid. The error names that
 * argument.
 */
export function sessionFactory(library: Library): CreateSession {
  function create(args: CustomerChatSessionArgs): CustomerChatSession;
  function create(args: AgentChatSessionArgs): AgentChatSession;
  function create(args: AnyArgs): CustomerChatSession | AgentChatSession;
  function create(args: AnyArgs): CustomerChatSession | AgentChatSession {
    try {
      const session = createSession(args);
      library.streamsMetrics.recordSessionCreated();
      return session;
    } catch (error) {
      library.streamsMetrics.recordFailure("Create");
      throw error;
    }
  }
  const reportMissingMethods = createMissingMethodsReporter(library.logManager);
  function createSession(args: AnyArgs): CustomerChatSession | AgentChatSession {
    const checkedArgs = checkCreateArguments(args, library.config);
    const setup: ChatSetup = {
      ...checkedArgs,
      metrics: createMetrics(args, library.csm),
      countAgentMetric:
        checkedArgs.type === "AGENT" ? (name, count) => library.csm.addAgentCountMetric(name, count) : null,
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
    return sessionType === "AGENT" ? createAgentSession(controller) : createCustomerSession(controller);
  }
  return create;
}

/** Returns a session's metrics; null for an agent's session or if `disableCSM` is set. */
function createMetrics({ type, disableCSM }: AnyArgs, csm: CsmService): ChatMetrics | null {
  if (type !== "CUSTOMER" || disableCSM) return null;
  csm.initializeCSM();
  return new ChatMetrics(csm);
}

/**
 * Returns a function that logs which methods a custom client lacks, before the application calls them. Each client
 * class is reported once.
 */
function createMissingMethodsReporter(logManager: Logging): (client: ChatClient) => void {
  const reportedClasses = new WeakSet();
  return (client) => {
    const prototype = Reflect.getPrototypeOf(client);
    const clientClass = prototype && prototype !== Object.prototype ? prototype : client;
    if (reportedClasses.has(clientClass)) return;
    reportedClasses.add(clientClass);
    const logger = logManager.getLogger({ prefix: "ChatJS-create" });
    const methods = missingMethods(client);
    for (const level of ["error", "warn"] as const) {
      if (methods[level].length > 0) logger[level]("The customChatClient lacks methods", methods[level]);
    }
  };
}

function checkCreateArguments(
  args: unknown,
  config: GlobalConfig,
): Omit<ChatSetup, "metrics" | "countAgentMetric" | "streamsMetrics" | "links"> {
  if (!isObject(args))
    throw wrongArgument("arguments", "an object, as in create({ chatDetails, type })", args);
  const type = checkType(args["type"]);
  const { chatDetails } = args;
  if (!isObject(chatDetails))
    throw wrongArgument("chatDetails", "an object with contactId and participantId", chatDetails);
  const options = checkOptions(args["options"]);
  const customClient = options.customChatClient ?? config.customChatClient;
  if (options.region) config.adoptRegion(options.region, customClient === null);
  const contactId = requiredDetail(chatDetails, "contactId");
  const participantId = requiredDetail(chatDetails, "participantId");
  const participantToken = participantTokenOf(chatDetails);
  const getConnectionToken = connectionTokenGetter(chatDetails, type);
  if (participantToken === null && getConnectionToken === null && customClient === null) {
    throw illegalArgument(
      `chatDetails.${type === "AGENT" ? "getConnectionToken" : "participantToken"}`,
      "is missing. Pass the result of StartChatContact or of Streams' getMediaInfo(), or a customChatClient.",
    );
  }
  const { unencryptedHost } = config;
  return {
    type,
    contactId,
    initialContactId: optionalDetail(chatDetails, "initialContactId") ?? contactId,
    participantId,
    participantToken,
    getConnectionToken,
    client: customClient ?? config.createClient(),
    unencryptedHost: () => unencryptedHost,
    manager: checkManager(args["websocketManager"]),
    resume: args["resume"] ? checkSnapshot(args["resume"], contactId, participantId) : null,
    ...config.settings,
  };
}

function checkType(value: unknown): SessionType {
  const type = value ?? "AGENT";
  if (type === "AGENT" || type === "CUSTOMER") return type;
  throw wrongArgument("type", '"CUSTOMER" or "AGENT" (see connect.ChatSession.SessionTypes)', type);
}

function detailOf(details: JsonObject, name: string): unknown {
  return details[name] ?? details[capitalize(name)] ?? null;
}

function optionalDetail(details: JsonObject, name: string): string | null {
  const value = detailOf(details, name);
  if (value === null || value === "") return null;
  if (typeof value === "string") return value;
  throw wrongArgument(`chatDetails.${name}`, "a string", value);
}

function requiredDetail(details: JsonObject, name: string): string {
  const value = optionalDetail(details, name);
  if (value === null)
    throw illegalArgument(
      `chatDetails.${name}`,
      "is missing. Pass the result of StartChatContact or of Streams' getMediaInfo().",
    );
  return value;
}

const participantTokenOf = (details: JsonObject): string | null =>
  optionalDetail(details, "participantToken");

/** Returns an agent's `getConnectionToken` function; null for a customer, or if the details don't have one. */
function connectionTokenGetter(details: JsonObject, type: SessionType): GetConnectionToken | null {
  if (type === "CUSTOMER") return null;
  const source = detailOf(details, "getConnectionToken");
  if (source === null) return null;
  if (typeof source !== "function") {
    throw wrongArgument("chatDetails.getConnectionToken", "a function that resolves with a token", source);
  }
  // Calls the function as a method of the details. If the function throws, the promise rejects.
  return () => new Promise((resolve) => resolve(Reflect.apply(source, details, [])));
}

function checkOptions(options: unknown): ChatSessionOptions {
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

/** The methods that a socket manager must have. A session also uses other methods if they exist. */
const REQUIRED_METHODS = ["subscribeTopics", "onMessage", "onConnectionGain", "onConnectionLost"] as const;

function checkManager(manager: unknown): ChatWebSocketManager | null {
  if (!manager) return null;
  if (isManager(manager)) return manager;
  throw wrongArgument(
    "websocketManager",
    `a socket manager with ${REQUIRED_METHODS.join(", ")}, such as Streams' connect.core.getWebSocketManager()`,
    manager,
  );
}

const isManager = (value: unknown): value is ChatWebSocketManager & JsonObject =>
  isObject(value) && REQUIRED_METHODS.every((name) => typeof value[name] === "function");
