import { isObject, parseJson, type JsonObject } from "./json";
import type { ViewMessage } from "./types";

/** The parts of DescribeView's `View` that this module reads. */
export interface DescribedView {
  readonly Content?:
    | {
        readonly InputSchema?: string | undefined;
        readonly Template?: string | undefined;
        readonly Actions?: readonly string[] | undefined;
      }
    | undefined;
}

/** What AWS's element `<connect-view-renderer>` takes as its `view` attribute, as JSON. */
export interface RendererView {
  readonly Content: {
    readonly Actions: readonly string[];
    readonly InputSchema: Readonly<Record<string, unknown>>;
    readonly Template: Readonly<Record<string, unknown>>;
  };
  readonly InputData: ViewMessage["viewData"];
}

/**
 * Combines what DescribeView returned with the message's data, for AWS's view renderer or your own. Returns null if the
 * view can't be shown, because its template is missing or isn't JSON.
 *
 * @example
 * import { answerTo, parseInteractive, rendererView } from "amazon-connect-chatjs/interactive";
 *
 * session.onMessage(async ({ data }) => {
 *   const message = parseInteractive(data);
 *   if (message?.kind !== "ViewResource" || message.viewToken === null) return;
 *   const described = await session.describeView({ viewToken: message.viewToken });
 *   const view = rendererView(described.data.View, message);
 *   if (!view) return show(message.title);
 *   const element = document.createElement("connect-view-renderer");
 *   element.setAttribute("view", JSON.stringify(view));
 *   element.addEventListener("onAction", (event) => {
 *     const { Action, Output } = (event as CustomEvent<{ Action: string; Output?: object }>).detail;
 *     void session.sendMessage(answerTo(message, { action: Action, data: Output }));
 *   });
 *   container.append(element);
 * });
 */
export function rendererView(
  view: DescribedView | null | undefined,
  { viewData }: Pick<ViewMessage, "viewData">,
): RendererView | null {
  const Template = parseJson(view?.Content?.Template);
  if (!isObject(Template)) return null;
  const schema = parseJson(view?.Content?.InputSchema);
  const InputSchema: JsonObject = isObject(schema) ? schema : {};
  return {
    Content: { Actions: view?.Content?.Actions ?? [], InputSchema, Template },
    InputData: viewData,
  };
}
