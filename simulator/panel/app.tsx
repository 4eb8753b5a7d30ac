import type { JSX } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { ContactList } from "./contacts/contact-list";
import { newerContact } from "./contacts/newer-contact";
import { useContactRows } from "./contacts/use-contact-rows";
import { Conversation } from "./conversation/conversation";
import { EmptyState } from "./conversation/empty-state";
import { groupFaults } from "./faults/network-down";
import { Header } from "./header";
import { usePanel } from "./panel-context";
import { ShortcutHelp } from "./shortcuts/shortcut-help";
import { useShortcuts } from "./shortcuts/use-shortcuts";
import { contactOf } from "./state/model";
import { useOnlyContact } from "./state/use-only-contact";
import { useStore } from "./state/use-store";
import { Tools, type Tool } from "./tools/tools";
import { Announcer } from "./ui/announcer";
import { NoticeBar } from "./ui/notice-bar";
import { ViewSwitch, type View } from "./view-switch";
import { useComposer } from "./composer/use-composer";

export const App = (): JSX.Element => {
  const panel = usePanel();
  const state = useStore(panel.store);
  const composer = useComposer();
  const [view, setView] = useState<View>("contacts");
  const [tool, setTool] = useState<Tool>("play");
  const [isHelpOpen, setHelpOpen] = useState(false);
  const selectedId = state.conversation?.contactId ?? null;
  const contact = contactOf(state, state.conversation?.contactId);
  const rows = useContactRows(state.contacts, selectedId);
  const totalUnread = Object.values(state.unread).reduce((sum, each) => sum + each, 0);

  const select = useCallback(
    (contactId: string): void => {
      panel.mirror.select(contactId);
      setView("chat");
    },
    [panel],
  );
  useOnlyContact(state, panel.mirror);
  useShortcuts({
    composer,
    contacts: rows.rows,
    select,
    openTool: (next) => {
      setTool(next);
      setView("tools");
    },
    openHelp: () => setHelpOpen(true),
    back: () => setView(view === "tools" ? "chat" : "contacts"),
  });
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState === "visible") panel.mirror.look();
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [panel]);
  useEffect(() => {
    document.title = totalUnread > 0 ? `(${totalUnread}) Chat simulator` : "Chat simulator";
  }, [totalUnread]);

  return (
    <div class="app" data-view={view}>
      <Header link={state.link} status={state.status} onHelp={() => setHelpOpen(true)} />
      <main class="panes">
        <ContactList
          contacts={state.contacts}
          rows={rows}
          unread={state.unread}
          selectedId={selectedId}
          onSelect={select}
        />
        {contact && state.conversation ? (
          <Conversation
            key={contact.contactId}
            contact={contact}
            conversation={state.conversation}
            composer={composer}
            newer={newerContact(state.contacts ?? [], contact)}
            onSelect={select}
            onBack={() => setView("contacts")}
          />
        ) : (
          <EmptyState
            endpoint={state.status?.endpoint ?? null}
            hasContacts={(state.contacts?.length ?? 0) > 0}
          />
        )}
        <Tools tool={tool} onTool={setTool} state={state} contact={contact} />
      </main>
      <ViewSwitch
        view={view}
        onView={setView}
        unread={totalUnread}
        faults={groupFaults(state.faults).length}
      />
      <NoticeBar notice={state.notice} onDismiss={() => panel.dismissNotice()} />
      <Announcer text={state.announcement} />
      {isHelpOpen && <ShortcutHelp onClose={() => setHelpOpen(false)} />}
    </div>
  );
};
