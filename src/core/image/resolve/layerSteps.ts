import { basename, join, posix } from "node:path";
import { methodOf, sshOf, type Layer, type LayerOf } from "../definition/layers";
import { checkNoCredential } from "../definition/pipOptions";
import { checkConfined, type Confinement } from "../files/confinement";
import { forAll } from "../files/outsideError";
import { importedFiles } from "../files/pythonImports";
import { requireFile, requireFolder } from "../files/requirePath";
import { requirementFiles, type RequirementFiles } from "../files/requirements";
import { readScript } from "../files/uvScript";
import { wheelsIn } from "../files/wheels";
import type { ImagePlaces } from "./places";
import { poetryProjectStep } from "./poetryProject";
import type { CopyFilesStep, Step } from "./steps";
import { scriptProjectStep, uvProjectStep } from "./uvProject";

/**
 * Returns the steps of a layer, with absolute paths on this machine.
 *
 * @throws ImageBuilderError `imageInvalid`, `imageFileMissing`; `workspaceUntrusted` for files outside of `within`
 */
export function stepsOf(given: Layer, root: string, places: ImagePlaces): Step[] {
  const where = methodOf(given);
  const { within } = places;
  const layer = withHostKeys(given, root, within);
  switch (layer.kind) {
    case "pipPackages": {
      const constraints = constraintsOf(layer, root, within);
      return [constraints.length > 0 ? { ...layer, constraints } : layer];
    }
    case "aptPackages":
    case "systemPackages":
    case "commands":
    case "envVars":
    case "workdir":
    case "labels":
    case "user":
    case "runUser":
    case "entrypoint":
    case "cmd":
    case "expose":
    case "buildArgs":
      return [layer];
    case "dockerignore":
      return [];
    case "requirements":
      return [
        {
          kind: "requirements",
          pip: layer.pip,
          files: requirementFiles(where, requireFile(where, root, layer.file, within), within),
          constraints: constraintsOf(layer, root, within),
        },
      ];
    case "sourceFolder": {
      const folder = requireFolder(where, root, layer.src, within);
      const inside = posix.normalize(layer.dst) === "." && !layer.copyContentsOnly;
      return [
        {
          kind: "copyFolder",
          folder,
          destination: inside ? `./${basename(folder)}` : layer.dst,
          leavesOut: "debris",
        },
      ];
    }
    case "sourceFile":
      return copyFiles(
        forAll(layer.src, (src) => requireFile(where, root, src, within)).map((file) => ({
          file,
          path: basename(file),
        })),
        layer.dst,
      );
    case "codeBundle":
      return bundleSteps(layer, root, places);
    case "uvProject":
      return [uvProjectStep(layer, root, places.installer ?? "uv", within)];
    case "poetryProject":
      return [poetryProjectStep(layer, root, within)];
    case "pythonWheels":
      return [
        {
          kind: "wheels",
          folder: requireFolder(where, root, layer.folder, within),
          packageName: layer.packageName,
          pip: layer.pip,
        },
      ];
    case "uvScript":
      return scriptSteps(layer, root, places);
  }
}

/** Finds the file with the host keys that a layer names. */
function withHostKeys(layer: Layer, root: string, within: Confinement): Layer {
  const mount = sshOf(layer);
  if (mount?.knownHosts === undefined) return layer;
  const ssh = { ...mount, knownHosts: requireFile(methodOf(layer), root, mount.knownHosts, within) };
  return "pip" in layer ? { ...layer, pip: { ...layer.pip, ssh } } : ({ ...layer, ssh } as Layer);
}

function constraintsOf(
  layer: LayerOf<"pipPackages" | "requirements">,
  root: string,
  within: Confinement,
): RequirementFiles[] {
  const where = methodOf(layer);
  return forAll(layer.pip.constraints ?? [], (file) =>
    requirementFiles(where, requireFile(where, root, file, within), within),
  );
}

function scriptSteps(layer: LayerOf<"uvScript">, root: string, { within, installer = "uv" }: ImagePlaces): Step[] {
  const { script, pip } = layer;
  const header = readScript(root, script, within);
  const { packages, projects } = header;
  for (const each of packages) checkNoCredential("fromUvScript", `the dependency of "${script}"`, each);
  const hasMore = Object.keys(header.uv).length > 0;
  const steps: Step[] = hasMore
    ? [scriptProjectStep(layer, root, header, installer, within)]
    : packages.length > 0
      ? [{ kind: "pipPackages", packages, pip }]
      : [];
  if (projects.length === 0) return steps;
  const installs = forAll(projects, (project) =>
    uvProjectStep(
      { kind: "uvProject", pyprojectFile: join(project, "pyproject.toml"), pip, projectInstallMode: "install_project" },
      root,
      installer,
      within,
    ),
  );
  return [...steps, { kind: "aptPackages", packages: ["git"], secrets: [] }, ...installs];
}

function bundleSteps(
  { copyStyle, dst }: Extract<Layer, { kind: "codeBundle" }>,
  root: string,
  places: ImagePlaces,
): Step[] {
  if ((places.copyStyle ?? "none") !== "none") return [];
  if (copyStyle === "all") return [{ kind: "copyFolder", folder: root, destination: dst, leavesOut: "clutter" }];
  return copyFiles(
    importedFiles(root, places.entrypoints, places.within).map((path) => ({ file: join(root, path), path })),
    dst,
    root,
  );
}

function copyFiles(files: CopyFilesStep["files"], destination: string, within?: string): Step[] {
  return files.length > 0 ? [{ kind: "copyFiles", files, destination, ...(within !== undefined && { within }) }] : [];
}

/**
 * Returns the steps of a layer, like {@link stepsOf}, after checking that `within` allows all their files.
 *
 * @throws also {@link OutsideError} for the files outside of it, all together
 */
export function checkedSteps(layer: Layer, root: string, places: ImagePlaces): Step[] {
  const steps = stepsOf(layer, root, places);
  forAll(
    steps.flatMap((step) => furtherPaths(step, places.within)),
    (path) => checkConfined(path, places.within),
  );
  return steps;
}

/** Returns the files and folders of a step, in addition to those of its layer, which are already checked. */
function furtherPaths(step: Step, within: Confinement): string[] {
  if (within === undefined) return [];
  if (step.kind === "uvProject" || step.kind === "poetryProject") return [...step.localSources];
  return step.kind === "wheels" ? wheelsIn(step.folder, within).map((name) => join(step.folder, name)) : [];
}
