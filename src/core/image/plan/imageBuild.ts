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

/** How an image is turned into a build. */
export interface ImageBuildOptions extends ImagePlaces, SecretPlaces {
  /** The user that the base image runs as; empty for root, undefined where it isn't known. */
  readonly baseUser?: string;
  readonly log?: Log;
  readonly signal?: AbortSignal;
}

/** A build as `buildAndPush` takes it, but for who builds it and where it goes. */
export interface ImageBuild {
  /** The image's URI. */
  readonly imageName: string;
  /** The context's folder; only for an image by a Dockerfile. */
  readonly root?: string;
  /** What of the folder is sent; only for an image by a Dockerfile. */
  readonly hashed?: HashedContext;
  /** Tells the context from those of other images and folders. */
  readonly contextKey?: string;
  /**
   * What the context is made of, by path; `Dockerfile` is the text that is built. Empty for an image by a Dockerfile.
   */
  readonly extraFiles: ReadonlyMap<string, ExtraFile>;
  readonly options: Pick<BuildOptions, "dockerfile" | "platform" | "buildArgs" | "secrets">;
  /** Build arguments that the image itself sets, for which no other value may be given. */
  readonly ownArgs: readonly string[];
  /** Which layers the Dockerfile's lines come from. */
  readonly layerLines: readonly LayerLine[];
}

/**
 * What building a planned image takes; nothing for one that is only a reference to an image that exists.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`, `secretUnavailable`, `optionInvalid`, `contextChanged`
 * where the files are no longer those of the plan, and what reading folders throws; the signal's reason
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
      // After the files were listed: what comes later is not in the list.
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

/** What an image would be built from. */
export interface ImagePreview extends RenderedImage {
  /**
   * What the context holds beside the Dockerfile, by path; not for an image by a Dockerfile, whose context is that
   * one's folder.
   */
  readonly files: () => Promise<ReadonlyMap<string, ExtraFile>>;
}

/**
 * What building a planned image would take, without its secrets; nothing for one that is only a reference to an image
 * that exists.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`, `optionInvalid`, and what reading folders throws; the
 * signal's reason
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
        text: readNamed("fromDockerfile", resolved.file),
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

/** Has the files refused that change until they are sent. */
function* stamped(files: ReadonlyMap<string, ExtraFile>, { hashes }: ResolvedImage): Generator<[string, ExtraFile]> {
  for (const [destination, file] of files) {
    const place = "path" in file ? (listedPlace(file) ?? file.path) : "";
    const stamp = hashes.stampOf(place);
    yield [destination, "path" in file && stamp ? listedFile({ ...file, stamp }, place) : file];
  }
}

/** A file whose mode is still to be found out, by the path where it really is. */
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

/** A file or link that a walk has found, which is not followed anew. */
function asFound(
  { absolutePath, realPath = absolutePath, kind, isNamed }: FoundEntry,
  image: object,
): ExtraFile | OnDisk {
  if (isNamed) return { onDisk: realPathOf(image, absolutePath) };
  return kind === "file" ? { onDisk: realPath } : listedFile({ path: absolutePath }, realPath);
}

/** Modes differ between machines but for what may be executed. */
async function withMode(realPath: string, bits: ExecutableBits, signal: AbortSignal | undefined): Promise<ExtraFile> {
  return listedFile({ path: realPath, mode: (await bits.isExecutable(realPath, signal)) ? 0o755 : 0o644 }, realPath);
}
