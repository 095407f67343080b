/**
 * VS Code server from npm. `front` starts code-server's own server; without it, VS Code's server is started directly.
 *
 * @typedef {object} HostVersion
 * @property {string} codeServer
 * @property {string} node version of Node that it requires
 * @property {boolean} front
 * @property {Readonly<Record<string, string>>} natives file that compiling each package creates, by package
 * @property {string} [ripgrep] version of the search program, if a script of VS Code would download it
 */

/**
 * Newest VS Code and the oldest one that the extension supports. Versions close to the oldest have dependencies that
 * are not on npm.
 */
export const hosts = {
  /** VS Code 1.139 @type {HostVersion} */
  latest: {
    codeServer: "4.139.1",
    node: "24.21.0",
    front: true,
    natives: { "@vscode/spdlog": "spdlog.node", "@vscode/native-watchdog": "watchdog.node" },
  },
  /** VS Code 1.100; its front requires a native part that is not prebuilt. @type {HostVersion} */
  oldest: {
    codeServer: "4.100.3",
    node: "20.20.2",
    front: false,
    natives: { "@vscode/spdlog": "spdlog.node", "native-watchdog": "watchdog.node", "node-pty": "pty.node" },
    ripgrep: "1.18.0",
  },
};

/** @typedef {keyof typeof hosts} HostName */

/** Returns the VS Code version to use: `IMAGE_BUILDERS_CODE_HOST`, or the newest. @returns {HostName} */
export function defaultHost() {
  return process.env.IMAGE_BUILDERS_CODE_HOST === "oldest" ? "oldest" : "latest";
}
