import { dirname, relative } from "node:path";
import { ImageBuilderError } from "../../base/errors";
import type { Placed } from "../files/contextLayout";
import type { ImageDefinition } from "../definition/definition";
import { clutterPatterns, isLeftOut, mostLeftOut, type LeftOut } from "../files/clutter";
import { ignoreFileFor, type IgnorePlaces } from "../files/folderFiles";
import { imagePreview, type ImageBuildOptions, type ImagePreview } from "../plan/imageBuild";
import { readNamed } from "../files/requirePath";
import { planImage, type PlannedImage } from "../plan/planImage";
import { hostKeysName } from "../render/ssh";

/** Image as a Dockerfile that works without this extension, in the folder of its spec. */
export interface StandaloneDockerfile {
  readonly text: string;
  /** Text of the Dockerfile's own ignore file; undefined if the folder's ignore file is enough. */
  readonly ignoreLines: string | undefined;
}

/** Options for writing an image as a Dockerfile. */
export interface StandaloneOptions extends ImageBuildOptions {
  /** Absolute path of the folder of the image's spec. */
  readonly root: string;
  /** Finds the user that the base image runs as. */
  readonly findUser?: (plan: PlannedImage) => Promise<string | undefined>;
}

/**
 * Converts an image to a Dockerfile that builds the same image in its folder, without this extension.
 *
 * @throws ImageBuilderError `imageInvalid` for parts that a Dockerfile in that folder can't express, naming them;
 * `imageFileMissing`
 */
export async function dockerfileOf(
  image: ImageDefinition,
  { findUser, ...options }: StandaloneOptions,
): Promise<StandaloneDockerfile> {
  if (image.dockerfile !== undefined)
    throw refused(`it already uses a Dockerfile, "${image.dockerfile}". Use that one`);
  const built = { ...image, isCloned: true, name: image.name ?? "image" };
  const planned = await planImage(built, options, options.signal);
  const preview = imagePreview(planned, { ...options, baseUser: await findUser?.(planned) });
  if (!preview || planned.resolved.kind !== "layers") throw refused("there is nothing to build");
  if (Object.keys(preview.buildArgs).length > 0)
    throw refused(
      "a value contains a line break, which a Dockerfile can't hold. " +
        "Remove it, or set the value when the container starts",
    );
  const { root } = options;
  const moved = elsewhere(preview);
  const odd = moved.find(([, thing]) => thing.kind !== "folder" || thing.folder !== root);
  if (odd?.[1].kind === "content" && odd[1].name === hostKeysName)
    throw refused('the host keys of its "sshMount" aren\'t in a file. Name one with "knownHosts"');
  if (odd)
    throw refused(
      `${nameOf(odd[1], root)} isn't in the spec's folder, or a Dockerfile can't copy it by its name. ` +
        "Move or rename it",
    );
  const text = moved
    .reduce((changed, [path]) => changed.replaceAll(path, "."), preview.text)
    .replace(/^ENV _F_IMG_ID=.*\n/m, "");
  const leftOut = mostLeftOut(moved.flatMap(([, thing]) => (thing.kind === "folder" ? [thing.leavesOut] : [])));
  const lost = [...preview.layout.placed.keys()].find((path) => isLeftOut(path, leftOut));
  if (lost !== undefined)
    throw refused(
      `"${lost}" has a name that code bundles exclude, and a Dockerfile has only one ignore file. Rename it`,
    );
  return { text: `${text.trimEnd()}\n`, ignoreLines: ignoreLines(planned.resolved, leftOut) };
}

function elsewhere({ layout }: ImagePreview): [string, Placed][] {
  return [...layout.placed].filter(([path]) => path.startsWith("_flyte_abs_context/"));
}

/** Returns the text of the Dockerfile's ignore file; undefined if the folder's own ignore file applies. */
function ignoreLines({ root, dockerignore, within }: IgnorePlaces, leftOut: LeftOut): string | undefined {
  if (dockerignore !== undefined && dirname(dockerignore) !== root)
    throw refused(`its ignore file "${dockerignore}" belongs to another folder. Move it next to the spec`);
  if (dockerignore === undefined && leftOut === "nothing") return undefined;
  const file = ignoreFileFor(root, { root, dockerignore });
  const own = file === undefined ? [] : [readNamed("withDockerignore", file, within).trimEnd()];
  const left = clutterPatterns(leftOut);
  const clutter = ["# Caches, environments and build output, which code bundles exclude.", ...left].join("\n");
  // The file's own lines may bring some of it back.
  return `${[...(left.length > 0 ? [clutter] : []), ...own].join("\n\n")}\n`;
}

function nameOf(thing: Placed, root: string): string {
  switch (thing.kind) {
    case "file":
      return `"${relative(root, thing.file)}"`;
    case "folder":
      return `"${relative(root, thing.folder)}"`;
    case "requirements":
      return `"${thing.paths.join('", "')}"`;
    case "files":
      return `"${thing.files.map(({ path }) => path).join('", "')}"`;
    case "content":
      return `"${thing.name}"`;
  }
}

function refused(why: string): ImageBuilderError {
  return new ImageBuilderError("imageInvalid", `Can't convert this image to a Dockerfile: ${why}.`);
}
