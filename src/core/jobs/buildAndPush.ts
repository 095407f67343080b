import { checkBuildOptions } from "../base/checkBuildOptions";
import type { BuildOptions } from "../base/buildOptions";
import type { Component } from "../base/component";
import { confirmBuildSources } from "../consent/buildSources";
import { isBuiltinFlavor } from "../flavors/builtinFlavors";
import { flavorDestination } from "../flavors/configurationRequests";
import { BuildContext } from "../context/files/buildContext";
import { checkedImageId, isDigest } from "../base/digest";
import { checkedBuiltImage } from "../contracts/builtImage";
import type { ContainerRegistry } from "../contracts/containerRegistry";
import type { ExtraFile } from "../context/files/extraFiles";
import type { HashedContext } from "../context/files/hashedEntries";
import type { ProgressEvent } from "../operation/progressEvent";
import { ImageBuilderError } from "../base/errors";
import type { ImplementationServices } from "../contracts/services";
import type { FlavorRegistry } from "../flavors/flavorRegistry";
import { createComponent } from "../flavors/createComponent";
import type { Operation } from "../operation/operation";
import { QuestionClock } from "../operation/questionClock";
import { stopsWhenAborted } from "../base/stopsWhenAborted";

/** Complete build request: the core never prompts for missing values. */
export interface BuildRequest {
  /** Absolute path of the build context's folder; if undefined, the context consists only of the extra files. */
  readonly root?: string;
  /** Files of the folder that may be sent; default is all that are not ignored. */
  readonly hashed?: HashedContext;
  /**
   * Key that distinguishes the build context from others, if it has no root, or if a root has several; default is the
   * root.
   */
  readonly contextKey?: string;
  /**
   * Files to add to the build context, by path; a `Dockerfile` among them is built unless the options specify another
   * one.
   */
  readonly extraFiles?: ReadonlyMap<string, ExtraFile>;
  /** Full name with a tag; additional tags are in `options.tags`. */
  readonly imageName: string;
  readonly builder: Component;
  /** Registry to push to; if undefined, the image stays in the daemon. */
  readonly registry?: Component;
  /** Instance of the registry, if it was already created for this build. */
  readonly madeRegistry?: ContainerRegistry;
  readonly options: BuildOptions;
  /** Absolute path of the ignore file; default is the Dockerfile's own or the folder's. */
  readonly dockerignoreFile?: string;
  /** Paths below the root that are always included. */
  readonly alwaysInclude?: readonly string[];
}

/** Result of a build. */
export interface BuildResult {
  readonly imageName: string;
  /** `repoDigest` if pushed, otherwise the image name. */
  readonly reference: string;
  /** `name@sha256:…`, only if pushed. */
  readonly repoDigest?: string;
  /** Digest of the manifest in the registry, `sha256:…`, only if pushed. */
  readonly digest?: string;
  /** Daemon's ID of the image, `sha256:…`. */
  readonly imageId?: string;
  /** Size of the image in bytes, if the builder knows it. */
  readonly sizeBytes?: number;
  /** Without the time that a person took to answer questions. */
  readonly durationMs: number;
}

/** Dependencies of the core: its flavors, and the services of their implementations. */
export interface Core {
  readonly flavors: FlavorRegistry;
  readonly services: ImplementationServices;
}

/**
 * Builds a folder and, if a registry is given, pushes the image there.
 *
 * @throws ImageBuilderError with the code of the failure; the signal's reason if aborted
 */
export async function buildAndPush(request: BuildRequest, core: Core, given: Operation): Promise<BuildResult> {
  const options = checkBuildOptions(request.options);
  const builder = await createComponent("image_builder", request.builder, core.flavors, core.services);
  const registry = await registryOf(request, core);
  // Both may have asked a person.
  const startedAt = performance.now();
  const questions = new QuestionClock();
  const operation = questions.measure(given);

  if (!builder.isBuildingLocally && !registry && !(options.output && builder.exports)) {
    throw new ImageBuilderError(
      "registryMissing",
      `The builder "${request.builder.name}" doesn't build on this machine, so it needs a registry to push the ` +
        "image to. Choose a registry.",
    );
  }

  // Our own builders ask themselves.
  if (!builder.isBuildingLocally && !isBuiltinFlavor("image_builder", request.builder.flavor)) {
    const { addresses } = flavorDestination(request.builder, core.flavors.get("image_builder", request.builder.flavor));
    const address = addresses.join(", ") || `the builder "${request.builder.name}"`;
    const destination = { kind: "build", folder: request.root ?? "", address, isLocal: false } as const;
    await confirmBuildSources({ options, root: request.root, destination, secrets: core.services.secrets }, operation);
  }

  const context = new (builder.buildContextClass ?? BuildContext)({
    root: request.root,
    key: request.contextKey,
    dockerfile: options.dockerfile,
    dockerignoreFile: request.dockerignoreFile,
    alwaysInclude: request.alwaysInclude,
    hashed: request.hashed,
    log: operation.log,
  });
  context.addAll(request.extraFiles ?? new Map());

  const who = `The builder "${request.builder.name}"`;
  let reportedId: string | undefined;
  const returned: unknown = await stopsWhenAborted(
    builder.build(request.imageName, context, options, { ...operation, report }, registry),
    operation.signal,
  );
  const built = checkedBuiltImage(returned, who);
  const { reference } = built;
  const digest = registry && built.digest;
  const imageId = built.imageId ?? (reportedId === undefined ? undefined : checkedImageId(reportedId, who));
  return {
    imageName: request.imageName,
    reference,
    ...(digest && { repoDigest: reference, digest }),
    ...(imageId !== undefined && { imageId }),
    ...(built.sizeBytes !== undefined && { sizeBytes: built.sizeBytes }),
    durationMs: performance.now() - startedAt - questions.waitedMs,
  };

  function report(event: ProgressEvent): void {
    if (event.kind === "imageBuilt") reportedId = event.imageId;
    if (tellsDigests(event)) operation.report(event);
  }
}

/** Whether an event contains only valid digests; an invalid one is not shown, and fails the build at its end. */
function tellsDigests(event: ProgressEvent): boolean {
  if (event.kind === "imageBuilt") return isDigest(event.imageId);
  return event.kind !== "pushed" || isDigest(String(event.repoDigest).split("@")[1]);
}

/**
 * Returns the registry of a build, which is created unless it already was; undefined if the build has none.
 *
 * @throws errors of `createComponent`
 */
export async function registryOf(
  { registry, madeRegistry }: Pick<BuildRequest, "registry" | "madeRegistry">,
  { flavors, services }: Core,
): Promise<ContainerRegistry | undefined> {
  return madeRegistry ?? (registry && (await createComponent("container_registry", registry, flavors, services)));
}
