/**
 * Copies text. Resolves with false if the browser doesn't allow that, for example over plain http from another machine.
 */
export async function copyText(text: string): Promise<boolean> {
  // The type declarations omit that `clipboard` is undefined outside secure contexts.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    await clipboard?.writeText(text);
    return clipboard !== undefined;
  } catch {
    return false;
  }
}
