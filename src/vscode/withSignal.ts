import * as vscode from "vscode";

/**
 * Does something that takes a while, with a notification by which it can be cancelled.
 *
 * @throws vscode.CancellationError when it was
 */
export async function withSignal<Result>(title: string, job: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_progress, token) => {
    const controller = new AbortController();
    const cancelling = token.onCancellationRequested(() => controller.abort());
    try {
      return await job(controller.signal);
    } catch (error) {
      throw controller.signal.aborted ? new vscode.CancellationError() : error;
    } finally {
      cancelling.dispose();
    }
  });
}
