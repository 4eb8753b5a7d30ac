import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ContactList } from "./contacts/contact-list";
import { Conversation } from "./conversation/conversation";
import { EmptyState } from "./conversation/empty-state";
import { Header } from "./header";
import { usePanel } from "./panel-context";
import { ShortcutHelp } from "./shortcuts/shortcut-help";
import { useShortcuts } from "./shortcuts/use-shortcuts";
import { contactOf } from "./state/model";
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
  const contact = contactOf(state, state.conversation?.contactId);
  const totalUnread = Object.values(state.unread).reduce((sum, each) => sum + each, 0);

  const select = (contactId: string): void => {
    panel.mirror.select(contactId);
    setView("chat");
  };
  useShortcuts({
    composer,
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
          unread={state.unread}
          selectedId={state.conversation?.contactId ?? null}
          onSelect={select}
        />
        {contact && state.conversation ? (
          <Conversation
            key={contact.contactId}
            contact={contact}
            conversation={state.conversation}
            composer={composer}
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
      <ViewSwitch view={view} onView={setView} unread={totalUnread} faults={state.faults.length} />
      <NoticeBar notice={state.notice} onDismiss={() => panel.dismissNotice()} />
      <Announcer text={state.announcement} />
      {isHelpOpen && <ShortcutHelp onClose={() => setHelpOpen(false)} />}
    </div>
  );
};
