import type { WireItem } from "../../src/api/items";
import { Transcript } from "../../src/conversation/transcript";
import type { TranscriptEntry } from "../../src/conversation/transcript-entry";

export const timeOf = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, "0")}.000Z`;

export const item = (Id: string, second: number, more: Partial<WireItem> = {}): WireItem => ({
  Id,
  Type: "MESSAGE",
  ContentType: "text/plain",
  Content: `text of ${Id}`,
  AbsoluteTime: timeOf(second),
  ...more,
});

export const receipt = (kind: "Read" | "Delivered", MessageId: string): WireItem => ({
  Type: "MESSAGEMETADATA",
  MessageMetadata: { MessageId, Receipts: [{ [`${kind}Timestamp`]: timeOf(59) }] },
});

export const MESSAGE = { content: "mine", contentType: "text/plain" } as const;

/** A local time that is years behind the service's time, as on a device with a wrong clock. */
export const LOCAL = "2020-01-01T00:00:00.000Z";

/** The transcript of the agent "me", with short accessors for tests. */
export class TranscriptUnderTest extends Transcript {
  constructor() {
    super("me", "AGENT");
  }

  get entries(): TranscriptEntry[] {
    return this.snapshot().transcript;
  }

  get ids(): (string | undefined)[] {
    return this.entries.map(({ Id }) => Id);
  }

  statusOf(id: string): string | undefined {
    return this.entries.find(({ Id }) => Id === id)?.MessageMetadata?.Status;
  }

  /** Adds a page of the newest items. */
  page(...items: WireItem[]): void {
    this.addPage({ Transcript: items }, true);
  }
}
