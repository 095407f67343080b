import * as vscode from "vscode";
import { withProgress } from "./progress";

/**
 * Does something that takes a while, with a notification by which it can be cancelled.
 *
 * @param patienceMs how long nothing is shown
 * @throws vscode.CancellationError when it was
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
