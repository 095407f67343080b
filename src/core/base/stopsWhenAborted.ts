/** Twice of what whoever works is given to stop. */
const graceMs = 2000;

/**
 * What a job yields; where it is somebody else's and goes on though it was cancelled, nobody waits for it any longer.
 *
 * @throws what the job throws, else the signal's reason two seconds after it was aborted
 */
export async function stopsWhenAborted<Result>(job: Promise<Result>, signal: AbortSignal): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  let start = (): void => undefined;
  const abandoned = new Promise<never>((_resolve, reject) => {
    start = () => void (timer = setTimeout(() => reject(signal.reason), graceMs));
  });
  signal.addEventListener("abort", start);
  if (signal.aborted) start();
  try {
    return await Promise.race([job, abandoned]);
  } finally {
    signal.removeEventListener("abort", start);
    clearTimeout(timer);
  }
}
