import { installNamespace } from "../../../src/namespace";
import type { Page } from "./page";

/** A value that Streams defined in the `connect` global before the library was loaded. */
export const STREAMS_VALUE = { isStreams: true } as const;

/** Returns the global's value with this name after the library has also been loaded. */
export function valueWithStreams(page: Page, name: string): unknown {
  const before: unknown = Reflect.get(globalThis, "connect");
  Reflect.set(globalThis, "connect", { [name]: STREAMS_VALUE });
  try {
    return installNamespace(page.connect)[name];
  } finally {
    Reflect.set(globalThis, "connect", before);
  }
}
