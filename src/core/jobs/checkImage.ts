import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { Component } from "../base/component";
import { ImageBuilderError } from "../base/errors";
import { parseJson } from "../border/parseJson";
import type { ExtraFile } from "../context/files/extraFiles";
import { BaseImageRefusal } from "../engine/baseImageRefusal";
import type { TracedLayer } from "../operation/buildTrace";
import { daemonStatus, requestFailure } from "../engine/requestFailure";
import { declaredPackages, type DeclaredPackage } from "../image/check/declaredPackages";
import { probeProgram } from "../image/check/probe";
import type { PlannedImage } from "../image/plan/planImage";
import type { Operation } from "../operation/operation";
import { buildAndPush, type Core } from "./buildAndPush";

/** A declared package, as the image has it. */
export interface PackageCheck {
  readonly name: string;
  readonly version?: string;
  /**
   * `missing` is not installed, `leftOut` is not installed because of a marker, `noModules` has nothing to import, and
   * of `unknown` the image's Python has said nothing, such as one older than 3.8.
   */
  readonly outcome: "imported" | "failed" | "missing" | "leftOut" | "noModules" | "unknown";
  /** Of a failure: the last line that Python has printed. */
  readonly message?: string;
}

/** Result of running an image's declared packages. */
export interface ImageCheck {
  /** Version of Python; undefined if the image has no Python that can be asked. */
  readonly python?: string;
  readonly packages: readonly PackageCheck[];
  /** Layers, the first of the image first; undefined if the daemon doesn't have the image itself. */
  readonly layers?: readonly TracedLayer[];
}

/** Image to check. */
export interface ImageCheckRequest extends Pick<PlannedImage, "image" | "uri" | "resolved"> {
  readonly builder: Component;
}

/** Longest line of the program that counts, in characters. */
const maxLineLength = 4_000;

const entrySchema = z.union([
  z.object({ python: z.string().max(30) }),
  z.object({
    package: z.string().max(300),
    version: z.string().max(100).optional(),
    outcome: z.enum(["imported", "failed", "missing", "noModules"]),
    message: z.string().max(600).optional(),
  }),
]);

/**
 * Imports each package that an image declares, in the image itself and without a network, and reads the sizes of its
 * layers. Needs BuildKit. Nothing stays in the daemon.
 *
 * @throws ImageBuilderError `imageInvalid` for an image by a Dockerfile or a name, `buildFailed` if the image can't be
 * run, and errors of `buildAndPush`; the signal's reason if aborted
 */
export async function checkImage(request: ImageCheckRequest, core: Core, operation: Operation): Promise<ImageCheck> {
  const { resolved, uri, builder } = request;
  if (resolved.kind !== "layers")
    throw new ImageBuilderError(
      "imageInvalid",
      `"${uri}" declares no packages: only an image of layers can be checked. Choose another image spec.`,
    );
  const declared = declaredPackages(resolved);
  const layers = builder.flavor === "local" ? await layersOf(uri, core, operation.signal) : undefined;
  // Otherwise the daemon would ask Docker Hub for the name.
  if (!layers && request.image.registry === undefined) throw notBuilt(uri);
  const lines = await probe(request, declared, core, operation);
  const entries = lines.flatMap((line) => entryOf(line) ?? []);
  return {
    python: entries.find((each) => "python" in each)?.python,
    packages: declared.map(({ name, isConditional }) => {
      const entry = entries.find((each) => "package" in each && each.package === name);
      if (!entry || !("package" in entry)) return { name, outcome: "unknown" };
      const { version, outcome, message } = entry;
      return { name, version, outcome: outcome === "missing" && isConditional ? "leftOut" : outcome, message };
    }),
    layers,
  };
}

/** Runs the program in a build that keeps nothing of it, and returns its lines. */
async function probe(
  { image, uri, builder }: ImageCheckRequest,
  declared: readonly DeclaredPackage[],
  core: Core,
  operation: Operation,
): Promise<string[]> {
  const marker = `check-${randomUUID()}`;
  const dest = await mkdtemp(join(tmpdir(), "image-builders-check-"));
  const output = new MarkedLines(marker);
  try {
    await buildAndPush(
      {
        imageName: "image-builders-check:latest",
        contextKey: "image-builders-check",
        extraFiles: new Map<string, ExtraFile>([
          ["Dockerfile", { content: Buffer.from(checkDockerfile(uri, marker, declared)) }],
          ["probe.py", { content: Buffer.from(probeProgram) }],
        ]),
        builder,
        options: {
          builder: "buildkit",
          networkMode: "none",
          output: { type: "local", dest },
          ...(image.platform.length === 1 && { platform: image.platform[0] }),
        },
      },
      core,
      {
        ...operation,
        report: (event) => {
          if (event.kind === "stepLog" && event.stream === "stdout") output.add(event.text);
          operation.report(event);
        },
      },
    );
  } catch (error) {
    throw isAbsent(error) ? notBuilt(uri, error) : error;
  } finally {
    await rm(dest, { recursive: true, force: true });
  }
  return output.lines;
}

/** Whether a registry has said no more than that it doesn't give the image. */
function isAbsent(error: unknown): boolean {
  return ImageBuilderError.is(error, "buildFailed") && error.cause instanceof BaseImageRefusal;
}

function notBuilt(uri: string, cause?: unknown): ImageBuilderError {
  return new ImageBuilderError(
    "buildFailed",
    `The image "${uri}" is neither in the daemon nor in its registry. Build it first, then check it.`,
    { cause },
  );
}

/** The check runs as the image's own user; only what makes BuildKit run it is done as root. */
function checkDockerfile(uri: string, marker: string, declared: readonly DeclaredPackage[]): string {
  const program = "/tmp/image-builders-probe.py";
  const start =
    "for python in /opt/venv/bin/python python3 python; do " +
    `command -v "$python" >/dev/null 2>&1 && exec "$python" ${program} "$@"; done; true`;
  const words = ["/bin/sh", "-c", start, "sh", marker, ...declared.map(({ name }) => name)];
  return [
    `FROM ${uri} AS check`,
    `RUN --mount=type=bind,source=probe.py,target=${program} ${JSON.stringify(words)}`,
    "USER 0",
    'RUN ["/bin/sh", "-c", ": > /image-builders-check"]',
    "FROM scratch",
    "COPY --from=check /image-builders-check /",
    "",
  ].join("\n");
}

async function layersOf(
  uri: string,
  { services }: Core,
  signal: AbortSignal,
): Promise<readonly TracedLayer[] | undefined> {
  try {
    return await (await services.engine.client()).layerSizes(uri, signal);
  } catch (error) {
    signal.throwIfAborted();
    // The image may be in its registry.
    if (daemonStatus(error) === 404) return undefined;
    throw requestFailure("requestFailed", `Can't read the layers of ${uri}`, error, signal);
  }
}

/** Returns what a line says; a line that was cut says nothing. */
function entryOf(line: string): z.infer<typeof entrySchema> | undefined {
  return entrySchema.safeParse(parseJson(line)).data;
}

/** Collects the lines of an output that begin with a word; other output is dropped. */
class MarkedLines {
  readonly lines: string[] = [];
  #rest = "";

  constructor(private readonly marker: string) {}

  add(text: string): void {
    const [rest = "", ...lines] = (this.#rest + text).split("\n").reverse();
    for (const line of lines.reverse())
      if (line.startsWith(`${this.marker} `) && line.length <= maxLineLength)
        this.lines.push(line.slice(this.marker.length + 1));
    this.#rest = rest.slice(0, maxLineLength);
  }
}
