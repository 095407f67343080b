import { createHash } from "node:crypto";
import { lstatSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { silentLog } from "../../base/log";
import { BuildContext } from "../../context/files/buildContext";
import { kindOf } from "../../context/files/listDirectory";
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

/** Increased when the same definition results in a different build, so that no older image is used for it. */
const generation = 1;

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
  return digest({
    base: resolved.baseImage,
    platform: [...resolved.platform].sort(),
    python: usesPython ? resolved.pythonVersion : undefined,
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
  const { file: dockerfile, platform, alwaysInclude, hashes } = resolved;
  const context = new BuildContext({ root: dirname(dockerfile), dockerfile, alwaysInclude });
  const found = Array.from(await context.getFiles({ signal }), ([path, absolutePath]) => ({
    path,
    absolutePath,
    kind: kindOf(lstatSync(absolutePath)),
  }));
  return digest({
    dockerfile: await hashFile(dockerfile, hashes, signal),
    platform: [...platform].sort(),
    // The Dockerfile is already hashed above; only its content counts.
    context: await describeFiles(
      found.filter(({ absolutePath }) => absolutePath !== dockerfile),
      resolved,
      signal,
    ),
  });
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

/** Normalizes a destination: `/app/` is the same folder as `/app`. */
function withoutSlash(destination: string): string {
  return posix.normalize(destination).replace(/(?<=.)\/$/, "");
}

function describePip({ secrets, ...pip }: PipOptions): Canonical {
  return { ...pip, secrets: describeSecrets(secrets) };
}

function describeSecrets(secrets: readonly Secret[]): Canonical {
  return secrets.map(secretId);
}
