import { ensurePackages } from "../setup/debian.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { findProgram } from "../setup/steps.mjs";

/** The browser's program: `CHROMIUM`, or the first of these in PATH. */
function findBrowser() {
  return process.env.CHROMIUM ?? ["chromium", "chromium-browser", "google-chrome"].map(findProgram).find((file) => file !== undefined);
}

/** Makes sure there is a Chromium, which is the window of VS Code's server. */
export async function ensureBrowser() {
  if (!findBrowser()) await ensurePackages({ chromium: "chromium" }, "A window for VS Code's server (or set CHROMIUM to a browser's program)");
}

/**
 * Starts a Chromium without a screen.
 *
 * @throws {SetUpError} if there is none
 */
export async function launchBrowser() {
  const { chromium } = await import("playwright-core");
  const executablePath = findBrowser();
  if (!executablePath) throw new SetUpError("There is no Chromium: node scripts/codeHost.mjs installs one, or set CHROMIUM to its program.");
  const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];
  return chromium.launch({ executablePath, headless: true, handleSIGINT: false, handleSIGTERM: false, timeout: 120_000, args });
}

/**
 * A window's page, with the clipboard allowed and nothing moving.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {{ width: number, height: number }} [viewport] CSS pixels
 */
export async function newPage(browser, viewport = { width: 1280, height: 800 }) {
  const context = await browser.newContext({ viewport, reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"] });
  return context.newPage();
}
