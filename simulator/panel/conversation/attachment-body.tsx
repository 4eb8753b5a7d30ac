import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { attachmentAddress } from "../api/addresses";
import type { AttachmentInfo, Item } from "../api/types";

/** The image types that browsers can show. SVG isn't listed, because it is a document that can contain scripts. */
const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"];

const STATUS_TEXTS: Readonly<Record<AttachmentInfo["Status"], string>> = {
  APPROVED: "",
  IN_PROGRESS: "Being scanned",
  REJECTED: "Rejected by the scan",
};

export const AttachmentBody = ({ item, contactId }: { item: Item; contactId: string }): JSX.Element => (
  <>
    {item.Attachments?.map((file) => (
      <Attachment key={file.AttachmentId} file={file} contactId={contactId} />
    ))}
  </>
);

const Attachment = ({ file, contactId }: { file: AttachmentInfo; contactId: string }): JSX.Element => {
  const { AttachmentId, AttachmentName, ContentType, Status } = file;
  const [isBroken, setBroken] = useState(false);
  const address = attachmentAddress(contactId, AttachmentId);
  return (
    <div class="attachment">
      {Status === "APPROVED" && IMAGES.includes(ContentType) && !isBroken && (
        <img src={address} alt={AttachmentName} loading="lazy" onError={() => setBroken(true)} />
      )}
      <p>
        <a href={address} download={AttachmentName}>
          {AttachmentName}
        </a>
        <span class="tag">{[ContentType, STATUS_TEXTS[Status]].filter(Boolean).join(" · ")}</span>
      </p>
    </div>
  );
};
