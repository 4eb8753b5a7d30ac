import { useEffect } from "preact/hooks";
import type { Mirror } from "./mirror";
import type { PanelState } from "./model";

/** On a narrow screen, the conversation isn't next to the list, so the user would miss that its messages are new. */
const WIDE_SCREEN = "(min-width: 901px)";

/** Selects a contact when it is the only one and none is selected. */
export function useOnlyContact({ contacts, conversation }: PanelState, mirror: Mirror): void {
  const onlyId = contacts?.length === 1 ? contacts[0]?.contactId : undefined;
  const isNoneSelected = conversation === null;
  useEffect(() => {
    if (onlyId !== undefined && isNoneSelected && matchMedia(WIDE_SCREEN).matches) mirror.select(onlyId);
  }, [onlyId, isNoneSelected, mirror]);
}
