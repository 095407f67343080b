import type { Locator, Page } from "playwright-core";

/** VS Code's window by what people see; roles and labels first, because they change least between versions. */
export class Workbench {
  constructor(readonly page: Page) {}

  /** Waits until the window is there; extensions may still be starting. */
  async ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
    await this.page.locator(".monaco-workbench .part.activitybar").waitFor();
  }

  /** Shows a view container, such as `Explorer`. */
  async openView(title: string): Promise<void> {
    const tab = this.page.locator(".part.activitybar").getByRole("tab", { name: new RegExp(`^${title}`) });
    // A click on the view that is shown would hide it.
    if ((await tab.getAttribute("aria-selected")) !== "true") await tab.click();
  }

  /** A row of a tree in the sidebar. */
  treeItem(name: string | RegExp, scope: Locator = this.page.locator(".part.sidebar")): Locator {
    return scope.getByRole("treeitem", { name }).first();
  }

  /** Runs a command by its title from the palette, waiting until it is offered. */
  async command(title: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.page.keyboard.press("F1");
      await this.quickInputBox().fill(`>${title}`);
      const offered = await this.quickPick(title).waitFor({ timeout: 5_000 }).then(() => true, () => false);
      if (offered || attempt === 4) break;
      // The palette lists what was enabled as it opened; a window that has just come up may enable more.
      await this.page.keyboard.press("Escape");
    }
    await this.quickPick(title).click();
  }

  /** The box at the top of the window that asks for something. */
  quickInput(): Locator {
    return this.page.locator(".quick-input-widget:visible");
  }

  /** Where one types in the box at the top. */
  quickInputBox(): Locator {
    return this.quickInput().locator("input[type=text]").first();
  }

  /** An entry of the list at the top. */
  quickPick(text: string | RegExp): Locator {
    return this.quickInput().locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first();
  }

  /** The message under the box at the top, such as what is wrong with what was typed. */
  quickInputMessage(): Locator {
    return this.quickInput().locator(".quick-input-message");
  }

  /** Opens something's context menu. */
  async contextMenu(target: Locator): Promise<Locator> {
    await target.click({ button: "right" });
    const menu = this.page.locator(".monaco-menu").last();
    await menu.waitFor();
    // For 100 ms VS Code takes a click for the end of the one that opened the menu; the page's own clock waits longer under load too.
    await this.page.evaluate("new Promise((resolve) => setTimeout(resolve, 250))");
    return menu;
  }

  /** An entry of the open menu, submenus included. */
  menuItem(name: string | RegExp): Locator {
    return this.page.locator(".monaco-menu").getByRole("menuitem", { name }).first();
  }

  /** A notification in the corner. */
  toast(text: string | RegExp): Locator {
    return this.page.locator(".notification-toast").filter({ hasText: text }).first();
  }

  /** A modal dialog; VS Code draws them itself. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator(".monaco-dialog-box").filter({ hasText: text });
  }

  /** A row of the Problems view. */
  problem(text: string | RegExp): Locator {
    return this.page.locator(".markers-panel .monaco-list-row").filter({ hasText: text }).first();
  }

  /** What the output panel shows now; lines that are scrolled away are not part of it. */
  async outputText(): Promise<string> {
    const text = await this.page.locator(".part.panel .view-lines").innerText();
    return text.replaceAll("\u00a0", " ");
  }
}
