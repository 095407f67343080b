import { basename } from "node:path";
import { buildAndPush, registryOf, type BuildRequest, type BuildResult, type Core } from "./buildAndPush";
import type { BuildOptions } from "../base/buildOptions";
import { ImageBuilderError, type ErrorLocation } from "../base/errors";
import { baseToRestore, baseUser } from "./baseUser";
import { engineChecker } from "./engineChecker";
import { findImage, type Existence } from "./imageChecker";
import type { ExistenceMemory } from "./existenceMemory";
import { registryChecker } from "./registryChecker";
import { isRepoDigest } from "../base/imageReference";
import { imageBuild, imagePreview, type ImageBuild, type ImageBuildOptions } from "../image/plan/imageBuild";
import { checkUnchanged, type PlannedImage } from "../image/plan/planImage";
import type { Operation } from "../operation/operation";
import { QuestionClock } from "../operation/questionClock";

/** An image that shall exist. */
export interface ImageRequest extends PlannedImage, Pick<BuildRequest, "builder" | "registry" | "madeRegistry"> {
  /** The ones that the image was planned with. */
  readonly places: ImageBuildOptions;
  /** How to build, besides what the image itself says. */
  readonly options?: Omit<BuildOptions, "dockerfile" | "platform" | "secrets">;
  /** Builds even if the image exists. */
  readonly force?: boolean;
  /** Does all but to look it up, build it and push it. */
  readonly dryRun?: boolean;
  readonly memory?: ExistenceMemory;
  /** Where a layer stands, by its place among the image's layers, or the base, so that a failed step is told there. */
  readonly locateLayer?: (layer: number | undefined) => ErrorLocation | undefined;
}

/**
 * What became of an image: it was built, it exists already, nothing was done to see what would be, or it is only a
 * reference to another.
 */
export interface ImageResult extends BuildResult {
  readonly outcome: "built" | "exists" | "dryRun" | "reference";
  /** Of a dry run the Dockerfile that would be built. */
  readonly dockerfile?: string;
}

/**
 * Makes sure that an image exists: builds it, by the same path as every other build, unless it is known to be there.
 * Where nobody knows it is built.
 *
 * @throws ImageBuilderError with the code of what failed; the abort reason when cancelled
 */
export async function ensureImage(request: ImageRequest, core: Core, given: Operation): Promise<ImageResult> {
  const startedAt = performance.now();
  const questions = new QuestionClock();
  const operation = questions.measure(given);
  const { image, uri, resolved, places } = request;
  const done = (outcome: ImageResult["outcome"], more: Partial<ImageResult> = {}): ImageResult => ({
    imageName: uri,
    reference: uri,
    outcome,
    durationMs: performance.now() - startedAt - questions.waitedMs,
    ...more,
  });
  if (resolved.kind === "reference") return done("reference");

  if (request.dryRun) return done("dryRun", { dockerfile: imagePreview(request, places)?.text });
  const withRegistry = { ...request, madeRegistry: await registryOf(request, core) };
  if (request.force !== true) {
    const found = await existenceOf(withRegistry, core, operation.signal);
    if (found.kind === "exists") {
      operation.log.info(`${uri} already exists. The build is skipped.`);
      return done("exists", withDigest(found.repoDigest));
    }
    if (found.kind === "unknown")
      operation.log.info(`Can't determine whether ${uri} exists, so it is built: ${found.reasons.join(" ")}`);
  }

  const user = await userOfBase(request, core, operation);
  const build = await imageBuild(request, { ...places, baseUser: user, log: operation.log, signal: operation.signal });
  if (!build) return done("reference");
  await confirmTools(build, places, operation);
  const result = await buildLocated(withRegistry, build, core, checkedOnceMore(request, operation));
  if (result.repoDigest !== undefined)
    await request.memory?.remember({ uri: result.imageName, platform: image.platform }, result);
  return { ...result, outcome: "built", durationMs: performance.now() - startedAt - questions.waitedMs };
}

/**
 * Whether an image exists where it is to go: asks its registry, then what is remembered; without a registry the daemon.
 *
 * @throws ImageBuilderError `imageForeign`, what making the registry throws; the signal's reason
 */
export async function existenceOf(
  { image, uri, memory, ...place }: Pick<ImageRequest, "image" | "uri" | "registry" | "madeRegistry" | "memory">,
  core: Core,
  signal?: AbortSignal,
): Promise<Existence> {
  const wanted = { uri, platform: image.platform };
  const implementation = await registryOf(place, core);
  if (!implementation) return findImage(wanted, [engineChecker(core.services.engine)], signal);
  const found = withKnownDigest(
    await findImage(wanted, [registryChecker(implementation), ...(memory ? [memory] : [])], signal),
  );
  if (found.kind === "exists") await memory?.remember(wanted, found);
  if (found.kind === "absent") await memory?.forget(wanted);
  return found;
}

