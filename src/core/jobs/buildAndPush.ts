import { checkBuildOptions } from "../base/checkBuildOptions";
import type { BuildOptions } from "../base/buildOptions";
import type { Component } from "../base/component";
import { confirmBuildSources } from "../consent/buildSources";
import { flavorDestination } from "../flavors/configurationRequests";
import { BuildContext } from "../context/files/buildContext";
import { checkedImageId, isDigest } from "../base/digest";
import { checkedBuiltImage } from "../contracts/builtImage";
import type { ContainerRegistry } from "../contracts/containerRegistry";
import type { ExtraFile } from "../context/files/extraFiles";
import type { ProgressEvent } from "../operation/progressEvent";
import { ImageBuilderError } from "../base/errors";
import type { ImplementationServices } from "../contracts/services";
import type { FlavorRegistry } from "../flavors/flavorRegistry";
import { createComponent } from "../flavors/createComponent";
import type { Operation } from "../operation/operation";
import { stopsWhenAborted } from "../base/stopsWhenAborted";

/** One build, with everything decided: nothing in the core asks a question. */
export interface BuildRequest {
  /** Absolute path of the folder that is the context; without it the context is made of the extra files alone. */
  readonly root?: string;
  /** Tells the context from others, where it has no root or is one of several of that; default is the root. */
  readonly contextKey?: string;
  /**
   * What is added to the context, by path; a `Dockerfile` among them is the one that is built unless the options name
   * another.
   */
  readonly extraFiles?: ReadonlyMap<string, ExtraFile>;
  /** The full name with its tag; more tags go in `options.tags`. */
  readonly imageName: string;
  readonly builder: Component;
  /** Where to push; without it the image stays in the daemon. */
  readonly registry?: Component;
  /** Does the registry's work, where it was made for this build before. */
  readonly madeRegistry?: ContainerRegistry;
  readonly options: BuildOptions;
  /** Absolute path; default is the one the Dockerfile or the folder brings. */
  readonly dockerignoreFile?: string;
  /** Paths below the root that no ignore file keeps out. */
  readonly alwaysInclude?: readonly string[];
}

/** What a build has made. */
export interface BuildResult {
  readonly imageName: string;
  /** The `repoDigest` when pushed, else the image's name. */
  readonly reference: string;
  /** `name@sha256:…`, only when pushed. */
  readonly repoDigest?: string;
  /** `sha256:…`, as the registry knows the manifest, only when pushed. */
  readonly digest?: string;
  /** `sha256:…`, as the daemon knows the image. */
  readonly imageId?: string;
  readonly durationMs: number;
}

/** What the core works with: the flavors it knows and the services that implementations are made with. */
export interface Core {
  readonly flavors: FlavorRegistry;
  readonly services: ImplementationServices;
}

/**
 * Builds a folder and, if a registry is named, pushes the image there: the whole job.
 *
 * @throws ImageBuilderError with the code of what failed; the abort reason when cancelled
 */
export async function buildAndPush(request: BuildRequest, core: Core, operation: Operation): Promise<BuildResult> {
  const startedAt = performance.now();
  const options = checkBuildOptions(request.options);
  const builder = await createComponent("image_builder", request.builder, core.flavors, core.services);
  const registry = await registryOf(request, core);

  if (!builder.isBuildingLocally && !registry) {
    throw new ImageBuilderError(
      "registryMissing",
      `The builder "${request.builder.name}" doesn't build on this machine, so it needs a registry to push the ` +
        "image to. Choose a registry.",
    );
  }

  if (!builder.isBuildingLocally) {
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
    durationMs: performance.now() - startedAt,
  };

  function report(event: ProgressEvent): void {
    if (event.kind === "imageBuilt") reportedId = event.imageId;
    if (tellsDigests(event)) operation.report(event);
  }
}

/** What is no digest fails the build at its end, and is shown nowhere. */
function tellsDigests(event: ProgressEvent): boolean {
  if (event.kind === "imageBuilt") return isDigest(event.imageId);
  return event.kind !== "pushed" || isDigest(String(event.repoDigest).split("@")[1]);
}

/**
 * Makes the registry of a build, unless it was made before; undefined without one.
 *
 * @throws what `createComponent` throws
 */
export async function registryOf(
  { registry, madeRegistry }: Pick<BuildRequest, "registry" | "madeRegistry">,
  { flavors, services }: Core,
): Promise<ContainerRegistry | undefined> {
  return madeRegistry ?? (registry && (await createComponent("container_registry", registry, flavors, services)));
}
