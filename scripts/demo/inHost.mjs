import { writeFileSync } from "node:fs";
import * as vscode from "vscode";

/**
 * Runs in the extension host and calls the command as another extension would. Writes the outcome or the error to a
 * file.
 */
export async function run() {
  const { folder, imageName, registry, resultFile } = JSON.parse(process.env.IMAGE_BUILDERS_DEMO ?? "{}");
  const call = vscode.commands.executeCommand("imageBuilders.buildAndPushImage", { folder, imageName, registry });
  const result = await Promise.resolve(call).then(
    (outcome) => ({ outcome }),
    (error) => ({ error: error.message }),
  );
  writeFileSync(resultFile, JSON.stringify(result));
}