/** Asks for the user only where a step runs as root, so that it has to be set again. */
async function userOfBase(request: ImageRequest, core: Core, { log, signal }: Operation): Promise<string | undefined> {
  const base = baseToRestore(request);
  if (base === undefined) return undefined;
  const user = await baseUser(base, core, signal);
  if (user === undefined)
    log.warn(
      `Can't determine the user of ${base}, so the image runs as root. ` + "Check that the base image can be pulled.",
    );
  return user;
}

/**
 * Has the images confirmed that settings put into the Dockerfile: what they hold runs beside everything else of the
 * build.
 */
async function confirmTools(
  { extraFiles }: ImageBuild,
  places: ImageBuildOptions,
  { consent, signal }: Operation,
): Promise<void> {
  const dockerfile = extraFiles.get("Dockerfile");
  const text = dockerfile && "content" in dockerfile ? dockerfile.content.toString("utf8") : "";
  const tools: readonly (readonly [setting: string, name: string | undefined])[] = [
    // An image may name another version of the setting's image.
    ["uvImage", places.uvImage && /^FROM (\S{1,4096}) AS uv$/m.exec(text)?.[1]],
    ["dockerfileSyntax", text.startsWith(`# syntax=${places.syntax}\n`) ? places.syntax : undefined],
  ];
  for (const [setting, name] of tools) {
    if (name !== undefined)
      await consent?.confirm(
        {
          source: { kind: "builds" },
          destination: { kind: "image", name },
          requestedBy: { kind: "setting", name: setting },
        },
        signal,
      );
  }
}

/** What was remembered may have been changed since, and must not keep an image from being built. */
function withKnownDigest(found: Existence): Existence {
  if (found.kind !== "exists" || found.repoDigest === undefined || isRepoDigest(found.repoDigest)) return found;
  return { kind: "unknown", reasons: ["The remembered image has no valid digest."] };
}

/** Looks at the files again when a person has agreed to send them: the question may have been open for hours. */
function checkedOnceMore(planned: PlannedImage, operation: Operation): Operation {
  if (!operation.confirmUpload) return operation;
  const confirmUpload: Operation["confirmUpload"] = async (upload) => {
    await operation.confirmUpload?.(upload);
    await checkUnchanged(planned, operation.signal);
  };
  return { ...operation, confirmUpload };
}

async function buildLocated(
  { builder, registry, madeRegistry, options, places: { alwaysInclude }, locateLayer }: ImageRequest,
  build: ImageBuild,
  core: Core,
  operation: Operation,
): Promise<BuildResult> {
  const { imageName, root, hashed, contextKey, extraFiles } = build;
  // The tag stands for the image's own values.
  const given = Object.entries(options?.buildArgs ?? {}).filter(([name]) => !build.ownArgs.includes(name));
  const buildArgs = { ...Object.fromEntries(given), ...build.options.buildArgs };
  const all = { ...options, ...build.options, buildArgs };
  // The Dockerfile is on no disk, so a warning's line is nowhere to go to.
  const report: Operation["report"] = (event) =>
    operation.report(event.kind === "warning" && root === undefined ? { ...event, location: undefined } : event);
  try {
    return await buildAndPush(
      {
        imageName,
        root,
        hashed,
        contextKey,
        extraFiles,
        builder,
        registry,
        madeRegistry,
        options: all,
        ...(root !== undefined && { alwaysInclude }),
      },
      core,
      { ...operation, report },
    );
  } catch (error) {
    const location = ImageBuilderError.is(error) && root === undefined ? error.location : undefined;
    if (!ImageBuilderError.is(error) || !location) throw error;
    // The Dockerfile is on no disk, so its lines are nowhere to go to.
    const layer = build.layerLines.findLast(({ line }) => line <= location.line)?.layer;
    const place = locateLayer?.(layer);
    const message = place
      ? error.message.replace(
          ` in Dockerfile, line ${location.line}`,
          ` in ${basename(place.file)}, line ${place.line}`,
        )
      : error.message;
    throw new ImageBuilderError(error.code, message, { cause: error, location: place });
  }
}

function withDigest(repoDigest: string | undefined): Partial<ImageResult> {
  return repoDigest === undefined
    ? {}
    : { repoDigest, reference: repoDigest, digest: repoDigest.slice(repoDigest.indexOf("@") + 1) };
}
