/**
 * Says how many sockets a fault dropped. `answer` is the API's response; undefined if it doesn't say so, as in versions
 * of the simulator that don't count dropped sockets.
 */
export function droppedText(answer: object): string | undefined {
  if (!("dropped" in answer) || typeof answer.dropped !== "number") return undefined;
  if (answer.dropped === 0) return "No socket was open.";
  return answer.dropped === 1 ? "Dropped 1 socket." : `Dropped ${answer.dropped} sockets.`;
}
