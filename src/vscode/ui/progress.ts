import * as vscode from "vscode";
import { defuseLabel } from "../../core/text/defuse";

type Options = Omit<vscode.ProgressOptions, "title"> & { readonly title: string };
type Report = vscode.Progress<{ message?: string; increment?: number }>;

/** As VS Code's own; a title or message with a link or an icon in it shows their characters. */
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
