/** Copies text. Resolves whether that worked: a page over plain http from another machine may not. */
export async function copyText(text: string): Promise<boolean> {
  // The declarations leave out that it is undefined outside of secure contexts.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    await clipboard?.writeText(text);
    return clipboard !== undefined;
  } catch {
    return false;
  }
}
