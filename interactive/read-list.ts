/** Reads the templates with a list of elements. */
import type { Fields } from "./fields";
import { COUNTS, MAX_QUICK_REPLY, MAX_TEXT, PAGING_ACTIONS } from "./limits";
import type { ListElement, ListMessage, ListMessageBase } from "./types";

/** The fields that only lists have. */
export type ListFields = Pick<ListMessageBase, "elements" | "listId" | "preIndex" | "nextIndex">;

export function readList(kind: ListMessage["kind"], content: Fields): ListFields {
  const maxTitle = kind === "QuickReply" ? MAX_QUICK_REPLY : MAX_TEXT;
  const elements = content.list("elements", COUNTS[kind], (each) => readElement(each, maxTitle));
  if (elements.some((each) => each.kind === "paging")) {
    content.require("listId", "referenceId", "preIndex", "nextIndex");
  }
  return {
    elements,
    listId: content.text("listId"),
    preIndex: content.number("preIndex"),
    nextIndex: content.number("nextIndex"),
  };
}

/** Without a title, there is nothing to show or to answer. */
function readElement(fields: Fields, maxTitle: number): ListElement | null {
  fields.require("title");
  const title = fields.text("title", maxTitle);
  if (title === null) return null;
  const subtitle = fields.text("subtitle", MAX_TEXT);
  const base = { title, subtitle, image: fields.image(), raw: fields.raw };
  const actionDetail = fields.text("actionDetail");
  const action = PAGING_ACTIONS.find((each) => each === actionDetail);
  if (action) return { kind: "paging", action, ...base };
  if (actionDetail !== null) {
    fields.warn("unknown-value", "actionDetail", `must be ${PAGING_ACTIONS.join(" or ")}`);
  }
  if (fields.text("type") !== "hyperlink") return { kind: "option", ...base };
  fields.require("url");
  return { kind: "link", url: fields.url("url"), ...base };
}
