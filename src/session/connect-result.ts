import { copyOf, type ChatError } from "../errors";

/** What `connect()` resolves with; its rejection is an error with the same fields. */
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

/** connect()'s rejection: an error that carries the fields of a success as well. */
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
