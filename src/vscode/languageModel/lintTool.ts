import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { ImageBuilderError } from "../../core/base/errors";
import type { Finding } from "../../core/context/lint/state/finding";
import { toolProgress } from "../ui/toolResult";
import type { Tool } from "./tool";
import { textOf, workspacePath } from "./toolInput";

/** Limit on the listed findings; the count covers all. */
const mostFindings = 100;

/** Checks an ignore file on the files of its folder, and the Dockerfiles that depend on it. */
export const lintTool: Tool = {
  properties: ["path"],

  prepare: (input) => toolProgress(vscode.l10n.t("Checking {0}", textOf(input, "path") ?? "")),

  async run({ ignoreModels }, input, signal) {
    const path = workspacePath(textOf(input, "path"));
    const held = await ignoreModels.ofFile(vscode.Uri.file(path));
    if (!held)
      throw new ImageBuilderError(
        "optionInvalid",
        vscode.l10n.t(
          '"{0}" is not an ignore file or a Dockerfile. Specify one, such as "{1}".',
          path,
          join(dirname(path), ".dockerignore"),
        ),
      );
    try {
      // Findings about the files of the folder need all of them.
      await held.model.state();
      const { findings } = await held.model.findings(signal);
      if (findings.length === 0) return vscode.l10n.t("There are no findings in {0}.", held.model.file);
      const more = findings.length - mostFindings;
      return [
        vscode.l10n.t("Findings in {0}: {1}", held.model.file, findings.length),
        ...findings.slice(0, mostFindings).map(findingText),
        ...(more > 0 ? [vscode.l10n.t("And {0} more.", more)] : []),
      ].join("\n");
    } finally {
      held.dispose();
    }
  },
};

function findingText({ file, range, severity, code, message, explanation, fixes }: Finding): string {
  return [
    `- ${file}:${range.line}:${range.column} ${severity} ${code}: ${message}`,
    `  ${explanation}`,
    ...fixes.slice(0, 3).map(({ title }) => `  ${vscode.l10n.t("Fix: {0}", title)}`),
  ].join("\n");
}
