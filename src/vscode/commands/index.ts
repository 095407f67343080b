import * as vscode from "vscode";
import type { Services } from "../services";
import { showFailure } from "../showFailure";
import { isComplete } from "../startBuild";
import { addRegistry } from "./addRegistry";
import { buildAndPushImage } from "./buildAndPushImage";
import { buildImage } from "./buildImage";
import { cancelBuild } from "./cancelBuild";
import { clearBuilds } from "./clearBuilds";
import { copyDigest } from "./copyDigest";
import { copyImageName } from "./copyImageName";
import { forgetRegistryPassword } from "./forgetRegistryPassword";
import { forgetUploadAnswers } from "./forgetUploadAnswers";
import { openDockerfile } from "./openDockerfile";
import { rebuildImage } from "./rebuildImage";
import { refreshViews } from "./refreshViews";
import { removeRegistry } from "./removeRegistry";
import { setRegistryPassword } from "./setRegistryPassword";
import { showLog } from "./showLog";

type Command = (services: Services, target?: unknown) => unknown;

/** Every command by the second part of its id, `imageBuilders.<name>`; package.json and package.nls.json must name the same. */
export const commands: Readonly<Record<string, Command>> = {
  addRegistry,
  buildAndPushImage,
  buildImage,
  cancelBuild,
  clearBuilds,
  copyDigest,
  copyImageName,
  forgetRegistryPassword,
  forgetUploadAnswers,
  openDockerfile,
  rebuildImage,
  refreshViews,
  removeRegistry,
  setRegistryPassword,
  showLog,
};

/** Registers all commands. */
export function registerCommands(services: Services): vscode.Disposable {
  const registrations = Object.entries(commands).map(([name, command]) =>
    vscode.commands.registerCommand(`imageBuilders.${name}`, (target?: unknown) => run(services, command, target)),
  );
  return vscode.Disposable.from(...registrations);
}

/** A person is told of a failure; a program that gave all arguments gets it. A cancelled command has no result. */
async function run(services: Services, command: Command, target: unknown): Promise<unknown> {
  try {
    return await command(services, target);
  } catch (error) {
    if (error instanceof vscode.CancellationError) return undefined;
    if (isComplete(target)) throw error;
    services.log.debug(error instanceof Error ? (error.stack ?? error.message) : String(error));
    void showFailure(services, error);
    return undefined;
  }
}
