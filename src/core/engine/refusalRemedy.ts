/** Returns what to do about a daemon's refusal, based on its words or its status; undefined if neither is known. */
export function refusalRemedy(words: string, status: number | undefined): string | undefined {
  if (/no space left on device/i.test(words))
    return "Free up space on the daemon's disk, for example by removing unused images and build cache.";
  if (status === 401 || status === 403) return "Ask the daemon's administrator for permission.";
  if (status === 502 || status === 503 || status === 504)
    return "Check that the daemon, or the proxy in front of it, is working, and try again.";
  return undefined;
}
