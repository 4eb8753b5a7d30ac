import type { Page } from "./page";

/** A public name: what ours does behind it, and the test of it. The test fails on a page that lacks the name. */
export interface Row {
  readonly does: string;
  test(page: Page): unknown;
}

export type Rows = Readonly<Record<string, Row>>;

export const row = (does: string, test: Row["test"]): Row => ({ does, test });
