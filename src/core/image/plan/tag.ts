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
import { describeFiles, hashFile, hashListed } from "../files/fileHash";
import { folderFiles, type CopiedFolder, type IgnorePlaces } from "../files/folderFiles";
import { realPathOf } from "../files/namedFiles";
import { projectParts } from "../resolve/projectParts";
import type { ResolvedDockerfile, ResolvedImage } from "../resolve/resolve";
import type { PipOptions } from "../definition/pipOptions";
import { secretId, type Secret } from "../definition/secret";
import type { Step } from "../resolve/steps";
import { wheelsIn } from "../files/wheels";

/** Raised whenever the same definition comes to build something else, so that no older image is taken for it. */
const generation = 1;

/**
 * The tag of an image: 64 hexadecimal digits, SHA-256 over everything that is built, which are the base, the platforms,
 * the steps in their order, and the files they take. Name, registry and the places of files on this machine do not
 * count.
 *
 * @throws ImageBuilderError `imageFileMissing`, `dockerignoreInvalid`, `contextUnreadable`; the signal's reason
 */
export async function tagOf(resolved: ResolvedImage, signal?: AbortSignal): Promise<string> {
  const steps: Canonical[] = [];
  for (const step of resolved.steps) steps.push(await describeStep(step, resolved, signal));
  const usesPython = resolved.steps.some(({ kind }) =>
    ["pipPackages", "requirements", "wheels", "uvProject", "poetryProject"].includes(kind),
  );
  return digest({
    base: resolved.baseImage,
    platform: [...resolved.platform].sort(),
    python: usesPython ? resolved.pythonVersion : undefined,
    steps,
  });
}

/**
 * The tag of an image by a Dockerfile. All that its ignore file leaves in its folder counts, because the base image's
 * ONBUILD may copy any of it.
 *
 * @throws as {@link tagOf}
 */
export async function dockerfileTag(resolved: ResolvedDockerfile, signal?: AbortSignal): Promise<string> {
  return (await hashedDockerfile(resolved, signal)).tag;
}

/** The same with what it stands for. */
export async function hashedDockerfile(
  resolved: ResolvedDockerfile,
  signal?: AbortSignal,
): Promise<{ readonly tag: string; readonly hashed: HashedContext }> {
  const { file: dockerfile, platform, alwaysInclude, hashes } = resolved;
  const root = dirname(dockerfile);
  const context = new BuildContext({ root, dockerfile, alwaysInclude });
  const files = await context.getFiles({ signal });
  // A link may lead to the folder.
  const { realPath } = realFolder(root);
  const found = Array.from(files, ([path, absolutePath]) => ({
    path,
    absolutePath,
    realPath: join(realPath, path),
    kind: kindOf(lstatSync(absolutePath)),
  }));
  const content = await hashFile(dockerfile, hashes, signal);
  const isDockerfile = ({ absolutePath }: FoundEntry): boolean => absolutePath === dockerfile;
  // It is told already, and beside others it counts only by what it says.
  await describeFiles(found.filter(isDockerfile), resolved, signal);
  const others = found.filter((each) => !isDockerfile(each));
  const tag = digest({
    dockerfile: content,
    platform: [...platform].sort(),
    context: await describeFiles(others, resolved, signal),
  });
  const entries = found.flatMap(({ path, realPath: place }): [string, Stamp][] => {
    const stamp = hashes.stampOf(place);
    return stamp ? [[path.replace(/\/$/, ""), stamp]] : [];
  });
  return { tag, hashed: { dockerfile: content, entries: new Map(entries) } };
}

function digest(content: Canonical): string {
  return createHash("sha256").update(encode({ generation, content })).digest("hex");
}

async function describeStep(step: Step, places: ResolvedImage, signal: AbortSignal | undefined): Promise<Canonical> {
  const hashNamed = async (file: string): Promise<string> =>
    hashListed(file, realPathOf(places, file), places.hashes, signal);
  const describe = (found: Iterable<FoundEntry | undefined>): Promise<Canonical[]> =>
    describeFiles(found, places, signal);
  const folder = (copied: CopiedFolder): Promise<Canonical[]> => describe(folderFiles(copied, places, silentLog));
  switch (step.kind) {
    case "pipPackages":
      return { ...step, pip: describePip(step.pip) };
    case "aptPackages":
    case "commands":
      return { ...step, secrets: describeSecrets(step.secrets) };
    case "envVars":
    case "workdir":
    case "labels":
    case "user":
      return step;
    case "requirements": {
      const [main, ...included] = step.files.paths;
      const hash = (path: string): Promise<string> => hashNamed(join(step.files.folder, path));
      const contents = [
        await hash(main),
        included.length > 0 ? main : "",
        ...(await Promise.all(included.map(async (path) => [path, await hash(path)]))),
      ];
      return { kind: step.kind, pip: describePip(step.pip), contents };
    }
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
        wheelsIn(step.folder).map(async (name) => [name, await hashNamed(join(step.folder, name))]),
      );
      return { kind: step.kind, packageName: step.packageName, pip: describePip(step.pip), wheels };
    }
    case "uvProject":
    case "poetryProject": {
      const folders: Canonical[] = [];
      for (const { path, content } of projectParts(step)) {
        folders.push([path, content.kind === "file" ? await hashNamed(content.file) : await folder(content)]);
      }
      return {
        kind: step.kind,
        mode: step.mode,
        pyproject: await hashNamed(step.pyproject),
        lock: step.lock === undefined ? undefined : await hashNamed(step.lock),
        options:
          step.kind === "uvProject"
            ? describePip(step.pip)
            : { extraArgs: step.extraArgs, secrets: describeSecrets(step.secrets) },
        folders,
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

/** `/app/` is the same folder as `/app`. */
function withoutSlash(destination: string): string {
  return posix.normalize(destination).replace(/(?<=.)\/$/, "");
}

function describePip({ secrets, ...pip }: PipOptions): Canonical {
  return { ...pip, secrets: describeSecrets(secrets) };
}

function describeSecrets(secrets: readonly Secret[]): Canonical {
  return secrets.map(secretId);
}
