import { basename } from "node:path";
import { ContextLayout, isPlainPart } from "../files/contextLayout";
import type { ResolvedImage } from "../resolve/resolve";
import type { CopyFilesStep, Step } from "../resolve/steps";
import { poetryProject, uvProject } from "./projects";
import { pipPackages, pythonHead, requirements, uvStage, wheels } from "./python";
import { buildArgsOf, copyWords, dockerWord, newlineArg, shellWord } from "./quote";
import { renderOptions, type CompleteRenderOptions, type RenderOptions } from "./renderOptions";
import { run, type Mount } from "./run";
import { withoutEnd } from "../../base/trimText";

/** Image as a Dockerfile. */
export interface RenderedImage {
  readonly text: string;
  /** Build arguments for values that the text can't contain. */
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Places of the files that the text refers to. */
  readonly layout: ContextLayout;
  readonly layerLines: readonly LayerLine[];
}

/** Line of the Dockerfile where a layer of the image begins. */
export interface LayerLine {
  /** Line number, from 1. */
  readonly line: number;
  /** Index of the layer in the image's list; undefined for lines that belong to no layer. */
  readonly layer: number | undefined;
}

const aptMounts: readonly Mount[] = [
  { cache: "/var/cache/apt", id: "apt" },
  { cache: "/var/lib/apt", id: "apt-lists" },
];

/**
 * Renders an image as a Dockerfile that BuildKit in Docker 20.10 or later can build without fetching a frontend.
 *
 * @param uri name of the image, which is stored in its variable `_F_IMG_ID`
 * @throws ImageBuilderError `optionInvalid`, `imageFileMissing`
 */
export function renderDockerfile(image: ResolvedImage, uri: string, given: RenderOptions = {}): RenderedImage {
  const options = renderOptions(given);
  const layout = new ContextLayout(image.root);
  const user = image.steps.find((step) => step.kind === "user")?.name;
  const steps = image.steps.map((step) => renderStep(step, { layout, options, user }));
  const usesPython = image.steps.some(isPython);
  const needsNewline = image.steps.some((step) =>
    (step.kind === "envVars" ? step.variables : step.kind === "labels" ? step.labels : []).some(([, value]) =>
      value.includes("\n"),
    ),
  );
  const needsRoot = steps.flat().some((instruction) => instruction.startsWith("RUN"));
  const head = [
    ...(options.syntax === undefined ? [] : [`# syntax=${options.syntax}`]),
    ...(usesPython ? uvStage(options) : []),
    `FROM ${image.baseImage}`,
    ...(needsRoot ? ["USER root"] : []),
    ...(needsNewline ? [`ARG ${newlineArg}`] : []),
    ...(usesPython ? pythonHead(image.pythonVersion, options) : []),
  ];
  const foot = [
    ...(user === undefined ? [] : [`USER ${user}`]),
    `ENV _F_IMG_ID=${dockerWord(uri)}`,
    ...(user === undefined ? [] : ['SHELL ["/bin/bash", "-c"]']),
  ];
  const parts = [
    { layer: undefined, text: head.join("\n") },
    ...steps.map((lines, i) => ({ layer: image.layerOfStep[i], text: lines.join("\n") })),
    { layer: undefined, text: foot.join("\n") },
  ].filter((part) => part.text !== "");
  const text = `${parts.map((part) => part.text).join("\n\n")}\n`;
  return { text, buildArgs: buildArgsOf(text), layout, layerLines: linesOf(parts) };
}

function linesOf(parts: readonly { readonly layer: number | undefined; readonly text: string }[]): LayerLine[] {
  let next = 1;
  return parts.map(({ layer, text }) => {
    const line = next;
    next += text.split("\n").length + 1;
    return { line, layer };
  });
}

function isPython({ kind }: Step): boolean {
  return ["pipPackages", "requirements", "wheels", "uvProject", "poetryProject"].includes(kind);
}

interface Surroundings {
  readonly layout: ContextLayout;
  readonly options: CompleteRenderOptions;
  /** User that the image creates, and owner of the copied files. */
  readonly user: string | undefined;
}

function renderStep(step: Step, { layout, options: { installer }, user }: Surroundings): string[] {
  switch (step.kind) {
    case "aptPackages":
      return [
        run(
          "apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends " +
            `${step.packages.map(shellWord).join(" ")}`,
          { mounts: aptMounts, secrets: step.secrets },
        ),
      ];
    case "pipPackages":
      return [pipPackages(step, installer)];
    case "requirements":
      return [requirements(step, installer, layout)];
    case "wheels":
      return wheels(step, installer, layout);
    case "uvProject":
      return [uvProject(step, installer, layout)];
    case "poetryProject":
      return poetryProject(step, installer, layout);
    case "commands":
      return step.commands.map((command) => run(command, { secrets: step.secrets }));
    case "envVars":
      return pairs("ENV", step.variables, (name, value) => dockerWord(value, name));
    case "labels":
      return pairs("LABEL", step.labels, (_, value) => dockerWord(value));
    case "workdir":
      return [`WORKDIR ${dockerWord(step.path)}`];
    case "user":
      return [makeUser(step.name)];
    case "copyFiles":
      return [copy(placeFiles(step, layout), `${withoutEnd(step.destination, "/")}/`, user)];
    case "copyFolder":
      return [
        copy(
          [layout.place({ kind: "folder", folder: step.folder, ignoresClutter: step.ignoresClutter })],
          step.destination,
          user,
        ),
      ];
  }
}

/** Renders all pairs as one instruction, with one pair per line. */
function pairs(
  keyword: string,
  entries: readonly (readonly [string, string])[],
  quote: (name: string, value: string) => string,
): string[] {
  if (entries.length === 0) return [];
  return [`${keyword} ${entries.map(([name, value]) => `${name}=${quote(name, value)}`).join(` \\\n    `)}`];
}

/**
 * Places files in the context, one by one if they keep their names. Otherwise they are placed as a folder, since COPY
 * keeps names, and each COPY adds a layer.
 */
function placeFiles({ files, within }: CopyFilesStep, layout: ContextLayout): string[] {
  if (files.every(({ file, path }) => path === basename(file) && isPlainPart(path)))
    return files.map(({ file }) => layout.place({ kind: "file", file }));
  return [layout.place({ kind: "files", files, ...(within !== undefined && { within }) })];
}

function copy(sources: readonly string[], destination: string, user: string | undefined): string {
  return `COPY ${user === undefined ? "" : `--chown=${user}:${user} `}${copyWords(sources, destination)}`;
}

function makeUser(name: string): string {
  const home = `/home/${name}`;
  return run(
    `id -u ${name} >/dev/null 2>&1 || useradd --create-home --shell /bin/bash ${name}; ` +
      `mkdir -p ${home} && chown -R ${name}:${name} ${home} /root`,
  );
}
