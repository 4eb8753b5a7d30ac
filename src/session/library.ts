import { WebSocketManager } from "../connection/web-socket-manager";
import type { CsmService } from "../observability/csm";
import { LOG_LEVEL, Logger, LogManager, type LogMetaData } from "../observability/logger";
import { StreamsMetrics, type StreamsPage } from "../observability/streams-metrics";
import { ChatClient } from "../participant/chat-client";
import type { Platform } from "../platform";
import { BUILD, VERSION } from "../version";
import { SESSION_TYPES, sessionFactory, type CreateSession } from "./create";
import { GlobalConfig, type ChatGlobalConfig } from "./global-config";

/** `connect.ChatSession`: where everything begins. */
export interface ChatSessionObject {
  ChatClient: typeof ChatClient;
  /** Makes a customer's or an agent's session. Throws an IllegalArgument error that names the field. */
  create: CreateSession;
  /** Merges into the library's configuration: what a call leaves out keeps its value. */
  setGlobalConfig(config?: ChatGlobalConfig): void;
  /** Switches a feature on; the one with an effect is MESSAGE_RECEIPTS_ENABLED. */
  setFeatureFlag(name: string): void;
  /** Wins over every other region; null to go back to them. */
  setRegionOverride(region: string | null | undefined): void;
  LogLevel: typeof LOG_LEVEL;
  /** A base for a logger of the application's own. */
  Logger: typeof Logger;
  SessionTypes: typeof SESSION_TYPES;
  csmService: CSMService;
}

/** `connect.WebSocketManager`: a socket manager without a session. */
export interface WebSocketManagerObject {
  create(logMetaData?: LogMetaData): WebSocketManager;
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
  readonly build: { readonly timestamp: string; readonly environment: string };
}

/** `connect.csmService`: client-side metrics, for the application's own as well. */
export type CSMService = Pick<CsmService, keyof CsmService>;

/** `connect.LogManager`: the library's logging, for the application's own lines as well. */
export type LogManagerObject = Pick<
  LogManager,
  | "getLogger"
  | "updateLoggerConfig"
  | "writeToClientLogger"
  | "isLevelEnabled"
  | "hasClientLogger"
  | "selectLogger"
>;

/** What the library puts into the `connect` global. */
export interface ChatLibrary {
  readonly ChatSession: ChatSessionObject;
  readonly LogManager: LogManagerObject;
  readonly csmService: CSMService;
  readonly LogLevel: typeof LOG_LEVEL;
  readonly WebSocketManager: WebSocketManagerObject;
  readonly ChatJS: ChatJSObject;
}

/** A page without Streams. */
const NO_STREAMS: StreamsPage = { version: null, publishMetric: () => undefined };

/** The library's parts on one platform. Nothing is started before `create()`. */
export function createLibrary(platform: Platform, streams: StreamsPage = NO_STREAMS): ChatLibrary {
  const logManager = new LogManager(platform);
  const streamsMetrics = new StreamsMetrics(streams, logManager.getLogger({ prefix: "ChatJS-Streams" }));
  const config = new GlobalConfig(platform, logManager);
  return {
    ChatSession: {
      ChatClient,
      create: sessionFactory({ platform, logManager, config, csm: config.csm, streamsMetrics }),
      setGlobalConfig: (given) => config.update(given),
      setFeatureFlag: (name) => config.setFeatureFlag(name),
      setRegionOverride: (region) => config.setRegionOverride(region),
      LogLevel: LOG_LEVEL,
      Logger,
      SessionTypes: { ...SESSION_TYPES },
      csmService: config.csm,
    },
    LogManager: logManager,
    csmService: config.csm,
    LogLevel: LOG_LEVEL,
    WebSocketManager: {
      create: (logMetaData = {}) =>
        new WebSocketManager(
          platform,
          logManager.getLogger({ prefix: "ChatJS-WebSocketManager", logMetaData }),
          () => config.isNetworkOnline,
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
