import type { GetTranscriptArgs, HistoryArgs } from "../api/arguments";
import type { GetTranscriptData } from "../api/client";
import type { WireItem } from "../api/items";
import { ChatError } from "../errors";
import { NEWEST_PAGE, nextTokenOf, pageOf } from "../participant/transcript-page";
import type { CallSuccess } from "../participant/types";

/** The transcript's items, page after page, by a session's own `getTranscript()`. */
export async function* transcriptItems(
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
    const page = pageOf(data);
    nextToken = nextTokenOf(page);
    if (nextToken && tokens.has(nextToken)) {
      throw new ChatError(
        "InvalidResponse",
        "GetTranscript gave the same NextToken twice: its pages would never end. Look at the endpoint or the customChatClient.",
      );
    }
    if (nextToken) tokens.add(nextToken);
    yield* page.Transcript;
  } while (nextToken);
}
