/**
 * Types of the page that the declarations name: the compiler's own where it has them, as with the DOM library and the types
 * of Node and React Native. A program that is compiled without any of those gets the members that matter to a caller.
 */

/** `Blob`: a file's content, as `downloadAttachment()` resolves it. */
export type GlobalBlob = typeof globalThis extends { Blob: { prototype: infer Known } } ? Known : BlobMembers;

/** `File`: what `sendAttachment()` takes. */
export type GlobalFile = typeof globalThis extends { File: { prototype: infer Known } }
  ? Known
  : BlobMembers & { readonly name: string };

/** `AbortSignal`. React Native declares it as a class, which `globalThis` does not list; its `Request` has one. */
export type GlobalAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Known } }
  ? Known
  : typeof globalThis extends { Request: { prototype: { signal: infer Known } } }
    ? Exclude<Known, undefined>
    : AbortSignalMembers;

/** `Element`: a place in a page. */
export type GlobalElement = typeof globalThis extends { Element: { prototype: infer Known } }
  ? Known
  : { append(...nodes: unknown[]): void };

/** The type of an error's `cause`: compilers before 4.8 declare it as an `Error`, and a subclass must not widen it. */
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
