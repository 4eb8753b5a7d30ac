import { ChatError, isChatError } from "../errors";
import { isPage, onlyItems } from "../item";
import type { CallOptions, ChatClient } from "./chat-client";
import { ask } from "./client-methods";
import type { GetTranscriptData, GetTranscriptQuery } from "./types";

type Attempt<Answer> = (client: ChatClient, token: string | null, options: CallOptions) => Promise<Answer>;

/** GetTranscript for the application, one attempt: what a custom client answers is returned, a page or not. */
export const askTranscript =
  (query: GetTranscriptQuery): Attempt<GetTranscriptData | undefined> =>
  async (client, token, options) => {
    // A copy for each attempt: a custom client may change it.
    const args = { ...query, startPosition: { ...query.startPosition } };
    // As of frames: an item that is none is left out, so that the rest of the page still comes.
    return onlyItems(await ask(client, "getTranscript", token, args, options));
  };

/** GetTranscript for the library itself, one attempt. An answer that is no page is a failure worth another attempt. */
export const askPage =
  (query: GetTranscriptQuery): Attempt<GetTranscriptData> =>
  async (...args) => {
    try {
      const page = await askTranscript(query)(...args);
      if (isPage(page)) return page;
      throw new ChatError(
        "InvalidResponse",
        "getTranscript() of the chat client resolved no data.Transcript.",
      );
    } catch (error) {
      if (!isChatError(error) || error.code !== "InvalidResponse") throw error;
      const { code, message, statusCode } = error;
      throw new ChatError(code, message, { statusCode, retryable: true });
    }
  };
