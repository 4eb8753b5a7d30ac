declare const __CHATJS_VERSION__: string | undefined;

/** The package's version, which the build inserts. */
export const VERSION: string = typeof __CHATJS_VERSION__ === "string" ? __CHATJS_VERSION__ : "0.0.0-source";
