import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";

type Options = Omit<vscode.ProgressOptions, "title"> & { readonly title: string };
type Report = vscode.Progress<{ message?: string; increment?: number }>;

/** Shows progress as VS Code's function does, but without links and icons in its texts. */
export function withProgress<Result>(
  options: Options,
  task: (progress: Report, token: vscode.CancellationToken) => Thenable<Result>,
): Thenable<Result> {
  return vscode.window.withProgress({ ...options, title: defuseLabel(options.title) }, (progress, token) => {
    const report: Report = {
      report: ({ message, ...rest }) =>
        progress.report({ ...rest, ...(message !== undefined && { message: defuseLabel(message) }) }),
    };
    return task(report, token);
  });
}
