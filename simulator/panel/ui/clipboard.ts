/** Copies text. Resolves whether that worked: a page over plain http from another machine may not. */
export async function copyText(text: string): Promise<boolean> {
  // Undefined outside of secure contexts, whatever the declarations say.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  try {
    if (!clipboard) return copySelection(text);
    await clipboard.writeText(text);
    return true;
  } catch {
    return copySelection(text);
  }
}

function copySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  // Deprecated, but the only way without a secure context.
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}
