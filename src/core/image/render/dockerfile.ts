import { basename } from "node:path";
import { ContextLayout, isPlainPart } from "../files/contextLayout";
import type { ResolvedImage } from "../resolve/resolve";
import type { CopyFilesStep, Step } from "../resolve/steps";
import { poetryProject, uvProject } from "./projects";
import { systemPackages } from "./systemPackages";
import { pipPackages, pythonHead, requirements, uvProgram, uvStage, wheels } from "./python";
import { buildArgsOf, copyWords, dockerWord, newlineArg } from "./quote";
import type { CompleteRenderOptions } from "../definition/renderOptions";
import { run } from "./run";
import { sshIn } from "./ssh";
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

/**
 * Writes an image as a Dockerfile that BuildKit of Docker 20.10 or newer builds, without fetching a frontend.
 *
 * @param uri what the image will be called, which it keeps in `_F_IMG_ID`
 * @param baseUser the user that the base image runs as, if it is known
 * @throws ImageBuilderError `imageFileMissing`
 */
export function renderDockerfile(image: ResolvedImage, uri: string, baseUser?: string): RenderedImage {
  const { options } = image;
  const layout = new ContextLayout(image.root);
  const madeUser = image.steps.find((step) => step.kind === "user")?.name;
  const runUser = image.steps.findLast((step) => step.kind === "runUser")?.user;
  const lostUser = losesUser(image) && baseUser !== "" && baseUser !== "root" ? baseUser : undefined;
  const user = runUser ?? madeUser ?? lostUser;
  const usesPython = image.steps.some(isPython);
  // A user of the base need not have a group of its name.
  const isMade = madeUser !== undefined && user === madeUser;
  const owner = isMade ? `${madeUser}:${madeUser}` : user === "root" ? undefined : user;
  const steps = image.steps.map((step, at) =>
    isReplaced(step, image.steps.slice(at + 1)) ? [] : renderStep(step, { layout, options, owner, usesPython }),
  );
  const needsNewline = image.steps.some((step) => pairsOf(step).some(([, value]) => value.includes("\n")));
  const newUser = runUser === undefined || isMade ? [] : addUser(runUser);
  const needsRoot = [...newUser, ...steps.flat()].some((instruction) => instruction.startsWith("RUN"));
  const head = [
    ...(options.syntax === undefined ? [] : [`# syntax=${options.syntax}`]),
    ...(usesPython ? uvStage(options, image.baseImage) : []),
    ...(usesPython && image.python.origin !== undefined
      ? [`# ${image.python.origin} selects Python ${image.python.request ?? ""}.`.replace(/[^\x20-\x7e]/g, "?")]
      : []),
    `FROM ${image.baseImage}`,
    ...(needsRoot ? ["USER root"] : []),
    ...newUser,
    ...(needsNewline ? [`ARG ${newlineArg}`] : []),
    ...(usesPython ? pythonHead(image.python.request, options) : []),
  ];
  const foot = [
    ...(user === undefined ? [] : [`USER ${user}`]),
    `ENV _F_IMG_ID=${dockerWord(uri)}`,
    ...(madeUser === undefined ? [] : ['SHELL ["/bin/bash", "-c"]']),
  ];
  const parts = [
    { layer: undefined, text: head.join("\n") },
    ...steps.map((lines, i) => ({ layer: image.layerOfStep[i], text: lines.join("\n") })),
    { layer: undefined, text: foot.join("\n") },
  ].filter((part) => part.text !== "");
  const text = `${parts.map((part) => part.text).join("\n\n")}\n`;
  return { text, buildArgs: buildArgsOf(text), layout, layerLines: linesOf(parts) };
}

/** Whether a step runs as root, after which the base's user would be lost. */
export function losesUser({ steps }: Pick<ResolvedImage, "steps">): boolean {
  return (
    !steps.some(({ kind }) => kind === "user" || kind === "runUser") &&
    steps.some((step) => ["aptPackages", "systemPackages", "commands"].includes(step.kind) || isPython(step))
  );
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
  /** Whom copied files belong to: the user that the image runs as. */
  readonly owner: string | undefined;
  /** Whether the image has Python packages, so that commands may call uv. */
  readonly usesPython: boolean;
}

