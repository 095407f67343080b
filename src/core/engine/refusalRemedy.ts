/** What to do about a daemon's refusal: by its words, else by its status; nothing where neither tells. */
export function refusalRemedy(words: string, status: number | undefined): string | undefined {
  if (/no space left on device/i.test(words))
    return "Free space on the daemon's disk, for example by removing images and build cache that are no longer needed.";
  if (status === 401 || status === 403) return "Ask who runs the daemon whether you may do this there.";
  if (status === 502 || status === 503 || status === 504)
    return "See whether the daemon, or what stands before it, is well, and try again.";
  return undefined;
}
