import { dirname, join } from "node:path";
import type { BuildOptions } from "../../base/buildOptions";
import { inBatches } from "../../base/batches";
import { listedFile, listedPlace, type ExtraFile } from "../../context/files/extraFiles";
import type { HashedContext } from "../../context/files/hashedEntries";
import type { FoundEntry } from "../../context/files/walk";
import { silentLog, type Log } from "../../base/log";
import { ContextLayout, type Placed } from "../files/contextLayout";
import type { ExecutableBits } from "../files/executableBits";
import { folderFiles, type IgnorePlaces } from "../files/folderFiles";
import { realPathOf } from "../files/namedFiles";
import { readNamed } from "../files/requirePath";
import type {} from "../definition/definition";
import { renderDockerfile, type LayerLine, type RenderedImage } from "../render/dockerfile";
import type { ImagePlaces, ResolvedImage } from "../resolve/resolve";
import { checkUnchanged, hashedContext, type PlannedImage } from "./planImage";
import { secretSources, type SecretPlaces } from "./secretSources";

/** Options for converting an image to a build. */
export interface ImageBuildOptions extends ImagePlaces, SecretPlaces {
  /** The user that the base image runs as; empty for root, undefined where it isn't known. */
  readonly baseUser?: string;
  readonly log?: Log;
  readonly signal?: AbortSignal;
}

/** Build request for `buildAndPush`, without its builder and registry. */
export interface ImageBuild {
  /** URI of the image. */
  readonly imageName: string;
  /** Folder of the build context; only for an image with a Dockerfile. */
  readonly root?: string;
  /** Files of the folder to send; only for an image from a Dockerfile. */
  readonly hashed?: HashedContext;
  /** Key that distinguishes the build context from those of other images and folders. */
  readonly contextKey?: string;
  /**
   * Contents of the build context by path, including the `Dockerfile` to build. Empty for an image with a Dockerfile.
   */
  readonly extraFiles: ReadonlyMap<string, ExtraFile>;
  readonly options: Pick<BuildOptions, "dockerfile" | "platform" | "buildArgs" | "secrets">;
  /** Build arguments that the image itself sets, for which no other value may be given. */
  readonly ownArgs: readonly string[];
  /** Layers of the Dockerfile's lines. */
  readonly layerLines: readonly LayerLine[];
}

/**
 * Creates the build of a planned image; undefined for one that only refers to an existing image.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`, `secretUnavailable`, `optionInvalid`, `contextChanged`
 * if the files no longer match the plan, and errors of reading folders; the signal's reason if aborted
 */
export async function imageBuild(
  planned: PlannedImage,
  options: ImageBuildOptions = {},
): Promise<ImageBuild | undefined> {
  const { image, uri, resolved } = planned;
  const platform = image.platform.join(",");
  switch (resolved.kind) {
    case "reference":
      return undefined;
    case "dockerfile":
      return {
        imageName: uri,
        root: dirname(resolved.file),
        hashed: await hashedContext({ image, uri, resolved }, options.signal),
        extraFiles: new Map(),
        options: { dockerfile: resolved.file, platform, buildArgs: Object.fromEntries(image.buildArgs ?? []) },
        ownArgs: (image.buildArgs ?? []).map(([name]) => name),
        layerLines: [],
      };
    case "layers": {
      const { text, buildArgs, layout, layerLines } = renderDockerfile(resolved, uri, options.baseUser);
      const files = await contextFiles(layout, resolved, options);
      // Checked after the files are listed, since files that are added later are not in the list.
      await checkUnchanged(planned, options.signal);
      return {
        imageName: uri,
        contextKey: JSON.stringify([resolved.root, ...layout.placed]),
        extraFiles: new Map<string, ExtraFile>([
          ["Dockerfile", { content: Buffer.from(text) }],
          ...stamped(files, resolved),
        ]),
        options: { platform, buildArgs, secrets: secretSources(image, options) },
        ownArgs: resolved.steps.flatMap((step) => (step.kind === "buildArgs" ? step.args.map(([name]) => name) : [])),
        layerLines,
      };
    }
  }
}

/** Preview of an image's build. */
export interface ImagePreview extends RenderedImage {
  /**
   * Returns the contents of the build context by path, without the Dockerfile; empty for an image with a Dockerfile,
   * whose context is the Dockerfile's folder.
   */
  readonly files: () => Promise<ReadonlyMap<string, ExtraFile>>;
}

