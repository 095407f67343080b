import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { readChannels } from "../../scripts/codeHost/outputChannels.mjs";
import type { CodeServer } from "../../scripts/codeHost/server.mjs";
import { isHighContrast, settingsTitle } from "../../scripts/codeHost/settings.mjs";
import { root } from "../../scripts/setup/paths.mjs";
import { CodeSite } from "./codeSite";
import { tell, unwatch, watch } from "./failedWindow";
import { volume } from "./volume";
import { persist, Workbench } from "./workbench";

const markOf = isHighContrast
  ? ({ dark: ".monaco-workbench.hc-black", light: ".monaco-workbench.hc-light" } as const)
  : ({ dark: ".monaco-workbench.vs-dark", light: ".monaco-workbench.vs" } as const);

/** A busy machine is slow, not wrong: how long things are waited for unless said otherwise. */
const patienceMs = 150_000;

/** A mouse that rests on a button has its tooltip shown, over what is to be clicked next. */
const noTooltips = { "workbench.hover.delay": 3_600_000 };

/** The two themes that pictures are taken in. */
export type Theme = keyof typeof markOf;

/** For pictures of what has colors, icons or marks of ours. */
export const bothThemes: readonly Theme[] = ["dark", "light"];

/** How a VS Code is started. */
export interface VsCodeOptions {
  /** A folder or a `.code-workspace` file; without it the window is empty. */
  readonly folder?: string;
  /** Besides this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * The user's settings, over quiet ones; `security.workspace.trust.enabled` set to true makes folders untrusted at
   * first.
   */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Has VS Code and its extensions log at level trace. */
  readonly logsAll?: boolean;
  /** Packaged extensions to install beside ours. */
  readonly extensions?: readonly string[];
  /** CSS pixels. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/** A real VS Code with the packaged extension installed, and its window in a browser. */
export class VsCode {
  readonly workbench: Workbench;

  private constructor(
    private readonly site: CodeSite,
    readonly page: Page,
  ) {
    this.workbench = new Workbench(page);
  }

  /**
   * Opens a window and waits until it is there; VS Code and its browser are started where none runs that it may share.
   */
  static async open({
    folder,
    env,
    settings,
    viewport,
    logsAll,
    extensions = [],
  }: VsCodeOptions = {}): Promise<VsCode> {
    const site = await CodeSite.take({ env, extensions, logsAll, settings: { ...noTooltips, ...settings } });
    const page = await site.newPage(viewport);
    page.setDefaultTimeout(patienceMs);
    const vsCode = new VsCode(site, page);
    try {
      await vsCode.show(folder);
    } catch (error) {
      await tell(vsCode, "opening it");
      await vsCode.close();
      throw error;
    }
    watch(vsCode);
    return vsCode;
  }

  get server(): CodeServer {
    return this.site.server;
  }

  /** Opens a folder in the window, as a new start of VS Code would. */
  async show(folder: string | undefined): Promise<void> {
    await persist(
      async () => {
        await this.page.goto(this.server.windowUrl(folder));
        await this.workbench.ready();
        // On a busy machine, a window may come up without the user's settings, and stays so.
        const hasSettings = `document.title.endsWith(${JSON.stringify(settingsTitle)})`;
        await this.page.waitForFunction(hasSettings, undefined, { timeout: 60_000 });
      },
      undefined,
      3,
    );
  }

  /**
   * Opens a folder in the window until something holds of it: on a busy machine, VS Code may come up without the keys
   * that are bound, or without the folders of a workspace's file, and stays so.
   */
  async showUntil(folder: string, holds: () => Promise<void>): Promise<void> {
    await this.show(folder);
    await persist(holds, () => this.show(folder), 4);
  }

  /** What the window shows and what the extension and the server wrote last. */
  async describe(): Promise<string> {
    const end = (text: string): string => text.trimEnd().split("\n").slice(-30).join("\n");
    return [
      await this.workbench.describe(),
      "-- output",
      end(await this.output()),
      "-- server",
      end(await this.server.log()),
    ].join("\n");
  }

  /** All that the extension's output channels hold, whatever the panel shows of it. */
  output(): Promise<string> {
    return readChannels(this.server.userData);
  }

  /**
   * Takes the window's picture as `test-results/screenshots/<name>-<theme>.png`, in the light theme unless others are
   * named.
   */
  async screenshot(name: string, ...wanted: readonly Theme[]): Promise<void> {
    const folder = join(root, "test-results/screenshots");
    await mkdir(folder, { recursive: true });
    const usual = bothThemes.slice(-volume(1, 2));
    for (const theme of wanted.length > 0 ? wanted : usual) {
      await this.wear(theme);
      await this.page.screenshot({ path: join(folder, `${name}-${theme}.png`), animations: "disabled" });
    }
  }

  /** Changes the theme as the system's dark mode does, which leaves open menus and questions open. */
  async wear(theme: Theme): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme });
    await this.page.locator(markOf[theme]).waitFor({ state: "attached" });
  }

  /** Closes the window, and with it all that it has stored. */
  async close(): Promise<void> {
    await unwatch(this);
    await this.site.leave(this.page);
  }
}
