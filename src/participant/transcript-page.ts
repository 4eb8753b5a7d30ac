import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import { isChatError } from "../errors";
import { isPage, onlyItems } from "../item";
import { callAttempt, invalidResult, type Attempt } from "./client-methods";
import { asRetryable } from "./failures";

/** The maximum number of items on a page. */
export const PAGE_SIZE = 100;

/** The query for the newest page. */
export const NEWEST_PAGE = {
  maxResults: PAGE_SIZE,
  sortOrder: "ASCENDING",
  scanDirection: "BACKWARD",
  startPosition: {},
} as const satisfies GetTranscriptQuery;

/** The query for the newest item alone. */
export const NEWEST_ITEM: GetTranscriptQuery = { ...NEWEST_PAGE, maxResults: 1 };

/** One GetTranscript attempt for the application. Returns a custom client's answer even if it isn't a page. */
export const transcriptAttempt =
  (query: GetTranscriptQuery): Attempt<GetTranscriptData | undefined> =>
  async (...attempt) => {
    // Each attempt gets a copy, since a custom client may change it.
    const args = { ...query, startPosition: { ...query.startPosition } };
    // As with frames, invalid items are dropped and the rest of the page is kept.
    return onlyItems(await callAttempt("getTranscript", [args])(...attempt));
  };

/** One GetTranscript attempt for the library itself. Rejects with a retryable error if the answer isn't a page. */
export const pageAttempt =
  (query: GetTranscriptQuery): Attempt<GetTranscriptData> =>
  async (...args) => {
    try {
      return requirePage(await transcriptAttempt(query)(...args));
    } catch (error) {
      throw isChatError(error) && error.code === "InvalidResponse" ? asRetryable(error) : error;
    }
  };

/** Returns GetTranscript's answer if it is a page. Throws InvalidResponse if it isn't. */
export function requirePage(page: GetTranscriptData | undefined): GetTranscriptData {
  if (isPage(page)) return page;
  throw invalidResult("getTranscript", page);
}

/** Whether a query has no start position, so that the newest item of its page is the newest item of the chat. */
export const isNewestPageQuery = ({
  scanDirection,
  contactId,
  nextToken,
  startPosition: { id, absoluteTime },
}: GetTranscriptQuery): boolean =>
  scanDirection === "BACKWARD" && !(contactId ?? nextToken ?? id ?? absoluteTime);

/** The token for the next page; null on the last page. */
export const nextTokenOf = ({ Transcript, NextToken }: GetTranscriptData): string | null =>
  (Transcript.length > 0 && NextToken) || null;
