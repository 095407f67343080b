const fs = require("node:fs");
const vscode = require("vscode");

/** Runs in the extension host and calls the command as another extension would; the outcome goes to a file. */
exports.run = async function run() {
  const { folder, imageName, registry, resultFile } = JSON.parse(process.env.IMAGE_BUILDERS_DEMO ?? "{}");
  try {
    const outcome = await vscode.commands.executeCommand("imageBuilders.buildAndPushImage", { folder, imageName, registry });
    fs.writeFileSync(resultFile, JSON.stringify({ outcome }));
  } catch (error) {
    fs.writeFileSync(resultFile, JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
    throw error;
  }
};
