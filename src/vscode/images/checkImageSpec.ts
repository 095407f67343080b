import * as vscode from "vscode";
import type { ImageCheck } from "../../core/jobs/checkImage";
import type { WithCore } from "../access/coreAccess";
import { refuseUntrusted } from "../builds/runBuild";
import type { WithLog } from "../platform/host";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";
import { componentNamed } from "../settings/componentSettings";
import { showInformationMessage, showWarningMessage } from "../ui/messages";
import { withSignal } from "../ui/withSignal";
import type { WithImageChecks } from "./specs/imageChecks";
import type { WithImages } from "./specs/imageSpecs";
import { specBuilder } from "./specs/specBuilder";
import { planWithProgress } from "./specs/specPlan";
import { specOf } from "./startSpecBuild";
import { isFailure, packagesInWords } from "./view/checkRows";

/** Imports each package that a spec declares in its built image, and shows the result in the Images view. */
export async function checkImageSpec(
  services: WithCore & WithImageChecks & WithImages & WithLog & WithMemory & WithSecrets,
  target?: unknown,
): Promise<ImageCheck | undefined> {
  refuseUntrusted();
  const spec = await specOf(services, target);
  if (!spec) return undefined;
  const plan = await planWithProgress(services, spec, { push: "ifPossible" });
  const builder = componentNamed("image_builder", specBuilder(services.memory, spec));
  const title = vscode.l10n.t("Importing the packages of {0}", plan.uri);
  const check = await withSignal(title, async (signal) => {
    const [{ checkImage }, core] = await Promise.all([import("../../core/jobs/checkImage"), services.core.get()]);
    return checkImage({ ...plan, builder }, core, { log: services.log, signal, report: () => undefined });
  });
  services.imageChecks.keep(spec, plan.uri, check);
  void announce(check);
  return check;
}

async function announce({ packages, python }: ImageCheck): Promise<void> {
  const show = vscode.l10n.t("Show Images");
  const failures = packages.filter(isFailure);
  const words = packagesInWords(packages, python);
  const chosen =
    failures.length > 0
      ? await showWarningMessage(
          vscode.l10n.t(
            "Packages of the image: {0}. Not working: {1}",
            words,
            failures.map(({ name }) => name).join(", "),
          ),
          show,
        )
      : await showInformationMessage(vscode.l10n.t("Packages of the image: {0}.", words), show);
  if (chosen === show) await vscode.commands.executeCommand("imageBuilders.images.focus");
}
