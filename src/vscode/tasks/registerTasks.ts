import * as vscode from "vscode";
import type { TaskServices } from "./detectedTasks";

/** Offers a task for each Dockerfile and image spec, and runs those of `tasks.json`. Nothing is loaded before. */
export function registerTasks(services: TaskServices): vscode.Disposable {
  return vscode.tasks.registerTaskProvider("image-builders", {
    async provideTasks() {
      if (!vscode.workspace.isTrusted) return [];
      const { detectedTasks } = await import("./detectedTasks");
      return detectedTasks(services);
    },
    async resolveTask({ definition, scope = vscode.TaskScope.Workspace, name }) {
      if (!vscode.workspace.isTrusted) return undefined;
      const { definedTask } = await import("./detectedTasks");
      return definedTask(services, definition, scope, name);
    },
  });
}
