/** Seeds whose schedules failed once: each run plays them first. */
export const SEEDS_THAT_FAILED: readonly string[] = [
  "q3-462",
  "q3-533",
  "q3-546",
  "q3-964",
  "q3-1278",
  "q3-1288",
  "q3-1339",
  "q5-571",
  "q5-1236",
  "q5-1683",
  "q5-1889",
  "mutation-176",
  "long-1002",
  "long-1918",
  "q7-813",
];
