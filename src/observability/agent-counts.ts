import { isChatError } from "../errors";

/** An agent's calls in the metrics of the agent's own page; the rates are 0 for a success and 1 for a failure. */
export type AgentCount =
  | "AGENT_GET_CONNECTION_TOKEN_ERROR_RATE"
  /** CreateParticipantConnection, whatever it was asked for. */
  | "AGENT_CREATE_PARTICIPANT_ERROR_RATE"
  /** CreateParticipantConnection that does nothing but acknowledge the contact, as it begins. */
  | "CREATE_PARTICIPANT_CONACK_CALL_COUNT"
  | "CREATE_PARTICIPANT_CONACK_FAILURE";

export type CountAgent = (name: AgentCount, count: 0 | 1) => void;

/** Whether a failure is an outage: not what the service refuses, nor a session that was closed meanwhile. */
export function isOutage(error: unknown): boolean {
  const { code, statusCode = 0 } = isChatError(error) ? error : { code: "ClientError" };
  return code !== "Aborted" && !(statusCode >= 400 && statusCode < 500);
}
