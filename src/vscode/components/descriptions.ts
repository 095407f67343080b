import * as vscode from "vscode";
import type { Component, ComponentType } from "../../core/base/component";
import { messageOf } from "../../core/base/errors";
import { isRecord } from "../../core/base/isRecord";
import type { WithCore } from "../access/coreAccess";
import type { WithRefresh } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import { onDidChangeSettings } from "../platform/settings";
import { componentNamed } from "../settings/componentSettings";

const scheme = "image-builders";

/** Component or flavor that a document describes. */
type Subject = { readonly type: ComponentType } & ({ readonly name: string } | { readonly flavor: string });

/** Opens a component's description, read-only. Returns its text. */
export function showComponent({ type, name }: Pick<Component, "type" | "name">): Promise<string> {
  return show(name, { type, name });
}

/** Opens a flavor's description, read-only. Returns its text. */
export function showFlavor(type: ComponentType, flavor: string): Promise<string> {
  return show(flavor, { type, flavor });
}

/** Provides descriptions of components and flavors as documents that follow the settings. */
export function registerDescriptions(services: WithCore & WithMemory & WithRefresh): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const tellAll = (): void =>
    vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === scheme).forEach(({ uri }) => changed.fire(uri));
  return vscode.Disposable.from(
    changed,
    onDidChangeSettings(tellAll),
    services.refresh.event(tellAll),
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      // An error, for example that the component has been deleted, replaces the text.
      provideTextDocumentContent: ({ query }) =>
        describe(services, query).catch((error: unknown) => `# ${messageOf(error)}\n`),
    }),
  );
}

async function describe(services: WithCore & WithMemory, query: string): Promise<string> {
  const subject = subjectOf(query);
  const [{ describeComponentInWords }, { describeFlavorInWords }] = await Promise.all([
    import("./describeComponentInWords"),
    import("./describeFlavorInWords"),
  ]);
  if ("flavor" in subject)
    return describeFlavorInWords((await services.core.flavors("all")).get(subject.type, subject.flavor));
  return describeComponentInWords(services, componentNamed(subject.type, subject.name));
}

/**
 * Parses the query of a description's URI.
 *
 * @throws Error for a query of any other form: a link may contain any text
 */
function subjectOf(query: string): Subject {
  const subject: unknown = parse(query);
  if (
    isRecord(subject) &&
    typeof subject["type"] === "string" &&
    [subject["name"], subject["flavor"]].some((each) => typeof each === "string")
  )
    return subject as Subject;
  throw new Error(vscode.l10n.t("This address has no description. Open a description from the Image Builders view."));
}

function parse(query: string): unknown {
  try {
    return JSON.parse(query);
  } catch {
    return undefined;
  }
}

async function show(title: string, subject: Subject): Promise<string> {
  const uri = vscode.Uri.from({
    scheme,
    path: `/${title.replaceAll(/[\\/:]+/g, "-")}.yaml`,
    query: JSON.stringify(subject),
  });
  const document = await vscode.languages.setTextDocumentLanguage(await vscode.workspace.openTextDocument(uri), "yaml");
  await vscode.window.showTextDocument(document, { preview: true });
  return document.getText();
}
