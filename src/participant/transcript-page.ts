import type { GetTranscriptData, GetTranscriptQuery } from "../api/client";
import { isChatError } from "../errors";
import { isPage, onlyItems } from "../item";
import { ask, unusableAnswer, type Attempt } from "./client-methods";
import { worthAnotherTry } from "./failures";

/** The service gives at most so many items a page. */
export const PAGE_SIZE = 100;

/** The newest items, as many as a page holds: older ones are behind it. */
export const NEWEST_PAGE = {
  maxResults: PAGE_SIZE,
  sortOrder: "ASCENDING",
  scanDirection: "BACKWARD",
  startPosition: {},
} as const satisfies GetTranscriptQuery;

/** The newest item alone. */
export const NEWEST_ITEM: GetTranscriptQuery = { ...NEWEST_PAGE, maxResults: 1 };

/** GetTranscript for the application, one attempt: what a custom client answers is returned, a page or not. */
export const askTranscript =
  (query: GetTranscriptQuery): Attempt<GetTranscriptData | undefined> =>
  async (...attempt) => {
    // A copy for each attempt: a custom client may change it.
    const args = { ...query, startPosition: { ...query.startPosition } };
    // As of frames: an item that is none is left out, so that the rest of the page still comes.
    return onlyItems(await ask("getTranscript", [args])(...attempt));
  };

/** GetTranscript for the library itself, one attempt. An answer that is no page is a failure worth another attempt. */
export const askPage =
  (query: GetTranscriptQuery): Attempt<GetTranscriptData> =>
  async (...args) => {
    try {
      return pageOf(await askTranscript(query)(...args));
    } catch (error) {
      throw isChatError(error) && error.code === "InvalidResponse" ? worthAnotherTry(error) : error;
    }
  };

/** The page that GetTranscript's answer is; throws InvalidResponse if it is none. */
export function pageOf(answer: GetTranscriptData | undefined): GetTranscriptData {
  if (isPage(answer)) return answer;
  throw unusableAnswer("getTranscript", answer);
}

/** Whether a page is asked for without a position: its newest item is the newest of the chat. */
export const asksForNewest = ({
  scanDirection,
  contactId,
  nextToken,
  startPosition: { id, absoluteTime },
}: GetTranscriptQuery): boolean =>
  scanDirection === "BACKWARD" && !(contactId ?? nextToken ?? id ?? absoluteTime);

/** The token that leads to the next page; none on the last page. */
export const nextTokenOf = ({ Transcript, NextToken }: GetTranscriptData): string | null =>
  (Transcript.length > 0 && NextToken) || null;
