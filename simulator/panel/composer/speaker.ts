import type { ContactSummary, ParticipantRole } from "../api/types";
import type { Panel } from "../state/panel";
import { participantOf, personaInfo, type Persona } from "../state/personas";

/** The role and name under which the API sends an item. */
export interface Speaker {
  readonly role: ParticipantRole;
  readonly displayName?: string;
  readonly participantId?: string;
}

/** Returns a persona's speaker, who joins first if necessary. */
export async function joinedSpeaker(
  panel: Panel,
  contactId: string,
  persona: Persona,
  displayName: string,
): Promise<Speaker> {
  const { role, defaultName } = personaInfo(persona);
  const participantId = await panel.joined(contactId, persona, displayName);
  return participantId === undefined
    ? { role, displayName: displayName.trim() || defaultName }
    : { role, participantId };
}

/** Returns a persona's speaker without joining; undefined if the persona would have to join. */
export function presentSpeaker(
  { participants }: ContactSummary,
  persona: Persona,
): { readonly role: ParticipantRole; readonly participantId?: string } | undefined {
  const { role, joins } = personaInfo(persona);
  if (!joins) return { role };
  const participantId = participantOf(persona, participants)?.participantId;
  return participantId === undefined ? undefined : { role, participantId };
}
