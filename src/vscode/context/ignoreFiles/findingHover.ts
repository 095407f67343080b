import * as vscode from "vscode";
import { dockerfileSelector, ignoreFileSelector } from "../../platform/fileKinds";
import { newHover } from "../../ui/editor";
import { joined, markdownString, pageLink, prose } from "../../ui/markdown";
import type { FindingDiagnostics } from "./diagnostics";

/**
 * Tells the reason of a finding below what VS Code itself shows of it: in the list of problems it would be in the way.
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
