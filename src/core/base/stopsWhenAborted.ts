/**
 * Time to wait for a job after its signal is aborted, in milliseconds: twice the second that jobs are given to stop.
 */
const graceMs = 2000;

/**
 * Waits for a job; stops waiting if the job, such as one of another extension, continues after it was cancelled.
 *
 * @throws the job's error, or the signal's reason two seconds after it was aborted
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
