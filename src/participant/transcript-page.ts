import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import { isChatError } from "../errors";
import { isPage, onlyItems } from "../item";
import { callAttempt, invalidResult, type Attempt } from "./client-methods";
import { asRetryable } from "./failures";

/** The maximum number of items per page. */
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

/**
 * Returns a GetTranscript attempt for the application. A custom client's result is returned even if it isn't a page.
 */
export const transcriptAttempt =
  (query: GetTranscriptQuery): Attempt<GetTranscriptData | undefined> =>
  async (...attemptArgs) => {
    // Each attempt gets its own copy, because a custom client may modify the query.
    const queryCopy = { ...query, startPosition: { ...query.startPosition } };
    // Drops invalid items, just as invalid frames are dropped, and keeps the rest of the page.
    return onlyItems(await callAttempt("getTranscript", [queryCopy])(...attemptArgs));
  };

/** Returns a GetTranscript attempt for the library. If the result isn't a page, rejects with a retryable error. */
export const pageAttempt =
  (query: GetTranscriptQuery): Attempt<GetTranscriptData> =>
  async (...args) => {
    try {
      return requirePage(await transcriptAttempt(query)(...args));
    } catch (error) {
      throw isChatError(error) && error.code === "InvalidResponse" ? asRetryable(error) : error;
    }
  };

/** Returns GetTranscript's result if it's a page. Throws InvalidResponse otherwise. */
export function requirePage(page: GetTranscriptData | undefined): GetTranscriptData {
  if (isPage(page)) return page;
  throw invalidResult("getTranscript", page);
}

/** Returns whether a query has no start position. The newest item on its page is then the newest item of the chat. */
export const isNewestPageQuery = ({
  scanDirection,
  contactId,
  nextToken,
  startPosition: { id, absoluteTime },
}: GetTranscriptQuery): boolean =>
  scanDirection === "BACKWARD" && !(contactId ?? nextToken ?? id ?? absoluteTime);

/** Returns the token for the next page; null on the last page. */
export const nextTokenOf = ({ Transcript, NextToken }: GetTranscriptData): string | null =>
  (Transcript.length > 0 && NextToken) || null;
