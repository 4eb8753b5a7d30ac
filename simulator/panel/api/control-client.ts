import { addressOf } from "./addresses";
import { errorMessageOf } from "./error-message";
import { ROUTES, type Answer, type Body, type Call, type OperationName, type PathOf } from "./operations";

/** The error if the API refused a call or couldn't be reached. Its message is for the user. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  /** The HTTP status; null if the API couldn't be reached. */
  readonly status: number | null;

  constructor(message: string, status: number | null) {
    super(message);
    this.status = status;
  }
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
      throw new ControlError("The simulator doesn't respond. Is it still running?", null);
    });
    const text = await response.text();
    if (!response.ok) {
      const message = errorMessageOf(text) ?? `The simulator responded with ${response.status}.`;
      throw new ControlError(message, response.status);
    }
    // The types derive from the API's own table, and the API's tests check the responses against that table.
    const answer = (text === "" ? {} : JSON.parse(text)) as Answer<Name>;
    if (!automatic) this.#onCall({ operation, path, body, answer } as Call);
    return answer;
  }
}
