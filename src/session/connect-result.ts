import { copyOf, type ChatError } from "../errors";

/** The result of `connect()`. The error of a rejection has the same fields. */
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

/** Builds the error of a rejected `connect()`: a copy of `error` with the fields of the result. */
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
