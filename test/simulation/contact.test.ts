import { expect, test } from "@jest/globals";
import { Contact, type TranscriptHabits, type TranscriptPage, type TranscriptQuery } from "./contact";
import { isoOf } from "./wire";

const HABITS: TranscriptHabits = {
  isStartIncluded: true,
  hasReceiptItems: false,
  saysCompleted: true,
  saysChunk: true,
};

/** Creates a contact with the items "0" to "9". There's one item per second, and each is visible immediately. */
function contactWith(habits: Partial<TranscriptHabits> = {}): Contact {
  const contact = new Contact("contact", "contact", { ...HABITS, ...habits });
  for (let index = 0; index < 10; index += 1) commit(contact, String(index), index * 1_000);
  return contact;
}

function commit(contact: Contact, text: string, timeMs: number, lagMs = 0, id = text): void {
  const item = {
    Id: id,
    AbsoluteTime: isoOf(timeMs),
    Type: "MESSAGE",
    ContentType: "text/plain",
    Content: text,
  } as const;
  contact.commit(item, timeMs, lagMs, null, item);
}

const QUERY: TranscriptQuery = {
  maxResults: 4,
  isForward: false,
  isAscending: true,
  startPosition: {},
  nextToken: null,
};

const read = (contact: Contact, query: Partial<TranscriptQuery>, atMs = 60_000): TranscriptPage | null =>
  contact.page({ ...QUERY, ...query }, atMs, "participant");

const textsOf = (page: TranscriptPage | null): string =>
  page?.items.map(({ Content }) => Content).join("") ?? "refused";

test.each([
  [{}, "6789"],
  [{ isAscending: false }, "9876"],
  [{ startPosition: { Id: "5" } }, "2345"],
  [{ startPosition: { Id: "5" }, isForward: true }, "5678"],
  [{ startPosition: { AbsoluteTime: isoOf(5_000) }, isForward: true }, "5678"],
  [{ startPosition: { AbsoluteTime: isoOf(5_000) } }, "2345"],
  [{ startPosition: { AbsoluteTime: isoOf(5_001) }, isForward: true, isAscending: false }, "9876"],
  [{ startPosition: { MostRecent: 3 }, isForward: true }, "789"],
  [{ isForward: true }, "refused"],
  [{ startPosition: { Id: "unknown" } }, "refused"],
])("page() with %j returns %s", (query, texts) => {
  expect(textsOf(read(contactWith(), query))).toBe(texts);
});

test.each([
  [{ startPosition: { Id: "5" } }, "1234"],
  [{ startPosition: { Id: "5" }, isForward: true }, "6789"],
  [{ startPosition: { AbsoluteTime: isoOf(5_000) }, isForward: true }, "6789"],
])("page() with %j returns %s if pages don't include the start item", (query, texts) => {
  expect(textsOf(read(contactWith({ isStartIncluded: false }), query))).toBe(texts);
});

test.each([true, false])(
  "together, all pages with isForward %s contain every item once, in order",
  (isForward) => {
    const contact = contactWith();
    const pages: string[] = [];
    let nextToken: string | null = null;
    do {
      const startPosition = isForward ? { Id: "0" } : {};
      const page = read(contact, { isForward, startPosition, nextToken });
      pages.push(textsOf(page));
      nextToken = page?.nextToken ?? null;
    } while (nextToken !== null);
    expect(pages).toEqual(isForward ? ["0123", "4567", "89"] : ["6789", "2345", "01"]);
  },
);

test("an item that lags is missing until it's visible, and is then sorted by its time", () => {
  const contact = contactWith();
  commit(contact, "late", 4_500, 20_000);
  expect(textsOf(read(contact, { startPosition: { Id: "4" }, isForward: true }, 10_000))).toBe("4567");
  expect(textsOf(read(contact, { startPosition: { Id: "4" }, isForward: true }, 24_500))).toBe("4late56");
});

test("a page contains an item's newest visible version", () => {
  const contact = contactWith();
  commit(contact, "changed", 9_000, 5_000, "9");
  expect(textsOf(read(contact, {}, 9_000))).toBe("6789");
  expect(textsOf(read(contact, {}, 14_000))).toBe("678changed");
});
