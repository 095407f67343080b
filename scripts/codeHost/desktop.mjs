/**
 * What to tell `runTests` of @vscode/test-electron to get a desktop VS Code: the one that `VSCODE_EXECUTABLE` names, a
 * downloaded one of `VSCODE_TEST_VERSION`, or the newest downloaded where VS Code's server from npm does not run.
 *
 * @returns {{ vscodeExecutablePath: string } | { version: string } | undefined} nothing where VS Code's server is to be
 * used
 */
export function desktopVsCode() {
  const { VSCODE_EXECUTABLE: vscodeExecutablePath, VSCODE_TEST_VERSION: version } = process.env;
  if (vscodeExecutablePath) return { vscodeExecutablePath };
  if (version || process.platform !== "linux") return { version: version ?? "stable" };
  return undefined;
}
