import * as vscode from "vscode";
import type { BasePin } from "../../core/image/spec/pinBase";
import type { ImageBuildOptions } from "../../core/image/plan/imageBuild";
import { ImageBuilderError } from "../../core/base/errors";
import type { WithCore } from "../access/coreAccess";
import { refuseUntrusted } from "../builds/runBuild";
import type { WithLog } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import { rangeOf } from "../platform/ranges";
import type { WithSecrets } from "../platform/secrets";
import { showInformationMessage } from "../ui/messages";
import { withSignal } from "../ui/withSignal";
import type { WithImages } from "./specs/imageSpecs";
import { isSpecModule } from "./specs/specFiles";
import { placeSpec } from "./specs/specPlan";
import { specOf } from "./startSpecBuild";

/** Time in milliseconds before progress is shown. */
const patienceMs = 500;

/** Number of a digest's digits that a message shows. */
const shownDigits = 12;

/**
 * Pins the base image of a spec to the digest that its tag has in the registry, or updates the digest. The file is
 * changed in its editor and not saved.
 *
 * @returns the pinned name; undefined if a prompt was dismissed
 */
export async function pinBaseImage(
  services: WithCore & WithImages & WithLog & WithMemory & WithSecrets,
  target?: unknown,
): Promise<string | undefined> {
  refuseUntrusted();
  const uri = await specOf(services, target);
  if (!uri) return undefined;
  const { spec, image, places } = await placeSpec(services, uri, { push: "never" });
  const [{ basePin, rangeOfBase }, { baseDigest }, core] = await Promise.all([
    import("../../core/image/spec/pinBase"),
    import("../../core/jobs/baseRegistry"),
    services.core.get(),
  ]);
  const base = await basePin(image, places);
  const title = vscode.l10n.t("Looking up the digest of {0}", base.name);
  const digest = await withSignal(title, (signal) => baseDigest(base.name, core, signal), patienceMs);
  const pinned = `${base.name}@${digest}`;
  if (base.digest === digest) {
    void showInformationMessage(vscode.l10n.t("{0} is already pinned to its current digest.", base.name));
  } else if (isSpecModule(uri) || !rangeOfBase(spec.root)) {
    void offerCopy(pinned, isSpecModule(uri));
  } else {
    await write(uri, places, base, digest);
    void showInformationMessage(changeInWords(base, digest));
  }
  return pinned;
}

/** Changes the text in the editor as one step that can be undone. */
async function write(uri: vscode.Uri, places: ImageBuildOptions, base: BasePin, digest: string): Promise<void> {
  const { pinChange } = await import("../../core/image/spec/pinBase");
  const document = await vscode.workspace.openTextDocument(uri);
  const { version } = document;
  const { edits } = await pinChange({ text: document.getText(), file: uri.path, places }, base, digest);
  const change = new vscode.WorkspaceEdit();
  for (const { range, newText } of edits) change.replace(uri, rangeOf(range), newText);
  if (document.version !== version || !(await vscode.workspace.applyEdit(change)))
    throw new ImageBuilderError(
      "imageInvalid",
      vscode.l10n.t('Can\'t change "{0}", which was edited meanwhile or is read-only. Try again.', uri.fsPath),
    );
  const editor = await vscode.window.showTextDocument(document);
  const [line] = edits.map(({ range }) => range.line - 1);
  if (line !== undefined) editor.revealRange(new vscode.Range(line, 0, line, 0));
}

/** A program and the settings are not changed by us. */
async function offerCopy(pinned: string, isModule: boolean): Promise<void> {
  const copy = vscode.l10n.t("Copy");
  const message = isModule
    ? vscode.l10n.t("A module isn't changed. Use this name in it: {0}", pinned)
    : vscode.l10n.t('The base image is named in the setting "imageBuilders.images". Use this name there: {0}', pinned);
  if ((await showInformationMessage(message, copy)) === copy) await vscode.env.clipboard.writeText(pinned);
}

function changeInWords({ name, digest }: BasePin, next: string): string {
  if (digest === undefined) return vscode.l10n.t("Pinned {0} to {1}. Save the file to keep it.", name, short(next));
  return vscode.l10n.t("Updated {0} from {1} to {2}. Save the file to keep it.", name, short(digest), short(next));
}

function short(digest: string): string {
  return `${digest.slice(0, digest.indexOf(":") + 1 + shownDigits)}…`;
}
