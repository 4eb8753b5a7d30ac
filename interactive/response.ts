import { objectOf, parseJson, textOf } from "./json";
import { PAGING_ACTIONS, RESPONSE } from "./limits";
import type { InteractiveItem } from "./types";

/**
 * Returns what to show for a customer's answer that was sent as JSON: a response, or a choice in a carousel. Returns
 * null for all other items, so show those as usual. Returns an empty text for an answer that isn't shown, such as a
 * request for a list's next page. Never throws.
 *
 * @example
 * import { responseText } from "amazon-connect-chatjs/interactive";
 *
 * session.onMessage(({ data }) => show(responseText(data) ?? data.Content));
 */
export function responseText(item: InteractiveItem | null | undefined): string | null {
  const { ContentType, Content } = objectOf(item);
  const content = objectOf(parseJson(Content));
  if (ContentType === RESPONSE) {
    if (PAGING_ACTIONS.some((each) => each === content["action"])) return "";
    const inner = objectOf(content["data"])["content"];
    // The agent's page shows the title. A blank action stands for text that was typed during a view.
    return textOf(objectOf(inner)["title"]) ?? textOf(content["action"]) ?? textOf(inner) ?? "";
  }
  const { listTitle, selectionText } = content;
  const isChoice = ContentType === "text/plain" && typeof listTitle === "string";
  return isChoice && typeof selectionText === "string"
    ? [listTitle, selectionText].filter(Boolean).join(" - ")
    : null;
}
