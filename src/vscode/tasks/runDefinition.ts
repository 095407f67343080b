import { isAbsolute, resolve } from "node:path";
import * as vscode from "vscode";
import type { BuildOutcome } from "../../api/api";
import { ImageBuilderError } from "../../core/base/errors";
import { inDefaultRepository } from "../builds/imageNames";
import type { LogDisplay } from "../builds/buildOutput";
import { startBuild } from "../builds/startBuild";
import { specRegistry } from "../images/specs/specRegistry";
import { startSpecBuild } from "../images/startSpecBuild";
import type { WithBuilds } from "../builds/builds";
import type { WithCore } from "../access/coreAccess";
import type { WithDiagnostics } from "../builds/buildDiagnostics";
import type { WithGuard } from "../context/guard/uploadGuard";
import type { WithImages } from "../images/specs/imageSpecs";
import type { WithLog } from "../platform/host";
import type { WithLogs } from "../builds/buildLogs";
import type { WithMemory } from "../platform/memory";
import type { WithSecrets } from "../platform/secrets";
import type { WithTrusted } from "../consent/trustedSources";
import { refuseForeignPaths } from "../platform/refuseForeignPaths";
import { buildSettings } from "../platform/settings";
import type { BuildDefinition } from "./buildDefinition";

/** Services for builds that nobody is asked about. */
export type DefinitionServices = WithBuilds &
  WithCore &
  WithDiagnostics &
  WithGuard &
  WithImages &
  WithLog &
  WithLogs &
  WithMemory &
  WithSecrets &
  WithTrusted;

/**
 * Builds what a definition describes, without prompts for missing values.
 *
 * @param base folder that paths are relative to; undefined if no folder is open
 * @param output shows the log
 * @throws ImageBuilderError with the code of the failure; vscode.CancellationError
 */
export async function runDefinition(
  services: DefinitionServices,
  definition: BuildDefinition,
  base: string | undefined,
  output: LogDisplay,
): Promise<BuildOutcome | undefined> {
  const { spec, push, folder: given = "", dockerfile, builder, registry, options } = definition;
  refuseForeignPaths(spec, given);
  const all = { ...services, output };
  // Otherwise, the folder in which VS Code was started would be built.
  if (base === undefined && !isAbsolute(given) && !isAbsolute(spec ?? ""))
    throw new ImageBuilderError(
      "optionInvalid",
      vscode.l10n.t('No folder is open. Specify the folder to build with "folder".'),
    );
  const folder = resolve(base ?? "", given);
  if (spec !== undefined) return startSpecBuild(all, push, { spec: resolve(folder, spec), builder, registry, options });
  const imageName = definition.imageName ?? (await usualName(services, folder, definition));
  return startBuild(all, push, { folder, dockerfile, imageName, builder, registry, options });
}

/**
 * Returns the image name that the commands propose in a folder.
 *
 * @throws ImageBuilderError `optionInvalid` if the settings have none
 */
async function usualName(
  { core, memory }: WithCore & WithMemory,
  folder: string,
  { push, registry }: BuildDefinition,
): Promise<string> {
  const template = buildSettings(folder).tagTemplate;
  if (template.trim() === "")
    throw new ImageBuilderError(
      "optionInvalid",
      vscode.l10n.t(
        'There is no image name. Specify it with "{0}", or set "{1}".',
        "imageName",
        "imageBuilders.tagTemplate",
      ),
    );
  const name = push ? (registry ?? specRegistry(memory, folder)?.name) : undefined;
  if (name === undefined) return template;
  const { config } = await core.implementation("container_registry", name);
  return inDefaultRepository(template, config.defaultRepository);
}
