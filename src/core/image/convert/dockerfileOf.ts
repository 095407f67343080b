import { dirname, relative } from "node:path";
import { ImageBuilderError } from "../../base/errors";
import type { Placed } from "../files/contextLayout";
import type { ImageDefinition } from "../definition/definition";
import { clutterNames, ignoreFileFor, isClutter, type IgnorePlaces } from "../files/folderFiles";
import { imagePreview, type ImageBuildOptions, type ImagePreview } from "../plan/imageBuild";
import { readNamed } from "../files/requirePath";
import { planImage } from "../plan/planImage";

/** An image as files that stand on their own, in the folder of its spec. */
export interface StandaloneDockerfile {
  readonly text: string;
  /**
   * What stays out of the context: the text of the Dockerfile's own ignore file; nothing where the folder's is enough.
   */
  readonly ignoreLines: string | undefined;
}

/**
 * Writes an image as a Dockerfile that builds the same in the image's folder, without this extension.
 *
 * @throws ImageBuilderError `imageInvalid` for what a Dockerfile in that folder cannot say, naming it;
 * `imageFileMissing`
 */
export async function dockerfileOf(
  image: ImageDefinition,
  options: ImageBuildOptions & { readonly root: string },
): Promise<StandaloneDockerfile> {
  if (image.dockerfile !== undefined)
    throw refused(`the image is by a Dockerfile already, "${image.dockerfile}": use that one`);
  const built = { ...image, isCloned: true, name: image.name ?? "image" };
  const planned = await planImage(built, options, options.signal);
  const preview = imagePreview(planned, options);
  if (!preview || planned.resolved.kind !== "layers") throw refused("there is nothing to build");
  if (Object.keys(preview.buildArgs).length > 0)
    throw refused(
      "a value has a line break, which no Dockerfile can hold: leave it out or set it when the container starts",
    );
  const { root } = options;
  const moved = elsewhere(preview);
  const odd = moved.find(([, thing]) => thing.kind !== "folder" || thing.folder !== root);
  if (odd)
    throw refused(
      `${nameOf(odd[1], root)} is not in the spec's folder under a name that a Dockerfile can take it by: move or rename it`,
    );
  const text = moved
    .reduce((changed, [path]) => changed.replaceAll(path, "."), preview.text)
    .replace(/^ENV _F_IMG_ID=.*\n/m, "");
  const ignoresClutter = moved.some(([, thing]) => thing.kind === "folder" && thing.ignoresClutter);
  const lost = ignoresClutter
    ? [...preview.layout.placed.keys()].find((path) => path.split("/").some(isClutter))
    : undefined;
  if (lost !== undefined)
    throw refused(
      `"${lost}" has a name that a code bundle leaves out, and a Dockerfile has one ignore file for all that it copies: rename it`,
    );
  return { text: `${text.trimEnd()}\n`, ignoreLines: ignoreLines(planned.resolved, ignoresClutter) };
}

function elsewhere({ layout }: ImagePreview): [string, Placed][] {
  return [...layout.placed].filter(([path]) => path.startsWith("_flyte_abs_context/"));
}

/** The folder's own ignore file does where nothing else is said. */
function ignoreLines({ root, dockerignore }: IgnorePlaces, ignoresClutter: boolean): string | undefined {
  if (dockerignore !== undefined && dirname(dockerignore) !== root)
    throw refused(`its ignore file "${dockerignore}" is about another folder: move it beside the spec`);
  if (dockerignore === undefined && !ignoresClutter) return undefined;
  const file = ignoreFileFor(root, { root, dockerignore });
  const own = file === undefined ? [] : [readNamed("withDockerignore", file).trimEnd()];
  const clutter = [
    "# Caches, environments and build results, which a code bundle leaves out.",
    ...clutterNames.map((name) => `**/${name}`),
  ].join("\n");
  return `${[...own, ...(ignoresClutter ? [clutter] : [])].join("\n\n")}\n`;
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
  return new ImageBuilderError("imageInvalid", `This image cannot be a Dockerfile on its own, for ${why}.`);
}
