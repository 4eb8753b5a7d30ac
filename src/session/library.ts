import { ChatClient } from "../api/client";
import type { GlobalConfigUpdate } from "../api/config";
import type { ChatJSObject, ChatSessionObject, CSMService } from "../api/library";
import type { ChatLogger, LogManagerObject, LogMetaData } from "../api/logging";
import { LOG_LEVEL, Logger, Logging } from "../observability/logger";
import { StreamsMetrics, type StreamsGlobal } from "../observability/streams-metrics";
import { ChatError, isChatError } from "../errors";
import type { Platform } from "../platform";
import { BUILD, VERSION } from "../version";
import { GlobalConfig } from "./global-config";
import { sessionFactory } from "./create";
import { Links } from "../connection/links";
import { PublicManager } from "../connection/public-manager";

/** The type of `connect.WebSocketManager`, which creates socket managers that aren't tied to a session. */
export interface WebSocketManagerObject {
  create(logMetaData?: LogMetaData): PublicManager;
  setGlobalConfig(config?: Pick<GlobalConfigUpdate, "loggerConfig" | "webSocketManagerConfig">): void;
  LogLevel: typeof LOG_LEVEL;
  /** The base class for a custom logger. */
  Logger: typeof Logger;
}

/** The objects that the library adds to the `connect` global. */
export interface ChatLibrary {
  readonly ChatClient: typeof ChatClient;
  readonly ChatSession: ChatSessionObject;
  readonly LogManager: LogManagerObject;
  readonly csmService: CSMService;
  readonly LogLevel: typeof LOG_LEVEL;
  readonly WebSocketManager: WebSocketManagerObject;
  readonly ChatJS: ChatJSObject;
}

/** Creates the library's objects for a platform. Nothing is started until a session is created. */
export function createLibrary(platform: Platform, streams: StreamsGlobal): ChatLibrary {
  const logManager = new Logging(platform);
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
      setGlobalConfig: (update) => config.update(update),
      setFeatureFlag: (name) => config.setFeatureFlag(name),
      setRegionOverride: (region) => config.setRegionOverride(region),
      LogLevel: LOG_LEVEL,
      // As in upstream, the class is also declared to have a logger's methods, so that existing code compiles. At run
      // time, only instances have those methods.
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
          { isNetworkOnline: config.settings.isNetworkOnline, unencryptedHost: () => config.unencryptedHost },
        ),
      setGlobalConfig: (update) => config.update(update),
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
