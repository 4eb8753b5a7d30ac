import { installNamespace } from "../../../src/namespace";
import type { Page } from "./page";

/** A value that Streams defined in the `connect` global before the library was loaded. */
export const STREAMS_VALUE = { isStreams: true } as const;

/** Returns the value that this name has in the global after the library is loaded on a page with Streams. */
export function valueWithStreams(page: Page, name: string): unknown {
  const before: unknown = Reflect.get(globalThis, "connect");
  Reflect.set(globalThis, "connect", { [name]: STREAMS_VALUE });
  try {
    return installNamespace(page.connect)[name];
  } finally {
    Reflect.set(globalThis, "connect", before);
  }
}
