/** Seeds whose schedules failed once: each run plays them first. */
export const SEEDS_THAT_FAILED: readonly string[] = [];
