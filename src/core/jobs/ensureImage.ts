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
import { confirmEach } from "../image/plan/outsidePlaces";
import { checkUnchanged, type PlannedImage } from "../image/plan/planImage";
import type { Operation } from "../operation/operation";
import { QuestionClock } from "../operation/questionClock";

/** Request for an image that should exist. */
export interface ImageRequest extends PlannedImage, Pick<BuildRequest, "builder" | "registry" | "madeRegistry"> {
  /** Options that the image was planned with. */
  readonly places: ImageBuildOptions;
  /** Build options, in addition to those of the image itself. */
  readonly options?: Omit<BuildOptions, "dockerfile" | "platform" | "secrets">;
  /** Builds even if the image exists. */
  readonly force?: boolean;
  /** Only renders the Dockerfile, without looking up, building, or pushing the image. */
  readonly dryRun?: boolean;
  readonly memory?: ExistenceMemory;
  /**
   * Returns the position of a layer in the spec by its index in the image's layers, or of the base for undefined, so
   * that a failed step is reported there.
   */
  readonly locateLayer?: (layer: number | undefined) => ErrorLocation | undefined;
}

/**
 * Result of ensuring that an image exists: it was built, it already exists, the run was dry, or it only refers to
 * another image.
 */
export interface ImageResult extends BuildResult {
  readonly outcome: "built" | "exists" | "dryRun" | "reference";
  /** Dockerfile that would be built, only in a dry run. */
  readonly dockerfile?: string;
}

/**
 * Makes sure that an image exists: builds it like every other build, unless it is known to exist. If that is unknown,
 * it is built.
 *
 * @throws ImageBuilderError with the code of the failure; the signal's reason if aborted
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

  // What the person had allowed when the image was planned may have been revoked since.
  if (places.confirmOutside) await confirmEach(resolved.within?.allowed ?? [], places.confirmOutside, operation.signal);
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
 * Returns whether an image exists at its destination: in its registry, otherwise by earlier lookups; without a
 * registry, in the daemon.
 *
 * @throws ImageBuilderError `imageForeign`, and errors of creating the registry; the signal's reason if aborted
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
 * Asks for consent to images from settings that are put into the Dockerfile, because their content runs with access to
 * the rest of the build.
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

/** Remembered data may have been changed since, and must not prevent an image from being built. */
function withKnownDigest(found: Existence): Existence {
  if (found.kind !== "exists" || found.repoDigest === undefined || isRepoDigest(found.repoDigest)) return found;
  return { kind: "unknown", reasons: ["The remembered image has no valid digest."] };
}

/** Checks the files again after the user has agreed to send them: the prompt may have been open for hours. */
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
  // The tag was computed from the image's own values.
  const given = Object.entries(options?.buildArgs ?? {}).filter(([name]) => !build.ownArgs.includes(name));
  const buildArgs = { ...Object.fromEntries(given), ...build.options.buildArgs };
  const all = { ...options, ...build.options, buildArgs };
  // The Dockerfile is not on disk, so a warning's line can't be opened.
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
    // The Dockerfile is not on disk, so the error refers to the layer instead of its line.
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
