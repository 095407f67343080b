/**
 * Returns a function that loads a part of the extension on its first call, so that activation doesn't. What couldn't
 * be loaded is tried again by the next call.
 */
export function lazily<Part>(load: () => Promise<Part>): () => Promise<Part> {
  let part: Promise<Part> | undefined;
  return () =>
    (part ??= load().catch((error: unknown) => {
      part = undefined;
      throw error;
    }));
}
