/** Copies text. Resolves whether that worked: a page over plain http from another machine may not. */
export async function copyText(text: string): Promise<boolean> {
  // Undefined outside of secure contexts, whatever the declarations say.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    await clipboard?.writeText(text);
    return clipboard !== undefined;
  } catch {
    return false;
  }
}
