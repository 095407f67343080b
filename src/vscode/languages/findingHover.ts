import * as vscode from "vscode";
import { dockerfileSelector, ignoreFileSelector } from "../context/fileKinds";
import type { FindingDiagnostics } from "./diagnostics";

/** Tells the reason of a finding below what VS Code itself shows of it: in the list of problems it would be in the way. */
export function registerFindingHover(diagnostics: FindingDiagnostics): vscode.Disposable {
  return vscode.languages.registerHoverProvider([...ignoreFileSelector, ...dockerfileSelector], {
    async provideHover({ uri }, position) {
      const shown = (await diagnostics.findingsIn(uri)).filter(({ diagnostic }) => diagnostic.range.contains(position));
      const reasons = new Map(shown.map(({ finding: { explanation, docsUrl } }) => [explanation, docsUrl]));
      if (reasons.size === 0) return undefined;
      return new vscode.Hover([...reasons].map(([explanation, docsUrl]) => new vscode.MarkdownString(vscode.l10n.t("{0} [Docker's documentation]({1})", escaped(explanation), docsUrl))));
    },
  });
}

/** Wildcards are no emphasis; what stands between backticks is code already. */
function escaped(text: string): string {
  return text.split(/(`[^`]*`)/).map((part) => (part.startsWith("`") ? part : part.replace(/[\\*_[\]<>#|]/g, "\\$&"))).join("");
}
