/**
 * Returns the options with which `runTests` of @vscode/test-electron uses desktop VS Code: the one in
 * `VSCODE_EXECUTABLE`, otherwise a downloaded `VSCODE_TEST_VERSION`; where VS Code's server from npm doesn't run, the
 * stable version by default.
 *
 * @returns {{ vscodeExecutablePath: string } | { version: string } | undefined} undefined if VS Code's server should be
 * used
 */
export function desktopVsCode() {
  const { VSCODE_EXECUTABLE: vscodeExecutablePath, VSCODE_TEST_VERSION: version } = process.env;
  if (vscodeExecutablePath) return { vscodeExecutablePath };
  if (version || process.platform !== "linux") return { version: version ?? "stable" };
  return undefined;
}
