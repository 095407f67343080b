import { ensurePackages } from "../setup/debian.mjs";
import { SetUpError } from "../setup/setUpError.mjs";
import { findProgram } from "../setup/steps.mjs";

/** The browser's program: `CHROMIUM`, or the first of these in PATH. */
function findBrowser() {
  return (
    process.env.CHROMIUM ??
    ["chromium", "chromium-browser", "google-chrome"].map(findProgram).find((file) => file !== undefined)
  );
}

/** Makes sure there is a Chromium, which is the window of VS Code's server. */
export async function ensureBrowser() {
  if (!findBrowser())
    await ensurePackages(
      { chromium: "chromium" },
      "A window for VS Code's server (or set CHROMIUM to a browser's program)",
    );
}

/**
 * Starts a Chromium without a screen.
 *
 * @throws {SetUpError} if there is none
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
 * A profile of its own for windows, with the clipboard allowed and nothing moving.
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
 * A window's page in a profile of its own.
 *
 * @param {import("playwright-core").Browser} browser
 */
export async function newPage(browser) {
  return (await newContext(browser)).newPage();
}
