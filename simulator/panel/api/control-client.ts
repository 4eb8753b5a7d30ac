import { addressOf } from "./addresses";
import { ROUTES, type Answer, type Body, type Call, type OperationName, type PathOf } from "./operations";

/** The error if the API refused a call or couldn't be reached. Its message is for the user. */
export class ControlError extends Error {
  override readonly name = "ControlError";
}

/** Calls the control API. */
export class ControlClient {
  readonly #onCall: (call: Call) => void;

  /** `onCall` receives each successful call, except for automatic calls. */
  constructor(onCall: (call: Call) => void) {
    this.#onCall = onCall;
  }

  async call<Name extends OperationName>(
    operation: Name,
    path: PathOf<Name>,
    body: Body<Name>,
    { automatic = false, query = "" }: { automatic?: boolean; query?: string } = {},
  ): Promise<Answer<Name>> {
    const [method] = ROUTES[operation];
    const response = await fetch(addressOf(operation, path) + query, {
      method,
      // The API requires the JSON type even without a body, because a form on another site can't send that type.
      ...(method !== "GET" && { headers: { "content-type": "application/json" } }),
      ...(method !== "GET" && { body: JSON.stringify(body ?? {}) }),
    }).catch(() => {
      throw new ControlError("The emulator doesn't respond. Is it still running?");
    });
    const text = await response.text();
    if (!response.ok)
      throw new ControlError(messageOf(text) ?? `The emulator responded with ${response.status}.`);
    // The types derive from the API's own table, and the API's tests check the responses against that table.
    const answer = (text === "" ? {} : JSON.parse(text)) as Answer<Name>;
    if (!automatic) this.#onCall({ operation, path, body, answer } as Call);
    return answer;
  }
}

/** The message of the API's error body: `{ error: { code, message } }`. */
function messageOf(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== "object" || body === null || !("error" in body)) return null;
    const { error } = body;
    if (typeof error !== "object" || error === null || !("message" in error)) return null;
    return typeof error.message === "string" ? error.message : null;
  } catch {
    return null;
  }
}
