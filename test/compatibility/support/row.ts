import type { Page } from "./page";

/** A public name's behavior and its test. The test fails on a page without the name. */
export interface Row {
  readonly does: string;
  test(page: Page): unknown;
}

export type Rows = Readonly<Record<string, Row>>;

export const row = (does: string, test: Row["test"]): Row => ({ does, test });
