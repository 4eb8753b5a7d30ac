/** Never runs an action twice at the same time. Requests during a run cause one more run after it. */
export function coalesce(action: () => Promise<unknown>): () => void {
  let isRunning = false;
  let isRequested = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    try {
      while (isRequested) {
        isRequested = false;
        await action();
      }
    } finally {
      isRunning = false;
    }
  };
  return () => {
    isRequested = true;
    if (!isRunning) void run();
  };
}
