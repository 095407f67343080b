import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { silentLog } from "../../base/log";
import { BuildContext } from "../../context/files/buildContext";
import { kindOf } from "../../context/files/listDirectory";
import type { Stamp } from "../../context/files/fileStamp";
import type { HashedContext } from "../../context/files/hashedEntries";
import { realFolder } from "../../context/files/realFolder";
import type { FoundEntry } from "../../context/files/walk";
import { encode, type Canonical } from "../definition/canonical";
import { checkConfined } from "../files/confinement";
import { describeFiles, hashFile, hashListed } from "../files/fileHash";
import { folderFiles, type CopiedFolder, type IgnorePlaces } from "../files/folderFiles";
import { realPathOf } from "../files/namedFiles";
import { projectParts, type ProjectPart } from "../resolve/projectParts";
import type { ResolvedDockerfile, ResolvedImage } from "../resolve/resolve";
import type { PipOptions } from "../definition/pipOptions";
import { secretId, type Secret } from "../definition/secret";
import { toolsOf } from "../definition/renderOptions";
import type { Step } from "../resolve/steps";
import type { RequirementFiles } from "../files/requirements";
import { wheelsIn } from "../files/wheels";

/**
 * Raised whenever the same definition comes to build something else, so that no older image is taken for it: the first
 * for what is only copied and set, the second for what also runs commands.
 */
const generations = { plain: 1, running: 2 };

/**
 * Computes the tag of an image: 64 hexadecimal digits, the SHA-256 of everything that is built, which are the base, the
 * platforms, the steps in their order, and the files they use. The name, the registry, and the locations of files on
 * this machine don't count.
 *
 * @throws ImageBuilderError `imageFileMissing`, `dockerignoreInvalid`, `contextUnreadable`; the signal's reason if
 * aborted
 */
export async function tagOf(resolved: ResolvedImage, signal?: AbortSignal): Promise<string> {
  const steps: Canonical[] = [];
  for (const step of resolved.steps) steps.push(await describeStep(step, resolved, signal));
  const usesPython = resolved.steps.some(({ kind }) =>
    ["pipPackages", "requirements", "wheels", "uvProject", "poetryProject"].includes(kind),
  );
  const isRunning =
    usesPython ||
    resolved.steps.some(({ kind }) => ["aptPackages", "systemPackages", "commands", "user", "runUser"].includes(kind));
  return digest(isRunning ? generations.running : generations.plain, {
    base: resolved.baseImage,
    platform: [...resolved.platform].sort(),
    python: usesPython ? resolved.python.request : undefined,
    tools: usesPython ? toolsOf(resolved.options) : undefined,
    steps,
  });
}

/**
 * Computes the tag of an image with a Dockerfile. All files of its folder that its ignore file includes count, because
 * an ONBUILD of the base image may copy any of them.
 *
 * @throws like {@link tagOf}
 */
export async function dockerfileTag(resolved: ResolvedDockerfile, signal?: AbortSignal): Promise<string> {
  return (await hashedDockerfile(resolved, signal)).tag;
}

/** Computes the same tag, and returns the hashed files. */
export async function hashedDockerfile(
  resolved: ResolvedDockerfile,
  signal?: AbortSignal,
): Promise<{ readonly tag: string; readonly hashed: HashedContext }> {
  const { file: dockerfile, platform, alwaysInclude, buildArgs, hashes, within } = resolved;
  const root = dirname(dockerfile);
  checkConfined(root, within);
  const context = new BuildContext({ root, dockerfile, alwaysInclude });
  // A link may lead to the folder, and the context lists only the folder that it has found.
  const { realPath } = context.rootFolder ?? realFolder(root);
  checkConfined(realPath, within);
  const files = await context.getFiles({ signal });
  const found = Array.from(files, ([path, absolutePath]) => ({
    path,
    absolutePath,
    realPath: join(realPath, path),
    kind: kindOf(lstatSync(absolutePath)),
  }));
  checkConfined(dockerfile, within);
  const content = await hashFile(dockerfile, resolved, signal);
  const isDockerfile = ({ absolutePath }: FoundEntry): boolean => absolutePath === dockerfile;
  // Reads it for its stamp only: the tag contains the Dockerfile's content, not its name and mode.
  await describeFiles(found.filter(isDockerfile), resolved, signal);
  const others = found.filter((each) => !isDockerfile(each));
  const tag = digest(generations.plain, {
    dockerfile: content,
    platform: [...platform].sort(),
    buildArgs: buildArgs && [...buildArgs].sort(([a], [b]) => (a < b ? -1 : 1)),
    context: await describeFiles(others, resolved, signal),
  });
  const entries = found.flatMap(({ path, realPath: place }): [string, Stamp][] => {
    const stamp = hashes.stampOf(place);
    return stamp ? [[path.replace(/\/$/, ""), stamp]] : [];
  });
  return { tag, hashed: { dockerfile: content, entries: new Map(entries) } };
}

