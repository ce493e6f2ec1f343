/** Where the reader was in the feed: kept while a token is looked at. */
export type FeedPlace = { cursor: string | undefined; scrollTop: number };
