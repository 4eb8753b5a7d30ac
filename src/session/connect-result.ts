import { copyOf, type ChatError } from "../errors";

/** The result of `connect()`. If `connect()` rejects, the error has the same fields. */
export interface ConnectSuccess {
  _debug: { websocketStatus: string };
  connectSuccess: true;
  connectCalled: true;
  metadata: unknown;
}

export const connectSuccess = (metadata: unknown): ConnectSuccess => ({
  _debug: { websocketStatus: "Starting" },
  connectSuccess: true,
  connectCalled: true,
  metadata,
});

/** Builds the error of a rejected `connect()`: a copy of `error` with the result's fields. */
export function connectFailure(error: ChatError, metadata: unknown): ChatError {
  return Object.assign(copyOf(error), {
    metadata,
    connectSuccess: false,
    connectCalled: true,
    _debug: {
      reason: error.code === "IllegalState" ? error.message : "CreateParticipantConnection failed",
      _debug: error.toJSON(),
    },
  });
}
