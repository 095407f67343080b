// @ts-check
const vscode = require("vscode");

/**
 * Called when a builder of the flavor "monorepo" is used for the first time, since package.json names the flavor.
 *
 * @param {vscode.ExtensionContext} context
 */
exports.activate = async (context) => {
  const { default: monorepo } = await import("./monorepo.mjs");
  /** @type {vscode.Extension<import("../../src/api/api").ImageBuildersApi> | undefined} */
  const imageBuilders = vscode.extensions.getExtension("image-builders.image-builders");
  const api = await imageBuilders?.activate();
  if (api) context.subscriptions.push(api.registerImageBuilderFlavor(monorepo));
};
