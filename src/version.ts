declare const __CHATJS_VERSION__: string | undefined;
declare const __CHATJS_BUILD_TIMESTAMP__: string | undefined;
declare const __CHATJS_BUILD_ENVIRONMENT__: "production" | "development" | undefined;

/** The package's version; the build writes it in. */
export const VERSION: string = typeof __CHATJS_VERSION__ === "string" ? __CHATJS_VERSION__ : "0.0.0-source";

/** When and for what the bundle was built. */
export const BUILD = {
  timestamp: typeof __CHATJS_BUILD_TIMESTAMP__ === "string" ? __CHATJS_BUILD_TIMESTAMP__ : "",
  environment:
    typeof __CHATJS_BUILD_ENVIRONMENT__ === "string" ? __CHATJS_BUILD_ENVIRONMENT__ : "development",
} as const;
