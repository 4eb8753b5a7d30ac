import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { ContactSummary } from "../api/types";
import type { ComposerState } from "../composer/use-composer";
import { usePanel } from "../panel-context";
import { personaInfo } from "../state/personas";
import { Dialog } from "../ui/dialog";
import { Tabs } from "../ui/tabs";
import { checkDraft } from "./check-draft";
import { defaultDraft, TEMPLATE_TYPES, type TemplateDraft, type TemplateType } from "./drafts";
import { DraftForm } from "./draft-form";
import { readTemplate, type ReadTemplate } from "./read-template";
import { TemplateCard } from "./template-card";
import { toTemplate, type Template } from "./to-template";

type Result =
  { readonly template: Template; readonly preview: ReadTemplate | null } | { readonly error: string };

function build(draft: TemplateDraft): Result {
  try {
    const template = toTemplate(draft);
    return { template, preview: readTemplate(JSON.stringify(template)) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** The dialog for filling in, previewing and sending an interactive template. */
export const TemplateDialog = ({
  contact: { contactId },
  composer,
}: {
  contact: ContactSummary;
  composer: ComposerState;
}): JSX.Element => {
  const panel = usePanel();
  const [type, setType] = useState<TemplateType>("ListPicker");
  // Each type keeps its own draft while the dialog is open.
  const [drafts, setDrafts] = useState<Partial<Record<TemplateType, TemplateDraft>>>({});
  const fresh = useMemo(() => defaultDraft(type, new Date(), `view-${Date.now().toString(36)}`), [type]);
  const draft = drafts[type] ?? fresh;
  const result = useMemo(() => build(draft), [draft]);
  const warnings = checkDraft(draft);
  const close = (): void => composer.setTemplatesOpen(false);
  const send = async (): Promise<void> => {
    if ("error" in result) {
      panel.notify("bad", result.error);
      return;
    }
    const view = draft.type === "ViewResource" ? draft : null;
    if (await composer.outbox.sendTemplate(contactId, result.template, view, composer.persona, composer.name))
      close();
  };
  return (
    <Dialog
      title="Send a template"
      isWide
      onClose={close}
      footer={
        <>
          <p class="note">
            From {composer.name} ({personaInfo(composer.persona).label.toLowerCase()})
          </p>
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button type="button" class="button primary" onClick={() => void send()}>
            Send template
          </button>
        </>
      }
    >
      <Tabs label="Template" prefix="template" tabs={TEMPLATE_TYPES} chosen={type} onChoose={setType}>
        <div class="template-editor">
          <div class="template-form">
            <DraftForm draft={draft} onDraft={(next) => setDrafts({ ...drafts, [next.type]: next })} />
          </div>
          <div class="template-preview">
            <h3>Preview</h3>
            <div class="bubble">
              {"error" in result ? (
                <p class="error">{result.error}</p>
              ) : (
                result.preview && <TemplateCard template={result.preview} />
              )}
            </div>
            {warnings.length > 0 && (
              <ul class="warnings">
                {warnings.map((warning) => (
                  <li key={warning}>{warning}</li>
                ))}
              </ul>
            )}
            {"template" in result && (
              <details>
                <summary>JSON</summary>
                <pre class="code-block" tabIndex={0} aria-label="The template as JSON">
                  {JSON.stringify(result.template, null, 2)}
                </pre>
              </details>
            )}
          </div>
        </div>
      </Tabs>
    </Dialog>
  );
};
