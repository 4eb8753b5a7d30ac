import {
  LOG_LEVEL,
  Logger,
  LogManager,
  type LogManagerObject,
  type LogMetaData,
} from "../observability/logger";
import { StreamsMetrics, type StreamsPage } from "../observability/streams-metrics";
import { ChatError, isChatError } from "../errors";
import { ChatClient } from "../participant/chat-client";
import type { Platform } from "../platform";
import { BUILD, VERSION } from "../version";
import { GlobalConfig, type ChatGlobalConfig } from "./global-config";
import { sessionFactory, type CreateSession } from "./create";
import { Links } from "../connection/links";
import { PublicManager } from "../connection/public-manager";
import type {
  ChatLogger,
  ChatLogLevel,
  ChatSessionTypes,
  CSMService,
  SetFeatureFlag,
  SetGlobalConfig,
  SetRegionOverride,
} from "./types/library";

/** `connect.ChatSession`: where everything begins. */
export interface ChatSessionObject {
  /** The base class of a custom chat client; the same as `connect.ChatClient`. */
  ChatClient: typeof ChatClient;
  /** What every failure is. */
  ChatError: typeof ChatError;
  /** Whether something is a `ChatError`, of this copy of the library or another. */
  isChatError: typeof isChatError;
  /** Makes a customer's or an agent's session. Throws an IllegalArgument error that names the field. */
  create: CreateSession;
  /** Merges into the library's configuration: what a call leaves out keeps its value. */
  setGlobalConfig: SetGlobalConfig;
  /** Switches a feature on; the one with an effect is MESSAGE_RECEIPTS_ENABLED. */
  setFeatureFlag: SetFeatureFlag;
  /** Wins over every other region; null to go back to them. */
  setRegionOverride: SetRegionOverride;
  /** The levels, by weight: a line is made when its level weighs at least as much as the configured one. */
  LogLevel: Required<ChatLogLevel>;
  /** A base for a logger of the application's own. Upstream declares it as a logger, though it is a class. */
  Logger: typeof Logger & ChatLogger;
  SessionTypes: ChatSessionTypes;
  /** Client-side metrics; the same as `connect.csmService`. */
  csmService: CSMService;
}

/** `connect.WebSocketManager`: a socket manager without a session. */
export interface WebSocketManagerObject {
  create(logMetaData?: LogMetaData): PublicManager;
  setGlobalConfig(config?: Pick<ChatGlobalConfig, "loggerConfig" | "webSocketManagerConfig">): void;
  LogLevel: typeof LOG_LEVEL;
  /** A base for a logger of the application's own. */
  Logger: typeof Logger;
}

/** `connect.ChatJS`: what is loaded. */
export interface ChatJSObject {
  readonly version: string;
  readonly name: string;
  readonly source: string;
  readonly repository: string;
  readonly build: {
    /** ISO 8601. */
    readonly timestamp: string;
    readonly environment: "production" | "development";
  };
}

/** What the library puts into the `connect` global. */
export interface ChatLibrary {
  readonly ChatClient: typeof ChatClient;
  readonly ChatSession: ChatSessionObject;
  readonly LogManager: LogManagerObject;
  readonly csmService: CSMService;
  readonly LogLevel: typeof LOG_LEVEL;
  readonly WebSocketManager: WebSocketManagerObject;
  readonly ChatJS: ChatJSObject;
}

/** The library's parts on one platform. Nothing is started before `create()`. */
export function createLibrary(platform: Platform, streams: StreamsPage): ChatLibrary {
  const logManager = new LogManager(platform);
  const streamsMetrics = new StreamsMetrics(streams, logManager.getLogger({ prefix: "ChatJS-Streams" }));
  const config = new GlobalConfig(platform, logManager);
  return {
    ChatClient,
    ChatSession: {
      ChatClient,
      ChatError,
      isChatError,
      create: sessionFactory({
        platform,
        logManager,
        config,
        csm: config.csm,
        streamsMetrics,
        links: new Links(platform),
      }),
      setGlobalConfig: (given) => config.update(given),
      setFeatureFlag: (name) => config.setFeatureFlag(name),
      setRegionOverride: (region) => config.setRegionOverride(region),
      LogLevel: LOG_LEVEL,
      // As upstream declares it, so that what compiled goes on to compile; a class has no such methods of its own.
      Logger: Logger as typeof Logger & ChatLogger,
      SessionTypes: { AGENT: "AGENT", CUSTOMER: "CUSTOMER" },
      csmService: config.csm,
    },
    LogManager: logManager,
    csmService: config.csm,
    LogLevel: LOG_LEVEL,
    WebSocketManager: {
      create: (logMetaData = {}) =>
        new PublicManager(
          platform,
          logManager.getLogger({ prefix: "ChatJS-WebSocketManager", logMetaData }),
          { isNetworkOnline: config.settings.isNetworkOnline, plainHost: () => config.plainHost },
        ),
      setGlobalConfig: (given) => config.update(given),
      LogLevel: LOG_LEVEL,
      Logger,
    },
    ChatJS: Object.freeze({
      version: VERSION,
      name: "amazon-connect-chatjs",
      source: "npm",
      repository: "https://www.npmjs.com/package/amazon-connect-chatjs",
      build: Object.freeze({ ...BUILD }),
    }),
  };
}
