import { isChatError } from "../errors";

/** The metrics of an agent's calls, for the agent page. The rates are 0 for a success and 1 for a failure. */
export type AgentMetric =
  | "AGENT_GET_CONNECTION_TOKEN_ERROR_RATE"
  /** Every call of CreateParticipantConnection. */
  | "AGENT_CREATE_PARTICIPANT_ERROR_RATE"
  /** Calls of CreateParticipantConnection that only acknowledge the contact, counted when they start. */
  | "CREATE_PARTICIPANT_CONACK_CALL_COUNT"
  | "CREATE_PARTICIPANT_CONACK_FAILURE";

export type CountAgentMetric = (name: AgentMetric, count: 0 | 1) => void;

/** Whether an error is an outage, rather than a refusal by the service or an aborted call. */
export function isOutage(error: unknown): boolean {
  const { code, statusCode = 0 } = isChatError(error) ? error : { code: "ClientError" };
  return code !== "Aborted" && !(statusCode >= 400 && statusCode < 500);
}
