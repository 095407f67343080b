import * as vscode from "vscode";
import { withProgress } from "./progress";

/**
 * Runs a job with a notification that can cancel it.
 *
 * @param patienceMs time in milliseconds before the notification is shown; default is 0
 * @throws vscode.CancellationError if it was canceled
 */
export async function withSignal<Result>(
  title: string,
  job: (signal: AbortSignal) => Promise<Result>,
  patienceMs = 0,
): Promise<Result> {
  const controller = new AbortController();
  const result = job(controller.signal);
  const timer = setTimeout(() => {
    void withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (_progress, token) => {
        const cancelling = token.onCancellationRequested(() => controller.abort());
        await result.catch(() => undefined);
        cancelling.dispose();
      },
    );
  }, patienceMs);
  try {
    return await result;
  } catch (error) {
    throw controller.signal.aborted ? new vscode.CancellationError() : error;
  } finally {
    clearTimeout(timer);
  }
}
