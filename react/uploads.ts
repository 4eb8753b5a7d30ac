import type { AttachmentMessage } from "./messages";
import type { ChatProblem } from "./problem";
import type { ChatFile } from "./types";

interface Upload {
  readonly file: ChatFile;
  /** The newest message's time when the file was sent. The file's item is newer. */
  readonly sentAfter: string;
  message: AttachmentMessage;
  /** The ID of the message that the file follows; null while it's in flight, because it then comes last. */
  follows: string | null;
}

/** The files that the transcript doesn't contain yet: in flight, failed, or accepted but without an item. */
export class Uploads {
  readonly #byId = new Map<string, Upload>();
  #count = 0;

  get all(): Iterable<Pick<Upload, "message" | "follows">> {
    return this.#byId.values();
  }

  /** Adds a file that is about to be sent. Returns its temporary ID. */
  add(file: ChatFile, sentAfter: string): string {
    const id = `file-${(this.#count += 1)}`;
    const name = "name" in file && typeof file.name === "string" ? file.name : "";
    const message: AttachmentMessage = {
      kind: "attachment",
      ...{ key: id, id, time: "", isOwn: true, state: "sending", error: null },
      ...{ displayName: null, role: "CUSTOMER", name, files: [], progress: 0, item: null },
    };
    this.#byId.set(id, { file, sentAfter, message, follows: null });
    return id;
  }

  fileOf(id: string): ChatFile | undefined {
    return this.#byId.get(id)?.file;
  }

  /** Marks a failed file as in flight again. */
  restart(id: string): void {
    this.#update(id, { state: "sending", error: null, progress: 0 }, null);
  }

  /** Sets how much has been sent. Returns false if that's the same percentage as before. */
  setProgress(id: string, fraction: number): boolean {
    const progress = Math.floor(100 * fraction) / 100;
    if (this.#byId.get(id)?.message.progress === progress) return false;
    this.#update(id, { progress }, null);
    return true;
  }

  markSent(id: string): void {
    this.#update(id, { state: "sent", progress: null }, null);
  }

  /** Marks a file as failed. It stays after the message that is now the last one. */
  markFailed(id: string, error: ChatProblem, lastId: string): void {
    this.#update(id, { state: "failed", error, progress: null }, lastId);
  }

  /** Removes the file that an own item in the transcript replaces. Returns its key. */
  replaceBy({ name, time }: Pick<AttachmentMessage, "name" | "time">): string | undefined {
    for (const [id, { message, sentAfter }] of this.#byId) {
      if (message.state === "failed" || time <= sentAfter) continue;
      if (message.name !== "" && message.name !== name) continue;
      this.#byId.delete(id);
      return message.key;
    }
    return undefined;
  }

  #update(id: string, fields: Partial<AttachmentMessage>, follows: string | null): void {
    const upload = this.#byId.get(id);
    if (!upload) return;
    upload.message = { ...upload.message, ...fields };
    upload.follows = follows;
  }
}
