import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Body } from "./api/operations";
import { usePanel } from "./panel-context";
import { Dialog } from "./ui/dialog";
import { saveFile } from "./ui/save-file";

/** The menu for saving, restoring and resetting the simulator's state. */
export const StateMenu = (): JSX.Element => {
  const panel = usePanel();
  const [isOpen, setOpen] = useState(false);
  const save = async (): Promise<void> => {
    const snapshot = await panel.call("getSnapshot", {}, undefined);
    saveFile("simulator-state.json", JSON.stringify(snapshot));
  };
  const restore = async (file: File): Promise<void> => {
    // The API checks it.
    const snapshot = JSON.parse(await file.text()) as Body<"restoreSnapshot">;
    await panel.call("restoreSnapshot", {}, snapshot);
    setOpen(false);
  };
  const reset = async (): Promise<void> => {
    await panel.call("reset", {}, undefined);
    panel.recorder.clear();
    setOpen(false);
  };
  return (
    <>
      <button type="button" class="text-button" onClick={() => setOpen(true)}>
        State
      </button>
      {isOpen && (
        <Dialog title="The simulator’s state" onClose={() => setOpen(false)}>
          <div class="choices">
            <div>
              <h3>Save</h3>
              <p class="note">All contacts, transcripts, files and views, as one file.</p>
              <button type="button" class="button" onClick={() => void panel.run(save)}>
                Save a file
              </button>
            </div>
            <div>
              <h3>Restore</h3>
              <p class="note">Replaces everything. Pages reconnect and continue from the restored state.</p>
              <label class="button file-button">
                Choose a file
                <input
                  type="file"
                  accept=".json,application/json"
                  class="visually-hidden"
                  onChange={({ currentTarget }) => {
                    const file = currentTarget.files?.[0];
                    currentTarget.value = "";
                    if (file) void panel.run(() => restore(file), "The state has been restored.");
                  }}
                />
              </label>
            </div>
            <div>
              <h3>Reset</h3>
              <p class="note">Drops all contacts, sockets, faults and traffic.</p>
              <button
                type="button"
                class="button danger"
                onClick={() => void panel.run(reset, "Everything has been reset.")}
              >
                Reset everything
              </button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
};
