import { localImageBuilderFlavor } from "../../core/builders/local";
import type { BuildOptions } from "../../core/base/buildOptions";
import { buildAndPush, type BuildResult, type Core } from "../../core/jobs/buildAndPush";
import type { Component } from "../../core/base/component";
import { BuildContext } from "../../core/context/files/buildContext";
import type { Upload } from "../../core/context/review/upload";
import { userLogins } from "../../core/credentials/podmanAuth";
import { readDockerfile } from "../../core/context/files/dockerfileSource";
import { createEngineAccess } from "../../core/engine/engineAccess";
import { FlavorRegistry } from "../../core/flavors/flavorRegistry";
import { HttpClient } from "../../core/http/httpClient";
import type { Log } from "../../core/base/log";
import type { BuildProgress } from "./buildProgress";
import { namedRegistryFlavor, pushTarget } from "./pushTarget";
import { checkSecrets } from "./secretOptions";

/** Build request from the command line. */
export interface CommandLineBuild {
  /** Absolute path of the build context. */
  readonly root: string;
  readonly imageName: string;
  readonly isPushed: boolean;
  readonly options: BuildOptions;
}

const builder: Component = { name: "local", type: "image_builder", flavor: "local", configuration: {} };
/** Maximum number of files with secrets that a warning names. */
const mostNamed = 10;

/**
 * Builds with the same daemon as the docker CLI, and pushes if requested.
 *
 * @throws ImageBuilderError with the code of the failure; the signal's reason if aborted
 */
export async function runBuild(
  { root, imageName, isPushed, options }: CommandLineBuild,
  progress: BuildProgress,
  signal: AbortSignal,
): Promise<BuildResult> {
  checkSecrets(await readDockerfile(new BuildContext({ root }), options), options);
  const request = { root, imageName, builder, options, ...(isPushed && { registry: pushTarget(imageName) }) };
  const { log, report } = progress;
  const confirmUpload = (upload: Upload): Promise<void> => warnOfSecrets(upload, log, signal);
  return buildAndPush(request, coreFor(log), { log, signal, report, confirmUpload });
}

function coreFor(log: Log): Core {
  const { env } = process;
  return {
    flavors: new FlavorRegistry([localImageBuilderFlavor, namedRegistryFlavor]),
    services: {
      engine: createEngineAccess(),
      credentials: userLogins({ log }),
      cloud: { http: new HttpClient({ env }), env, log, allowImplicit: false },
    },
  };
}

/** Logs a warning instead of a prompt, since the command line runs unattended. */
async function warnOfSecrets({ name, review }: Upload, log: Log, signal: AbortSignal): Promise<void> {
  const { secrets } = await review({ signal });
  if (secrets.length === 0) return;
  const named = secrets
    .slice(0, mostNamed)
    .map(({ path, line, what }) => `${path}${line === undefined ? "" : `:${line}`} (${what})`);
  const which = name === undefined ? "These files" : `These files in the build context "${name}"`;
  const what = `${which} are sent and may contain secrets; anyone with the image can read the ones it copies`;
  const more = secrets.length > mostNamed ? ` and ${secrets.length - mostNamed} more` : "";
  log.warn(`${what}: ${named.join(", ")}${more}.`);
}
