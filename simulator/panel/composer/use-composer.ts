import type { RefObject } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import { usePanel } from "../panel-context";
import { useSetting } from "../settings";
import { PERSONAS, personaInfo, type Persona } from "../state/personas";
import { Outbox } from "./outbox";

/** The composer's state, which is shared by all contacts. */
export interface ComposerState {
  readonly outbox: Outbox;
  readonly persona: Persona;
  readonly setPersona: (persona: Persona) => void;
  /** The chosen persona's display name. */
  readonly name: string;
  readonly setName: (name: string) => void;
  /** Unsent texts, by contact. */
  readonly drafts: Map<string, string>;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly isTemplatesOpen: boolean;
  readonly setTemplatesOpen: (isOpen: boolean) => void;
  readonly readsAutomatically: boolean;
  readonly setReadsAutomatically: (automatically: boolean) => void;
  readonly attach: (contact: ContactSummary, files: readonly File[]) => void;
}

const DEFAULT_NAMES = Object.fromEntries(PERSONAS.map(({ id, defaultName }) => [id, defaultName]));

export function useComposer(): ComposerState {
  const panel = usePanel();
  const outbox = useMemo(() => new Outbox(panel), [panel]);
  const drafts = useMemo(() => new Map<string, string>(), []);
  const field = useRef<HTMLTextAreaElement>(null);
  const [persona, setPersona] = useState<Persona>("agent");
  const [names, setNames] = useState<Readonly<Record<string, string>>>(DEFAULT_NAMES);
  const [isTemplatesOpen, setTemplatesOpen] = useState(false);
  const [receipts, setReceipts] = useSetting("read-receipts", ["automatic", "manual"], "automatic");
  const name = names[persona] ?? personaInfo(persona).defaultName;
  return {
    outbox,
    persona,
    setPersona,
    name,
    setName: (next) => setNames((previous) => ({ ...previous, [persona]: next })),
    drafts,
    field,
    isTemplatesOpen,
    setTemplatesOpen,
    readsAutomatically: receipts === "automatic",
    setReadsAutomatically: (automatically) => setReceipts(automatically ? "automatic" : "manual"),
    attach: ({ contactId, ended }, files) => {
      if (!ended && files.length > 0) void outbox.sendFiles(contactId, files, persona, name);
    },
  };
}
