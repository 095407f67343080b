import * as vscode from "vscode";
import type { WithSecrets } from "../platform/secrets";
import type { SpecProposal } from "../../core/image/spec/specProposals";
import { imageSettings } from "./specs/imageSettings";
import { newCompletionItem, newHover } from "../ui/editor";
import { markdownString, prose } from "../ui/markdown";
import { rangeOf } from "../platform/ranges";

/**
 * Whether the YAML extension is installed, which provides completion and hovers from our schema. Otherwise we provide
 * them.
 */
function hasYamlExtension(): boolean {
  return vscode.extensions.getExtension("redhat.vscode-yaml") !== undefined;
}

/** Completes keys and values in YAML spec files. */
export class ImageSpecCompletions implements vscode.CompletionItemProvider {
  constructor(private readonly services: WithSecrets) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    if (hasYamlExtension()) return [];
    const word = document.getWordRangeAtPosition(position, /[\w./-]+/);
    const range = word?.with({ end: position }) ?? new vscode.Range(position, position);
    const [{ specProposals }, secrets] = await Promise.all([
      import("../../core/image/spec/specProposals"),
      this.services.secrets.list(),
    ]);
    const before = document.getText(new vscode.Range(new vscode.Position(0, 0), range.start));
    const after = document.getText().slice(document.offsetAt(word?.end ?? position));
    const names = {
      secrets: secrets.map(({ name }) => name),
      refNames: Object.keys(imageSettings(document.uri).imageRefs ?? {}),
    };
    return specProposals(before, after, names).map((proposal, index) => itemOf(proposal, index, range, after));
  }
}

function itemOf(
  { kind, text, description, followedBy }: SpecProposal,
  index: number,
  range: vscode.Range,
  after: string,
): vscode.CompletionItem {
  const documentation = description === undefined ? undefined : markdownString(prose(description));
  const item = newCompletionItem(
    { label: text, documentation },
    kind === "key" ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.EnumMember,
    text,
  );
  item.range = range;
  item.sortText = String(index).padStart(3, "0");
  const follows = { value: ": $0", keys: ":\n  $0", list: ":\n  - $0" };
  if (followedBy && !/^[ \t]*:/.test(after)) {
    item.insertText = new vscode.SnippetString(`${text}${follows[followedBy]}`);
    item.command = { command: "editor.action.triggerSuggest", title: "" };
  }
  return item;
}

/** Explains the keys in YAML spec files. */
export class ImageSpecHovers implements vscode.HoverProvider {
  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    if (hasYamlExtension()) return undefined;
    const [{ readSpecTree }, { specHover }] = await Promise.all([
      import("../../core/image/spec/specTree"),
      import("../../core/image/spec/specHover"),
    ]);
    const found = specHover(readSpecTree(document.getText(), false).root, position.line + 1, position.character + 1);
    return found && newHover(markdownString(prose(found.text)), rangeOf(found.range));
  }
}
