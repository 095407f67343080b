#!/usr/bin/env node
// Accepts the command line of desktop VS Code for extension tests and runs them in VS Code's server, so that runTests()
// of @vscode/test-electron can use this file as its executable.
import { statSync } from "node:fs";
import { cp } from "node:fs/promises";
import path from "node:path";
import { format } from "node:util";
import { runMain, SetUpError } from "../setup/setUpError.mjs";
import { launchBrowser, newPage } from "./browser.mjs";
import { ensureCodeHost } from "./install.mjs";
import { CodeServer } from "./server.mjs";

const limitMs = Number(process.env.IMAGE_BUILDERS_CODE_TIMEOUT_MS ?? 300_000);

/** @param {readonly string[]} args */
function parse(args) {
  const named = (/** @type {string} */ name) =>
    args.filter((arg) => arg.startsWith(`--${name}=`)).map((arg) => arg.slice(name.length + 3));
  const [tests] = named("extensionTestsPath");
  if (!tests) throw new SetUpError("code.mjs needs --extensionDevelopmentPath= and --extensionTestsPath=");
  return {
    folder: args.find((arg) => !arg.startsWith("--")),
    extensions: named("extensionDevelopmentPath"),
    // Desktop VS Code also accepts a folder; the server requires the file itself.
    tests: statSync(tests, { throwIfNoEntry: false })?.isDirectory() ? path.join(tests, "index.js") : tests,
    userData: named("user-data-dir")[0],
    extensionsFolder: named("extensions-dir")[0],
  };
}

/**
 * Opens the window that runs the tests, and waits for their exit code.
 *
 * @param {CodeServer} server
 * @param {import("playwright-core").Page} page
 * @param {ReturnType<typeof parse>} request
 * @returns {Promise<number>}
 */
async function runTests(server, page, request) {
  const trouble = new Promise((_, reject) => {
    const fail = (/** @type {string} */ reason) => reject(new SetUpError(`VS Code: ${reason}`));
    setTimeout(fail, limitMs, `the tests did not end within ${limitMs} ms`).unref();
    page.on("crash", () => fail("the window crashed"));
    void server.ended?.then(() => fail("the server ended"));
  });
  trouble.catch(() => {}); // the race below reports this error; the handler covers failures before it
  // VS Code's window calls these two functions when it runs extension tests.
  const ended = new Promise((resolve) => void page.exposeFunction("codeAutomationExit", resolve));
  /** @type {string[]} */
  const errors = [];
  await page.exposeFunction("codeAutomationLog", (/** @type {string} */ type, /** @type {unknown[]} */ args) => {
    if (type === "error") errors.push(format(...args).slice(0, 2000));
  });
  // While other suites install what they require, a window may take minutes to load.
  const timeout = Math.min(limitMs, 300_000);
  await page.goto(server.windowUrl(request.folder, { ...request, extensions: request.extensions.slice(0, 1) }), {
    timeout,
  });
  const code = /** @type {number} */ (await Promise.race([ended, trouble]));
  // VS Code also returns 0 if its extension host crashed during the tests.
  const death = /Extension Host Process exited with code: (?!0,)\S+ signal: \S+|Unknown reconnection token/.exec(
    await server.log(),
  );
  if (death) throw new SetUpError(`VS Code: the extension host died: ${death[0]}`);
  if (code !== 0 && errors.length > 0) console.error(`VS Code's own log of errors:\n${errors.slice(0, 20).join("\n")}`);
  return code;
}

/**
 * Installs further extensions: the address of a window can contain only one extension under development.
 *
 * @param {ReturnType<typeof parse>} request
 */
async function installOthers({ extensions: [, ...others], extensionsFolder }) {
  if (others.length > 0 && !extensionsFolder) throw new SetUpError("several extensions need --extensions-dir=, too");
  for (const other of others)
    await cp(other, path.join(extensionsFolder ?? "", path.basename(other)), { recursive: true });
}

await runMain(async () => {
  const request = parse(process.argv.slice(2));
  await installOthers(request);
  const host = await ensureCodeHost();
  const server = await CodeServer.start({
    host,
    runsTests: true,
    userData: request.userData,
    extensions: request.extensionsFolder,
  });
  const browser = await launchBrowser().catch(async (error) => {
    await server.stop();
    throw error;
  });
  const end = async () => {
    await browser.close();
    await server.stop();
  };
  for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => void end().then(() => process.exit(130)));
  try {
    return await runTests(server, await newPage(browser), request);
  } finally {
    await end();
  }
});
