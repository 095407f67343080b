import type { Component } from "../base/component";
import type { SourceRequest } from "../base/sourceConsent";
import { flavorDestination } from "../flavors/configurationRequests";
import type { ImageDefinition } from "../image/definition/definition";
import type { OutsideUse } from "../image/files/outsideError";
import type { Core } from "./buildAndPush";

/** Use of files outside the workspace by the image of a spec. */
export interface OutsideQuestion {
  /** Uses of the same kind. */
  readonly uses: readonly OutsideUse[];
  readonly image: Pick<ImageDefinition, "name" | "registry">;
  /** Registry that the image is pushed to, if any. */
  readonly registry?: Component;
  /** Spec file, as it is shown. */
  readonly spec: string;
  /** Default is the Docker daemon. */
  readonly builder: Component | undefined;
}

/**
 * Returns the request to use files outside the workspace.
 *
 * @throws errors of finding the daemon; ImageBuilderError `flavorUnknown`
 */
export async function outsideRequest(
  { uses, image, registry, spec, builder }: OutsideQuestion,
  core: Core,
  signal?: AbortSignal,
): Promise<SourceRequest> {
  const { name = "" } = image;
  const pushedTo = registry && (image.registry ?? String(registry.configuration["uri"]));
  const paths = uses.map(({ path }) => path).sort();
  return {
    source: uses[0]?.kind === "names" ? { kind: "outsideNames", paths } : { kind: "outsideFiles", paths },
    destination: {
      kind: "builtImage",
      name,
      ...(pushedTo !== undefined && { registry: pushedTo }),
      address: await addressOf(builder, core, signal),
    },
    requestedBy: { kind: "image", name, from: "file", place: spec },
  };
}

async function addressOf(
  builder: Component | undefined,
  { flavors, services }: Core,
  signal: AbortSignal | undefined,
): Promise<string> {
  if (builder === undefined || builder.flavor === "local") return (await services.engine.endpoint(signal)).address;
  const { addresses } = flavorDestination(builder, flavors.get("image_builder", builder.flavor));
  return addresses.join(", ") || `the builder "${builder.name}"`;
}
