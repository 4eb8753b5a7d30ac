// Packages of the application's that this one does not install, as far as the examples use them.
declare module "vitest" {
  export { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
}
declare module "@playwright/test" {
  import type { Page } from "playwright-core";
  export { expect } from "@jest/globals";
  export function test(title: string, run: (fixtures: { page: Page }) => Promise<void>): void;
}
declare module "@react-native-community/netinfo" {
  const NetInfo: { fetch(): Promise<{ isConnected: boolean | null }> };
  export default NetInfo;
}
declare module "react-native" {
  export const AppState: {
    addEventListener(type: "change", listener: (state: string) => void): { remove(): void };
  };
}
