import * as vscode from "vscode";
import { ProgressText } from "../../core/progress/progressText";
import { isBrowseNode } from "./browse/browseNodes";
import type { WithLocalImages } from "../components/localImages/localImages";
import type { WithCore } from "../access/coreAccess";
import type { WithLog } from "../platform/host";
import type { WithRegistriesView } from "./view/registriesView";
import { throttle } from "../ui/throttle";
import { showInformationMessage } from "../ui/messages";
import { withProgress } from "../ui/progress";

const progressIntervalMs = 150;

/** Pulls the image of the selected row into the daemon. */
export async function pullImage(
  { core, log, registriesView, localImages }: WithCore & WithLocalImages & WithLog & WithRegistriesView,
  target: unknown = registriesView.selected,
): Promise<void> {
  if (!isBrowseNode(target) || (target.kind !== "tag" && target.kind !== "image")) return;
  const { imageName } = target;
  const registry = await core.implementation("container_registry", target.repository.browser.component.name);
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: vscode.l10n.t("Pulling {0}", imageName),
    cancellable: true,
  };
  await withProgress(options, async (progress, token) => {
    const controller = new AbortController();
    const cancelling = token.onCancellationRequested(() => controller.abort());
    const text = new ProgressText();
    const show = throttle(progressIntervalMs, (message: string) => progress.report({ message }));
    try {
      await registry.pullImage(imageName, {
        log,
        signal: controller.signal,
        report(event) {
          const words = text.accept(event);
          if (words !== undefined) show(words);
        },
      });
    } catch (error) {
      throw controller.signal.aborted ? new vscode.CancellationError() : error;
    } finally {
      cancelling.dispose();
    }
  });
  localImages.refresh();
  void showInformationMessage(vscode.l10n.t("Pulled {0}.", imageName));
}
