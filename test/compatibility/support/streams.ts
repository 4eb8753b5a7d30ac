import { installNamespace } from "../../../src/namespace";
import type { Page } from "./page";

/** What Streams has put under a name of the `connect` global before the library comes. */
export const OF_STREAMS = { isStreams: true } as const;

/** What stands under that name once the library is there as well. */
export function besideStreams(page: Page, name: string): unknown {
  const before: unknown = Reflect.get(globalThis, "connect");
  Reflect.set(globalThis, "connect", { [name]: OF_STREAMS });
  try {
    return installNamespace(page.connect)[name];
  } finally {
    Reflect.set(globalThis, "connect", before);
  }
}
