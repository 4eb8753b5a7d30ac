import { isChatError } from "../errors";

/**
 * The metrics for an agent's calls, which are added to the agent page's own metrics. A rate is 0 for a success and 1
 * for a failure.
 */
export type AgentMetric =
  | "AGENT_GET_CONNECTION_TOKEN_ERROR_RATE"
  /** Counts all CreateParticipantConnection calls. */
  | "AGENT_CREATE_PARTICIPANT_ERROR_RATE"
  /** Counts CreateParticipantConnection calls that only acknowledge the contact. A call is counted when it starts. */
  | "CREATE_PARTICIPANT_CONACK_CALL_COUNT"
  | "CREATE_PARTICIPANT_CONACK_FAILURE";

export type CountAgentMetric = (name: AgentMetric, count: 0 | 1) => void;

/** Returns whether an error is an outage, as opposed to a refusal by the service or an aborted call. */
export function isOutage(error: unknown): boolean {
  const { code, statusCode = 0 } = isChatError(error) ? error : { code: "ClientError" };
  return code !== "Aborted" && !(statusCode >= 400 && statusCode < 500);
}