function digest(generation: number, content: Canonical): string {
  return createHash("sha256").update(encode({ generation, content })).digest("hex");
}

async function describeStep(step: Step, places: ResolvedImage, signal: AbortSignal | undefined): Promise<Canonical> {
  const hashNamed = async (file: string): Promise<string> =>
    hashListed(file, realPathOf(places, file), places.hashes, signal);
  const describe = (found: Iterable<FoundEntry | undefined>): Promise<Canonical[]> =>
    describeFiles(found, places, signal);
  const part = async (content: ProjectPart["content"]): Promise<Canonical> => {
    if (content.kind === "content") return content.content;
    return content.kind === "file" ? hashNamed(content.file) : folder(content);
  };
  const describeRequirements = async ({ folder, paths }: RequirementFiles): Promise<Canonical[]> => {
    const [main, ...included] = paths;
    const hash = (path: string): Promise<string> => hashNamed(join(folder, path));
    const others = await Promise.all(included.map(async (path) => [path, await hash(path)]));
    return [await hash(main), included.length > 0 ? main : "", ...others];
  };
  const describeConstraints = async (files: readonly RequirementFiles[]): Promise<Canonical> =>
    files.length === 0 ? undefined : Promise.all(files.map(describeRequirements));
  const folder = (copied: CopiedFolder): Promise<Canonical[]> => describe(folderFiles(copied, places, silentLog));
  switch (step.kind) {
    case "pipPackages": {
      const { constraints = [], ...layer } = step;
      return { ...layer, pip: describePip(step.pip), constraints: await describeConstraints(constraints) };
    }
    case "aptPackages":
    case "systemPackages":
      return { ...step, secrets: describeSecrets(step.secrets) };
    case "commands":
      return { ...step, ...describeAccess(step) };
    case "envVars":
    case "workdir":
    case "labels":
    case "user":
    case "runUser":
    case "entrypoint":
    case "cmd":
    case "expose":
    case "buildArgs":
      return step;
    case "requirements":
      return {
        kind: step.kind,
        pip: describePip(step.pip),
        contents: await describeRequirements(step.files),
        constraints: await describeConstraints(step.constraints),
      };
    case "copyFiles":
      return {
        kind: step.kind,
        destination: withoutSlash(step.destination),
        files: await describe(namedFiles(step, places)),
      };
    case "copyFolder":
      return { kind: step.kind, destination: withoutSlash(step.destination), files: await folder(step) };
    case "wheels": {
      const wheels = await Promise.all(
        wheelsIn(step.folder, places.within).map(async (name) => [name, await hashNamed(join(step.folder, name))]),
      );
      return { kind: step.kind, packageName: step.packageName, pip: describePip(step.pip), wheels };
    }
    case "uvProject":
    case "poetryProject": {
      const parts: Canonical[] = [];
      for (const { path, content } of projectParts(step)) parts.push([path, await part(content)]);
      return {
        kind: step.kind,
        mode: step.mode,
        parts,
        ...(step.kind === "uvProject"
          ? { member: step.member, keepsLock: step.keepsLock, options: describePip(step.pip) }
          : { poetry: step.poetry, extraArgs: step.extraArgs, ...describeAccess(step) }),
        extras: step.extras.length > 0 ? step.extras : undefined,
        groups: step.groups.length > 0 ? step.groups : undefined,
      };
    }
  }
}

function namedFiles({ files, within }: Extract<Step, { kind: "copyFiles" }>, image: IgnorePlaces): FoundEntry[] {
  return files.map(({ file, path }) => ({
    path,
    absolutePath: file,
    realPath: realPathOf(image, file, within),
    kind: "file",
  }));
}

/** Normalizes a destination: `/app/` is the same folder as `/app`. */
function withoutSlash(destination: string): string {
  return posix.normalize(destination).replace(/(?<=.)\/$/, "");
}

function describePip({ constraints: _described, ...pip }: PipOptions): Canonical {
  return { ...pip, ...describeAccess(pip) };
}

/** Describes what a step may use while it runs; the host keys of servers decide on nothing that is built. */
function describeAccess({ secrets, ssh }: Pick<PipOptions, "secrets" | "ssh">): { secrets: Canonical; ssh: Canonical } {
  return { secrets: describeSecrets(secrets), ssh: ssh?.id };
}

function describeSecrets(secrets: readonly Secret[]): Canonical {
  return secrets.map(secretId);
}
