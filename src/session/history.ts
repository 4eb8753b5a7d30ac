import type { GetTranscriptArgs, HistoryArgs } from "../api/arguments";
import type { GetTranscriptData } from "../api/client";
import type { WireItem } from "../api/items";
import { ChatError } from "../errors";
import { NEWEST_PAGE, nextTokenOf, requirePage } from "../participant/transcript-page";
import type { CallSuccess } from "../participant/types";

/** Iterates over the transcript's items. Fetches each page with the session's `getTranscript()` when it's needed. */
export async function* iterateTranscript(
  getTranscript: (args: GetTranscriptArgs) => Promise<CallSuccess<GetTranscriptData>>,
  args?: HistoryArgs | null,
): AsyncGenerator<WireItem, void, undefined> {
  const { scanDirection = "BACKWARD" } = args ?? {};
  const sortOrder = scanDirection === "FORWARD" ? "ASCENDING" : "DESCENDING";
  const tokens = new Set<string>();
  let nextToken: string | null = null;
  do {
    const { data }: CallSuccess<GetTranscriptData> = await getTranscript({
      maxResults: NEWEST_PAGE.maxResults,
      ...args,
      sortOrder,
      nextToken,
    });
    const page = requirePage(data);
    nextToken = nextTokenOf(page);
    if (nextToken && tokens.has(nextToken)) {
      throw new ChatError(
        "InvalidResponse",
        "GetTranscript returned the same NextToken twice, so its pages would never end. Check the endpoint or the customChatClient.",
      );
    }
    if (nextToken) tokens.add(nextToken);
    yield* page.Transcript;
  } while (nextToken);
}