function renderStep(step: Step, { layout, options, owner, usesPython }: Surroundings): string[] {
  switch (step.kind) {
    case "aptPackages":
      return [systemPackages("apt", step)];
    case "systemPackages":
      return [systemPackages(step.manager, step)];
    case "pipPackages":
      return [pipPackages(step, options, layout)];
    case "requirements":
      return [requirements(step, options, layout)];
    case "wheels":
      return wheels(step, options, layout);
    case "uvProject":
      return uvProject(step, options, layout);
    case "poetryProject":
      return poetryProject(step, options, layout);
    case "commands":
      return step.commands.map((command) =>
        run(command, {
          mounts: usesPython ? uvProgram(options) : [],
          secrets: step.secrets,
          ssh: sshIn(layout, step.ssh),
        }),
      );
    case "envVars":
      return pairs(
        "ENV",
        step.variables.map(([name, value, mode]) => [
          name,
          dockerWord(value, (other) => (mode === "expand" && /^[A-Za-z_]/.test(other)) || other === name),
        ]),
      );
    case "labels":
      return pairs(
        "LABEL",
        step.labels.map(([name, value]) => [name, dockerWord(value)]),
      );
    case "buildArgs":
      return step.args.map(([name, value]) => `ARG ${name}=${dockerWord(value)}`);
    case "workdir":
      return [`WORKDIR ${dockerWord(step.path)}`];
    case "runUser":
      return [];
    case "entrypoint":
      return [`ENTRYPOINT ${JSON.stringify(step.command)}`];
    case "cmd":
      return [`CMD ${JSON.stringify(step.command)}`];
    case "expose":
      return [`EXPOSE ${step.ports.join(" ")}`];
    case "user":
      return [makeUser(step.name)];
    case "copyFiles":
      return [copy(placeFiles(step, layout), `${withoutEnd(step.destination, "/")}/`, owner)];
    case "copyFolder":
      return [
        copy(
          [layout.place({ kind: "folder", folder: step.folder, leavesOut: step.leavesOut })],
          step.destination,
          owner,
        ),
      ];
  }
}

/** Renders one instruction for all entries, each on its own line. @param entries whose values are quoted already */
function pairs(keyword: string, entries: readonly (readonly [string, string])[]): string[] {
  if (entries.length === 0) return [];
  return [`${keyword} ${entries.map(([name, value]) => `${name}=${value}`).join(` \\\n    `)}`];
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

function copy(sources: readonly string[], destination: string, owner: string | undefined): string {
  return `COPY ${owner === undefined ? "" : `--chown=${owner} `}${copyWords(sources, destination)}`;
}

/** Names and values of a step that may hold line breaks. */
function pairsOf(step: Step): readonly (readonly [name: string, value: string, ...more: unknown[]])[] {
  if (step.kind === "envVars") return step.variables;
  if (step.kind === "labels") return step.labels;
  return step.kind === "buildArgs" ? step.args : [];
}

/** Only the last command of an image counts, and BuildKit warns of others. */
function isReplaced({ kind }: Step, later: readonly Step[]): boolean {
  return (kind === "entrypoint" || kind === "cmd") && later.some((step) => step.kind === kind);
}

/** Adds a user by name unless the base has it, with the program that the base has for this. */
function addUser(user: string): string[] {
  const [name = ""] = user.split(":");
  if (name === "root" || /^\d+$/.test(name)) return [];
  const home = `/home/${name}`;
  const byHand = [
    `echo ${name}:x:10001:10001::${home}:/bin/sh >> /etc/passwd`,
    `echo ${name}:x:10001: >> /etc/group`,
    `mkdir -p ${home}`,
    `chown 10001:10001 ${home}`,
  ];
  return [
    run(
      `id -u ${name} >/dev/null 2>&1 || ` +
        `if command -v useradd >/dev/null; then useradd --create-home --shell /bin/sh ${name}; ` +
        `elif command -v adduser >/dev/null; then adduser -D ${name}; else ${byHand.join(" && ")}; fi`,
    ),
  ];
}

function makeUser(name: string): string {
  const home = `/home/${name}`;
  return run(
    `id -u ${name} >/dev/null 2>&1 || useradd --create-home --shell /bin/bash ${name}; ` +
      `mkdir -p ${home} && chown -R ${name}:${name} ${home} /root`,
  );
}
