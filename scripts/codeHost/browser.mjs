import { ensurePackages } from "../setup/debian.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { findProgram } from "../setup/steps.mjs";

/** Returns the browser's program: `CHROMIUM`, otherwise the first of these in PATH; undefined if there is none. */
function findBrowser() {
  return (
    process.env.CHROMIUM ??
    ["chromium", "chromium-browser", "google-chrome"].map(findProgram).find((file) => file !== undefined)
  );
}

/** Ensures that Chromium is installed, which is used as the window of VS Code's server. */
export async function ensureBrowser() {
  if (!findBrowser())
    await ensurePackages(
      { chromium: "chromium" },
      "A window for VS Code's server (or set CHROMIUM to a browser's program)",
    );
}

/**
 * Starts Chromium without a display.
 *
 * @throws {SetUpError} if it is not installed
 */
export async function launchBrowser() {
  const { chromium } = await import("playwright-core");
  const executablePath = findBrowser();
  if (!executablePath)
    throw new SetUpError(
      "There is no Chromium: node scripts/codeHost.mjs installs one, or set CHROMIUM to its program.",
    );
  const args = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
  ];
  return chromium.launch({
    executablePath,
    headless: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    timeout: 120_000,
    args,
  });
}

/**
 * Creates a separate profile, with access to the clipboard and without animations.
 *
 * @param {import("playwright-core").Browser} browser
 */
export function newContext(browser) {
  return browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
}

/**
 * Opens a page in a separate profile.
 *
 * @param {import("playwright-core").Browser} browser
 */
export async function newPage(browser) {
  return (await newContext(browser)).newPage();
}
