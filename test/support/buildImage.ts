import assert from "node:assert/strict";
import { buildAndPush, type BuildResult } from "../../src/core/jobs/buildAndPush";
import type { BuildOptions } from "../../src/core/base/buildOptions";
import type { Image } from "../../src/core/image/image";
import type { ImageBuildOptions } from "../../src/core/image/plan/imageBuild";
import { plannedBuild } from "./plannedBuild";
import { askDaemon, coreOn, localBuilder, outputOf, registryAt, uniqueName } from "./engine";
import { recordingOperation } from "./operation";

/** The platform that programs of this machine run on. */
export const ownPlatform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

/** A build's result and all that its RUNs wrote. */
export interface BuiltImage extends BuildResult {
  readonly output: string;
}

/** Builds an image by the one path there is, and pushes it where it has a registry. */
export async function buildImage(
  image: Image,
  options: ImageBuildOptions = {},
  buildOptions: BuildOptions = {},
): Promise<BuiltImage> {
  const build = await plannedBuild(image, options);
  assert.ok(build, "there is something to build");
  const operation = recordingOperation();
  const registry = image.registry === undefined ? undefined : registryAt(image.registry);
  const result = await buildAndPush(
    { ...build, options: { ...build.options, ...buildOptions }, builder: localBuilder, registry },
    coreOn(),
    operation,
  );
  const ofRuns = operation.events.filter((event) => event.kind === "stepLog" && /\bRUN\b/.test(event.step?.name ?? ""));
  return { ...result, output: outputOf(ofRuns) };
}

/** The lines that a command prints in an image, run again. */
export async function printedIn(
  image: Image<true>,
  command: string,
  options: ImageBuildOptions = {},
): Promise<string[]> {
  const { output } = await buildImage(image.withCommands([`${command} # ${uniqueName()}`]), options);
  return output.trim().split("\n");
}

/** What the daemon says of an image. */
export interface InspectedImage {
  readonly Architecture: string;
  readonly Config: { readonly Env: readonly string[]; readonly WorkingDir: string; readonly User: string };
}

/** Asks the daemon itself for an image. */
export async function inspectImage({ imageName }: Pick<BuildResult, "imageName">): Promise<InspectedImage> {
  return (await askDaemon(`/images/${encodeURIComponent(imageName)}/json`)) as InspectedImage;
}
