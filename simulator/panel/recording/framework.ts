/** The test frameworks that "Copy as test" supports. */
export const FRAMEWORKS = ["vitest", "jest", "playwright"] as const;

export type Framework = (typeof FRAMEWORKS)[number];
