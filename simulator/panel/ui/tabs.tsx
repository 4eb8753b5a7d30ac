import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";

/** A row of tabs with the chosen tab's panel. The arrow keys move between tabs. */
export const Tabs = <Id extends string>({
  label,
  prefix,
  tabs,
  chosen,
  onChoose,
  children,
}: {
  label: string;
  /** The prefix of the elements' IDs, unique in the document. */
  prefix: string;
  tabs: readonly (readonly [id: Id, text: string, badge?: number])[];
  chosen: Id;
  onChoose: (id: Id) => void;
  children: ComponentChildren;
}): JSX.Element => {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = tabs.findIndex(([id]) => id === chosen);
    const next = (index + step + tabs.length) % tabs.length;
    const id = tabs[next]?.[0];
    if (id === undefined) return;
    onChoose(id);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map(([id, text, badge]) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`${prefix}-tab-${id}`}
            aria-selected={id === chosen}
            aria-controls={`${prefix}-panel`}
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => onChoose(id)}
          >
            {text}
            {badge !== undefined && badge > 0 && <span class="count">{badge}</span>}
          </button>
        ))}
      </div>
      <div
        class="tab-panel"
        role="tabpanel"
        id={`${prefix}-panel`}
        aria-labelledby={`${prefix}-tab-${chosen}`}
        tabIndex={0}
      >
        {children}
      </div>
    </>
  );
};
