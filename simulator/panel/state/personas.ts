/** The personas that the user can speak as, and their participants in a contact. */
import type { ParticipantRole, ParticipantSummary } from "../api/types";

export type Persona = "agent" | "bot" | "supervisor" | "second";

export interface PersonaInfo {
  readonly id: Persona;
  readonly label: string;
  readonly role: ParticipantRole;
  readonly defaultName: string;
  /** Whether the persona joins the chat as a participant. */
  readonly joins: boolean;
}

export const PERSONAS: readonly [PersonaInfo, ...PersonaInfo[]] = [
  { id: "agent", label: "Agent", role: "AGENT", defaultName: "Sam", joins: true },
  { id: "bot", label: "Bot", role: "SYSTEM", defaultName: "BOT", joins: false },
  { id: "supervisor", label: "Supervisor", role: "SUPERVISOR", defaultName: "Robin", joins: true },
  { id: "second", label: "Second agent", role: "AGENT", defaultName: "Alex", joins: true },
];

export const personaInfo = (id: Persona): PersonaInfo =>
  PERSONAS.find((each) => each.id === id) ?? PERSONAS[0];

/** Returns a persona's participant, for example the first or second agent who has joined. */
export function participantOf(
  persona: Persona,
  participants: readonly ParticipantSummary[],
): ParticipantSummary | undefined {
  const { role, joins } = personaInfo(persona);
  if (!joins) return undefined;
  const present = participants.filter((each) => each.role === role && each.joined && !each.left);
  return present[persona === "second" ? 1 : 0];
}
