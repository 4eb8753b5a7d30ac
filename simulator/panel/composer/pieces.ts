/** Cuts a text into the pieces of a streamed answer: a few words each, with their spaces. */
export function toPieces(text: string, words = 3): string[] {
  const parts = text.match(/\S+\s*|\s+/g) ?? [];
  const pieces: string[] = [];
  for (let index = 0; index < parts.length; index += words) {
    pieces.push(parts.slice(index, index + words).join(""));
  }
  return pieces;
}
