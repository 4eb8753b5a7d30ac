import { isChatError } from "../errors";
import type { CsmService } from "./csm";

/** An agent's calls, counted in the metrics of the agent's own page: rates are 0 for a success and 1 for a failure. */
export class AgentCounts {
  readonly #csm: Pick<CsmService, "addAgentCountMetric">;

  constructor(csm: Pick<CsmService, "addAgentCountMetric">) {
    this.#csm = csm;
  }

  /** getConnectionToken(). */
  tokenAsked(failed: boolean): void {
    this.#csm.addAgentCountMetric("AGENT_GET_CONNECTION_TOKEN_ERROR_RATE", failed ? 1 : 0);
  }

  /** CreateParticipantConnection, whatever it was asked for. */
  connectionCreated(): void {
    this.#csm.addAgentCountMetric("AGENT_CREATE_PARTICIPANT_ERROR_RATE", 0);
  }

  /** The same; what the service refuses, or a session that is closed meanwhile, is nobody's outage. */
  connectionFailed(error: unknown): void {
    const { code, statusCode = 0 } = isChatError(error) ? error : { code: "ClientError" };
    if (code === "Aborted" || (statusCode >= 400 && statusCode < 500)) return;
    this.#csm.addAgentCountMetric("AGENT_CREATE_PARTICIPANT_ERROR_RATE", 1);
  }

  /** CreateParticipantConnection that does nothing but acknowledge the contact, as it begins. */
  acknowledging(): void {
    this.#csm.addAgentCountMetric("CREATE_PARTICIPANT_CONACK_CALL_COUNT", 1);
  }

  acknowledgementFailed(): void {
    this.#csm.addAgentCountMetric("CREATE_PARTICIPANT_CONACK_FAILURE", 1);
  }
}
