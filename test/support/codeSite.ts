import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser, newContext } from "../../scripts/codeHost/browser.mjs";
import { ensureCodeHost } from "../../scripts/codeHost/install.mjs";
import { CodeServer } from "../../scripts/codeHost/server.mjs";
import { vsixFile } from "../../scripts/setup/bundle.mjs";
import { atEnd } from "./mochaHooks";

/** What a window's VS Code has that another's has not. */
export interface SiteOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly extensions: readonly string[];
  /** Whether it and its extensions log at level trace. */
  readonly logsAll?: boolean;
}

/** Started by the first window of this process. */
let browser: Promise<Browser> | undefined;
let common: Promise<CodeSite> | undefined;

/**
 * A VS Code with the packaged extension installed, and where a browser keeps what its windows store.
 *
 * Windows share one, because VS Code takes ten seconds to start and its page is several times faster from a cache. Each
 * begins as in a new VS Code all the same: settings, storage, secrets and logs of the window before are gone.
 */
export class CodeSite {
  private constructor(
    readonly server: CodeServer,
    private readonly context: BrowserContext,
    private readonly isShared: boolean,
  ) {}

  /** The common one, emptied; or one of its own for what is decided as VS Code starts. */
  static async take(options: SiteOptions): Promise<CodeSite> {
    if (
      options.env ||
      options.logsAll ||
      options.extensions.length > 0 ||
      options.settings["security.workspace.trust.enabled"] === true
    )
      return CodeSite.#start(options, false);
    if (!(await common?.catch(() => undefined))?.server.isUp)
      common = CodeSite.#start({ settings: {}, extensions: [] }, true);
    const site = await common;
    if (!site) throw new Error("There is no VS Code.");
    await site.server.forget(options.settings);
    return site;
  }

  static async #start({ env, settings, extensions, logsAll }: SiteOptions, isShared: boolean): Promise<CodeSite> {
    if (!browser) {
      browser = launchBrowser();
      atEnd(async () => (await browser?.catch(() => undefined))?.close());
    }
    const context = await newContext(await browser);
    const server = await CodeServer.start({
      host: await ensureCodeHost(),
      vsix: [vsixFile, ...extensions],
      env,
      settings,
      logsAll,
    }).catch(async (error: unknown) => {
      await context.close();
      throw error;
    });
    if (isShared) atEnd(() => server.stop());
    return new CodeSite(server, context, isShared);
  }

  /** A window's page, which shows nothing yet. */
  async newPage(viewport = { width: 1280, height: 800 }): Promise<Page> {
    const page = await this.context.newPage();
    await page.setViewportSize(viewport);
    return page;
  }

  /** Closes a window, and ends what was started for it alone. */
  async leave(page: Page): Promise<void> {
    if (!this.isShared) {
      await this.context.close();
      await this.server.stop();
      return;
    }
    // A page that is left tells the server, which ends the window's extension host.
    await page.goto("about:blank");
    const session = await this.context.newCDPSession(page);
    await session.send("Storage.clearDataForOrigin", {
      origin: this.server.url,
      storageTypes: "indexeddb,local_storage,cookies,service_workers,cache_storage",
    });
    await page.close();
  }
}
