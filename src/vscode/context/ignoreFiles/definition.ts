import * as vscode from "vscode";
import type { LintState } from "../../../core/context/lint/state/lintState";
import type { IgnoreModel } from "../model/ignoreModel";
import { relativePath } from "../model/relativePath";
import type { WithIgnoreModels } from "../model/ignoreModels";
import { withState } from "./heldState";
import { rangeOf } from "../../platform/ranges";

/** Goes from a source of COPY or ADD to the rule that excludes it, otherwise to the file itself. */
export class SourceDefinitions implements vscode.DefinitionProvider {
  constructor(private readonly services: WithIgnoreModels) {}

  provideDefinition(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.LocationLink[] | undefined> {
    return withState(this.services, document, token, async (state, model) => {
      const file = relativePath(model.folder.uri, document.uri);
      const sources = state.subject.dockerfiles.find((dockerfile) => dockerfile.file === file)?.sources ?? [];
      const source = sources.find(({ range }) => rangeOf(range).contains(position));
      if (!source?.path || source.isWildcard) return undefined;
      const target = await targetOf(source.path, state, model);
      return target && [{ ...target, originSelectionRange: rangeOf(source.range) }];
    });
  }
}

async function targetOf(path: string, state: LintState, model: IgnoreModel): Promise<vscode.LocationLink | undefined> {
  const { factsOfPath } = await import("../../../core/context/explain/pathFacts");
  const facts = await factsOfPath(state, path);
  if (!facts) return undefined;
  if (!facts.isSent && facts.decider)
    return { targetUri: model.uri, targetRange: rangeOf(facts.decider.range, state.ignore.hasMark) };
  return facts.isDirectory
    ? undefined
    : { targetUri: vscode.Uri.joinPath(model.folder.uri, path), targetRange: new vscode.Range(0, 0, 0, 0) };
}
