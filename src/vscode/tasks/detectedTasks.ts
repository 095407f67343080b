import { basename, dirname, relative, sep } from "node:path";
import * as vscode from "vscode";
import { findDockerfiles } from "../context/model/findDockerfiles";
import type { WithIgnoreModels } from "../context/model/ignoreModels";
import { mostSpecs } from "../images/specs/imageSpecs";
import { specPattern } from "../images/specs/specFiles";
import { createTask } from "../ui/taskTerminal";
import { taskWork } from "./buildTask";
import type { DefinitionServices } from "./runDefinition";

/** Type of our tasks, as in package.json. */
const taskType = "image-builders";
/** Limit on detected tasks: the list of tasks shows all of them. */
const mostTasks = 200;

/** Services of tasks. */
export type TaskServices = DefinitionServices & WithIgnoreModels;

/** Creates a task that `tasks.json` defines. */
export function definedTask(
  services: TaskServices,
  definition: vscode.TaskDefinition,
  scope: NonNullable<vscode.Task["scope"]>,
  name: string,
): vscode.Task {
  return createTask({ definition, scope, name, work: (resolved) => taskWork(services, resolved, scope) });
}

/**
 * Creates a task of the files that were found. VS Code replaces variables in its definition, too, but their syntax in
 * the name of a folder or file is just a part of that name.
 */
function detectedTask(
  services: TaskServices,
  definition: vscode.TaskDefinition,
  scope: vscode.WorkspaceFolder,
  texts: { readonly name: string; readonly detail: string },
): vscode.Task {
  return createTask({ definition, scope, ...texts, work: () => taskWork(services, definition, scope) });
}

/** Finds the Dockerfiles and image specs of the workspace, and returns a task for each. */
export async function detectedTasks(services: TaskServices): Promise<vscode.Task[]> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
  const ofFolders = await Promise.all(folders.map((folder) => tasksIn(services, folder)));
  return ofFolders.flat().slice(0, mostTasks);
}

async function tasksIn(services: TaskServices, scope: vscode.WorkspaceFolder): Promise<vscode.Task[]> {
  const root = scope.uri.fsPath;
  // A new search, because the list of the Images view waits for a watcher, which may report a new spec late.
  const specPlaces = new vscode.RelativePattern(scope, specPattern);
  const [dockerfiles, specs] = await Promise.all([
    findDockerfiles(root),
    vscode.workspace.findFiles(specPlaces, "**/node_modules/**", mostSpecs),
  ]);
  const builds = dockerfiles.map((dockerfile) => {
    const folder = services.ignoreModels.contextOf(vscode.Uri.file(dockerfile)).fsPath;
    const [place, name] = [slashed(relative(root, folder)), slashed(relative(folder, dockerfile))];
    const definition = {
      type: taskType,
      task: "build",
      ...(place !== "" && { folder: place }),
      ...(name !== "Dockerfile" && { dockerfile: name }),
    };
    const detail = vscode.l10n.t("Builds the image of {0}", place === "" ? basename(dirname(dockerfile)) : place);
    return detectedTask(services, definition, scope, { name: `build ${slashed(relative(root, dockerfile))}`, detail });
  });
  const specBuilds = specs.map((spec) => {
    const path = slashed(relative(root, spec.fsPath));
    const detail = vscode.l10n.t("Builds the image of a spec, unless it exists");
    return detectedTask(services, { type: taskType, task: "spec", spec: path }, scope, {
      name: `build ${path}`,
      detail,
    });
  });
  return [...builds, ...specBuilds];
}

/** Paths in `tasks.json` have slashes on every system. */
function slashed(path: string): string {
  return sep === "\\" ? path.replaceAll(sep, "/") : path;
}
