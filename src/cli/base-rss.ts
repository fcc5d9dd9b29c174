/** RSS of a Node that has loaded next to nothing: what `--memory` is counted from. Import it before all others. */
export const BASE_RSS_BYTES: number = process.memoryUsage.rss();
