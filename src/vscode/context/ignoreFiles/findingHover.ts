import * as vscode from "vscode";
import { dockerfileSelector, ignoreFileSelector } from "../../platform/fileKinds";
import { newHover } from "../../ui/editor";
import { joined, markdownString, pageLink, prose } from "../../ui/markdown";
import type { FindingDiagnostics } from "./diagnostics";

/**
 * Shows the explanation of a finding below the text that VS Code shows. It would be too long for the list of problems.
 */
export function registerFindingHover(diagnostics: FindingDiagnostics): vscode.Disposable {
  return vscode.languages.registerHoverProvider([...ignoreFileSelector, ...dockerfileSelector], {
    async provideHover({ uri }, position) {
      const shown = (await diagnostics.findingsIn(uri)).filter(({ diagnostic }) => diagnostic.range.contains(position));
      const reasons = new Map(shown.map(({ finding: { explanation, docsUrl } }) => [explanation, docsUrl]));
      if (reasons.size === 0) return undefined;
      return newHover(
        [...reasons].map(([explanation, docsUrl]) =>
          markdownString(joined([prose(explanation), pageLink(vscode.l10n.t("Docker's documentation"), docsUrl)])),
        ),
      );
    },
  });
}
