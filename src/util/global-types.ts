/**
 * Global types that the declarations use: the compiler's own, if it has them from the DOM library or the types of Node
 * or React Native. A program compiled without any of these gets the members that matter to a caller.
 */

/** `Blob`: a file's content, which `downloadAttachment()` resolves with. */
export type GlobalBlob = typeof globalThis extends { Blob: { prototype: infer Known } } ? Known : BlobMembers;

/** `File`: the file that `sendAttachment()` sends. */
export type GlobalFile = typeof globalThis extends { File: { prototype: infer Known } }
  ? Known
  : BlobMembers & { readonly name: string };

/** `AbortSignal`. React Native declares it as a class that `globalThis` doesn't list, but its `Request` has one. */
export type GlobalAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Known } }
  ? Known
  : typeof globalThis extends { Request: { prototype: { signal: infer Known } } }
    ? Exclude<Known, undefined>
    : AbortSignalMembers;

/** `Element`: an element of a page. */
export type GlobalElement = typeof globalThis extends { Element: { prototype: infer Known } }
  ? Known
  : { append(...nodes: unknown[]): void };

/** The type of an error's `cause`. Compilers before 4.8 declare it as an `Error`, and a subclass must not widen it. */
export type ErrorCause = Error extends { cause?: infer Known } ? Known : unknown;

interface BlobMembers {
  readonly size: number;
  readonly type: string;
  arrayBuffer(): Promise<ArrayBuffer>;
  slice(start?: number, end?: number, contentType?: string): BlobMembers;
  text(): Promise<string>;
}

interface AbortSignalMembers {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}
