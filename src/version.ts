declare const __CHATJS_VERSION__: string | undefined;
declare const __CHATJS_BUILD_TIMESTAMP__: string | undefined;
declare const __CHATJS_BUILD_ENVIRONMENT__: "production" | "development" | undefined;

/** The package's version, inserted by the build. */
export const VERSION: string = typeof __CHATJS_VERSION__ === "string" ? __CHATJS_VERSION__ : "0.0.0-source";

/** The build's time and target environment. */
export const BUILD = {
  timestamp: typeof __CHATJS_BUILD_TIMESTAMP__ === "string" ? __CHATJS_BUILD_TIMESTAMP__ : "",
  environment:
    typeof __CHATJS_BUILD_ENVIRONMENT__ === "string" ? __CHATJS_BUILD_ENVIRONMENT__ : "development",
} as const;