/**
 * Creates the preview of a planned image's build, without its secrets; undefined for one that only refers to an
 * existing image.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`, `optionInvalid`; `files` also throws errors of reading
 * folders, and the signal's reason if aborted
 */
export function imagePreview(
  { uri, resolved }: PlannedImage,
  options: ImageBuildOptions = {},
): ImagePreview | undefined {
  switch (resolved.kind) {
    case "reference":
      return undefined;
    case "dockerfile":
      return {
        text: readNamed("fromDockerfile", resolved.file, resolved.within),
        buildArgs: {},
        layout: new ContextLayout(dirname(resolved.file)),
        layerLines: [],
        files: async () => new Map(),
      };
    case "layers": {
      const rendered = renderDockerfile(resolved, uri, options.baseUser);
      return { ...rendered, files: () => contextFiles(rendered.layout, resolved, options) };
    }
  }
}

async function contextFiles(
  layout: ContextLayout,
  image: ResolvedImage,
  { log = silentLog, signal }: Pick<ImageBuildOptions, "log" | "signal">,
): Promise<Map<string, ExtraFile>> {
  const { executableBits } = image;
  const files = new Map<string, ExtraFile>();
  for (const [path, thing] of layout.placed) {
    for await (const batch of inBatches(filesOf(path, thing, image, log), signal)) {
      for (const [destination, file] of batch) {
        files.set(destination, "onDisk" in file ? await withMode(file.onDisk, executableBits, signal) : file);
      }
    }
  }
  for (const repository of executableBits.silentRepositories) {
    log.warn(
      `Git didn't list the files of "${repository}", so they aren't executable in the image. ` +
        `Check that "git ls-files --stage" works there.`,
    );
  }
  return files;
}

/** Adds sizes and times to the files, so that those that change before they are sent are refused. */
function* stamped(files: ReadonlyMap<string, ExtraFile>, { hashes }: ResolvedImage): Generator<[string, ExtraFile]> {
  for (const [destination, file] of files) {
    const place = "path" in file ? (listedPlace(file) ?? file.path) : "";
    const stamp = hashes.stampOf(place);
    yield [destination, "path" in file && stamp ? listedFile({ ...file, stamp }, place) : file];
  }
}

/** File whose mode is not yet known, by its real path. */
interface OnDisk {
  readonly onDisk: string;
}

function* filesOf(
  path: string,
  thing: Placed,
  places: IgnorePlaces,
  log: Log,
): Generator<[string, ExtraFile | OnDisk] | undefined> {
  switch (thing.kind) {
    case "content":
      return yield [path, { content: Buffer.from(thing.content) }];
    case "file":
      return yield [path, { onDisk: realPathOf(places, thing.file) }];
    case "files":
      return yield* thing.files.map((each): [string, OnDisk] => [
        `${path}/${each.path}`,
        { onDisk: realPathOf(places, each.file, thing.within) },
      ]);
    case "requirements":
      return yield* thing.paths.map((each): [string, OnDisk] => [
        `${path}/${each}`,
        { onDisk: realPathOf(places, join(thing.folder, each)) },
      ]);
    case "folder": {
      let isEmpty = true;
      for (const found of folderFiles(thing, places, log)) {
        if (found) isEmpty = false;
        yield found && [`${path}/${found.path}`, asFound(found, places)];
      }
      if (isEmpty) yield [path, { path: thing.folder, mode: 0o755, stamp: { kind: "directory" } }];
    }
  }
}

/** Returns an entry that was found by a walk, without resolving its links again. */
function asFound(
  { absolutePath, realPath = absolutePath, kind, isNamed }: FoundEntry,
  image: IgnorePlaces,
): ExtraFile | OnDisk {
  if (isNamed) return { onDisk: realPathOf(image, absolutePath) };
  return kind === "file" ? { onDisk: realPath } : listedFile({ path: absolutePath }, realPath);
}

/** Sets a mode that is the same on all machines, apart from whether the file is executable. */
async function withMode(realPath: string, bits: ExecutableBits, signal: AbortSignal | undefined): Promise<ExtraFile> {
  return listedFile({ path: realPath, mode: (await bits.isExecutable(realPath, signal)) ? 0o755 : 0o644 }, realPath);
}
