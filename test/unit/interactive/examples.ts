import { readFileSync } from "node:fs";
import path from "node:path";
import { parseInteractive, type InteractiveMessage } from "../../../interactive/index";

/** Made-up messages: a valid one and a broken one for each template. */

export const INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive";
export const RESPONSE = "application/vnd.amazonaws.connect.message.interactive.response";

export interface Example {
  readonly kind: "valid" | "invalid";
  readonly why: string;
  readonly Content_parsed: object;
  /** What the customer's client sends for the first choice. */
  readonly expectedReply?: { readonly ContentType: string; readonly Content: string };
}

const read = JSON.parse(readFileSync(path.join(__dirname, "examples.json"), "utf8")) as Record<
  string,
  readonly Example[]
>;

export const EXAMPLES = Object.entries(read).flatMap(([template, examples]) =>
  examples.map((example) => ({ template, ...example })),
);

/** Returns the example with that template. */
export function exampleOf(template: string, kind: Example["kind"] = "valid"): Example {
  const example = read[template]?.find((each) => each.kind === kind);
  if (!example) throw new Error(`There is no ${kind} example of ${template}.`);
  return example;
}

export function parsed(content: unknown): InteractiveMessage {
  const Content = typeof content === "string" ? content : JSON.stringify(content);
  const message = parseInteractive({ Id: "item", ContentType: INTERACTIVE, Content });
  if (!message) throw new Error("The item isn't an interactive message.");
  return message;
}

/** Returns a message of one kind. */
export function parsedAs<Kind extends InteractiveMessage["kind"]>(
  kind: Kind,
  content: unknown = exampleOf(kind).Content_parsed,
): Extract<InteractiveMessage, { kind: Kind }> {
  const message = parsed(content);
  if (!isKind(message, kind)) throw new Error(`The message is of the kind ${message.kind}.`);
  return message;
}

const isKind = <Kind extends InteractiveMessage["kind"]>(
  message: InteractiveMessage,
  kind: Kind,
): message is Extract<InteractiveMessage, { kind: Kind }> => message.kind === kind;

/** A template around some content. */
export const template = (templateType: string, content: object): object => ({
  templateType,
  version: "1.0",
  data: { content },
});
