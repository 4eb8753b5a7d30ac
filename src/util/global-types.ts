/**
 * Global types in the published declarations. If the application is compiled with the types of the DOM, Node, or React
 * Native, these declarations resolve to those types. Otherwise, they have only the members that callers need.
 */

/** The `Blob` type. `downloadAttachment()` resolves with a Blob. */
export type GlobalBlob = typeof globalThis extends { Blob: { prototype: infer Known } } ? Known : BlobMembers;

/** The `File` type. `sendAttachment()` sends a File. */
export type GlobalFile = typeof globalThis extends { File: { prototype: infer Known } }
  ? Known
  : BlobMembers & { readonly name: string };

/** The `AbortSignal` type. React Native's `globalThis` type lacks the class, but its `Request` has a `signal`. */
export type GlobalAbortSignal = typeof globalThis extends { AbortSignal: { prototype: infer Known } }
  ? Known
  : typeof globalThis extends { Request: { prototype: { signal: infer Known } } }
    ? Exclude<Known, undefined>
    : AbortSignalMembers;

/** The `Element` type. */
export type GlobalElement = typeof globalThis extends { Element: { prototype: infer Known } }
  ? Known
  : { append(...nodes: unknown[]): void };

/** The type of an error's `cause`. TypeScript before 4.8 declares it as `Error`, which a subclass must not widen. */
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
