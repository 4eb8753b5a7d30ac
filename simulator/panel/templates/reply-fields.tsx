import type { JSX } from "preact";
import { TextField } from "../ui/fields";
import type { ReplyDraft } from "./drafts";

/** The fields for the message that the customer sees after a response. */
export const ReplyFields = ({
  reply,
  onReply,
}: {
  reply: ReplyDraft;
  onReply: (reply: ReplyDraft) => void;
}): JSX.Element => (
  <fieldset class="rows">
    <legend>After the response</legend>
    <div class="fields">
      <TextField
        label="Reply title"
        placeholder="Empty: no reply message"
        value={reply.title}
        onValue={(title) => onReply({ ...reply, title })}
      />
      <TextField
        label="Reply subtitle"
        value={reply.subtitle}
        onValue={(subtitle) => onReply({ ...reply, subtitle })}
      />
    </div>
  </fieldset>
);
