import type { Locator, Page } from "playwright-core";

/** How long one attempt at something that VS Code may miss is given. */
const attemptMs = 10_000;

/** Title of our view container. */
const ours = "Image Builders";

/** What is used of the page's own elements, whose types are not Node's. */
interface AnyElement {
  readonly value?: string;
  cloneNode(): unknown;
  append(element: unknown): void;
}

/** VS Code's window by what people see; roles and labels first, because they change least between versions. */
export class Workbench {
  constructor(readonly page: Page) {}

  /** Waits until the window is there; extensions may still be starting. */
  async ready(): Promise<void> {
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor();
    await this.page.locator(".monaco-workbench .part.activitybar").waitFor();
  }

  /** Shows a view container, such as `Explorer`; in ours, also opens the views whose rows tests look for. */
  async openView(title: string): Promise<void> {
    await this.showContainer(title);
    if (title !== ours) return;
    for (const view of ["Builders", "Images", "Build Context"]) await this.expand(view);
  }

  /** Shows a view container as it is. */
  async showContainer(title: string): Promise<void> {
    const tab = this.page.locator(".part.activitybar").getByRole("tab", { name: new RegExp(`^${title}`) });
    const heading = this.page.locator(".part.sidebar .composite.title").getByText(title).first();
    await persist(async () => {
      // A click on the view that is shown would hide it.
      if ((await tab.getAttribute("aria-selected")) !== "true") await tab.click();
      await heading.waitFor({ timeout: attemptMs });
    });
  }

  /** A row of a tree in the sidebar. */
  treeItem(name: string | RegExp, scope: Locator = this.page.locator(".part.sidebar")): Locator {
    return scope.getByRole("treeitem", { name }).first();
  }

  /** Runs a command by its title from the palette, waiting until it is offered. */
  async command(title: string): Promise<void> {
    await persist(
      async () => {
        await this.page.keyboard.press("F1");
        const palette = this.quickInput().getByPlaceholder("Type the name of a command to run");
        await palette.fill(`>${title}`, { timeout: attemptMs });
        // The palette lists what was enabled as it opened, so it may have to be opened again.
        await this.quickPick(title).waitFor({ timeout: attemptMs });
        await this.answering(() => this.quickPick(title).click({ timeout: attemptMs }));
      },
      () => this.page.keyboard.press("Escape"),
    );
  }

  /**
   * Puts the cursor somewhere in the first editor by keys: a click scrolls an editor's lines out of its sight. Both
   * count from 1.
   */
  async goTo(line: number, column: number): Promise<void> {
    await persist(
      async () => {
        await this.page.keyboard.press("Control+1");
        await this.page.keyboard.press("Control+g");
        await this.quickInputBox().fill(`:${line}:${column}`, { timeout: attemptMs });
        await this.page.keyboard.press("Enter");
        await this.page
          .locator(".part.statusbar")
          .getByText(`Ln ${line}, Col ${column}`)
          .waitFor({ timeout: attemptMs });
      },
      () => this.page.keyboard.press("Escape"),
    );
  }

  /**
   * Presses keys, one chord after another, until something is shown: a window that is busy may not know yet what they
   * do, or opens an empty answer to them.
   */
  async press(
    keys: string | readonly string[],
    shown: Locator,
    state: "visible" | "hidden" = "visible",
    times?: number,
  ): Promise<void> {
    const shownState = { state, timeout: attemptMs };
    await persist(
      async () => {
        for (const chord of [keys].flat()) await this.page.keyboard.press(chord);
        await shown.waitFor(shownState);
      },
      () => this.page.keyboard.press("Escape"),
      times,
    );
  }

  /** The box at the top of the window that asks for something. */
  quickInput(): Locator {
    return this.page.locator(".quick-input-widget:visible");
  }

  /** Where one types in the box at the top. */
  quickInputBox(): Locator {
    return this.quickInput().locator("input[type=text]").first();
  }

  /** The same where it is a text that is asked for, not a choice from a list. */
  textBox(): Locator {
    return this.page
      .locator(".quick-input-widget:visible:not(:has(.quick-input-list:visible))")
      .locator("input[type=text], input[type=password]")
      .first();
  }

  /** Does what answers the question at the top, and waits until it is gone; the next one may be in its place. */
  async answering(act: () => Promise<void>): Promise<void> {
    const unused = this.quickInput().locator(".quick-input-description").first();
    // Questions share their elements, and the next one may look the same; but VS Code empties this element for each.
    await unused.evaluate((element: AnyElement) => element.append(element.cloneNode()));
    await act();
    await unused.locator(".quick-input-description").first().waitFor({ state: "detached" });
  }

  /** Picks an entry of the list at the top, and waits until that question is gone. */
  async pick(text: string | RegExp): Promise<void> {
    await this.quickPick(text).waitFor();
    await this.answering(() => this.quickPick(text).click());
  }

  /** An entry of the list at the top. */
  quickPick(text: string | RegExp): Locator {
    return this.quickInput().locator(".quick-input-list .monaco-list-row").filter({ hasText: text }).first();
  }

  /** The message under the box at the top, such as what is wrong with what was typed. */
  quickInputMessage(): Locator {
    return this.quickInput().locator(".quick-input-message");
  }

  /** Opens something's context menu; one that opens while a question closes loses the focus, and is gone at once. */
  async contextMenu(target: Locator): Promise<Locator> {
    const menu = this.page.locator(".monaco-menu").last();
    await persist(async () => {
      await target.click({ button: "right" });
      await menu.waitFor({ timeout: attemptMs });
    });
    await this.untilMenuHearsClicks();
    return menu;
  }

  /** Chooses an entry of something's context menu. */
  async choose(target: Locator, entry: string): Promise<void> {
    await persist(
      async () => {
        await this.contextMenu(target);
        await this.clickInMenu(entry);
      },
      () => this.page.keyboard.press("Escape"),
    );
    await this.menuItem(entry).waitFor({ state: "hidden" });
  }

  /**
   * Opens a submenu of something's context menu; a window that has just come up may know its entries only the next
   * time.
   */
  async openSubmenu(target: Locator, submenu: string): Promise<void> {
    await persist(
      async () => {
        await this.contextMenu(target);
        await this.menuItem(submenu).hover({ timeout: attemptMs });
      },
      () => this.page.keyboard.press("Escape"),
    );
  }

  /** Chooses an entry of something's context menu, through the submenu that it is in. */
  async chooseFromMenu(target: Locator, submenu: string, entry: string): Promise<void> {
    // A window that has just come up may not know yet that it is trusted, and then its submenu has fewer entries.
    await persist(
      async () => {
        await this.openSubmenu(target, submenu);
        await this.clickInMenu(entry);
      },
      async () => {
        // The first closes the submenu, the second the menu.
        await this.page.keyboard.press("Escape");
        await this.page.keyboard.press("Escape");
      },
    );
    await this.menuItem(entry).waitFor({ state: "hidden" });
  }

  /**
   * For 100 ms VS Code takes a click for the end of the one that opened the menu; the page's own clock waits longer
   * under load too.
   */
  private async untilMenuHearsClicks(): Promise<void> {
    await this.page.evaluate("new Promise((resolve) => setTimeout(resolve, 250))");
  }

  /** Presses a button in the title of one of our views, which shows it only under the pointer. */
  async viewAction(view: string, action: string): Promise<void> {
    const pane = await this.pane(view);
    await persist(async () => {
      await pane.locator(".pane-header").hover();
      await pane.locator(".pane-header").getByRole("button", { name: action }).click({ timeout: attemptMs });
    });
  }

  /** Chooses an entry of the menu behind the dots in the title of one of our views. */
  async viewMenu(view: string, entry: string): Promise<void> {
    const pane = await this.pane(view);
    await persist(
      async () => {
        await pane.locator(".pane-header").hover();
        await pane
          .locator(".pane-header")
          .getByRole("button", { name: /More Actions/ })
          .click({ timeout: attemptMs });
        await this.clickInMenu(entry);
      },
      () => this.page.keyboard.press("Escape"),
    );
    await this.menuItem(entry).waitFor({ state: "hidden" });
  }

  /** Clicks an entry of the open menu, which is gone where the window lost the focus in the meantime. */
  private async clickInMenu(entry: string): Promise<void> {
    await this.menuItem(entry).waitFor({ timeout: attemptMs });
    await this.untilMenuHearsClicks();
    await this.menuItem(entry).click({ timeout: attemptMs });
  }

  /** One of our views with its title, opened. */
  async pane(view: string): Promise<Locator> {
    await this.showContainer(ours);
    return this.expand(view);
  }

  /** Opens one of our views where it is closed. */
  private async expand(view: string): Promise<Locator> {
    const title = this.page.locator(".pane-header").filter({ hasText: new RegExp(`^${view}`, "i") });
    const pane = this.page.locator(".part.sidebar .pane").filter({ has: title });
    const header = pane.locator(".pane-header");
    await persist(async () => {
      if ((await header.getAttribute("aria-expanded")) === "true") return;
      // The middle of a header may be covered by the buttons that it shows under the pointer.
      await header.click({ position: { x: 30, y: 10 } });
      await pane.locator('.pane-header[aria-expanded="true"]').waitFor({ timeout: attemptMs });
    });
    return pane;
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

  /** Everything that asks or tells something now, as a failed test's report has it. */
  async describe(): Promise<string> {
    const parts = {
      question: ".quick-input-widget:visible",
      toast: ".notification-toast",
      dialog: ".monaco-dialog-box",
      menu: ".monaco-menu",
      sidebar: ".part.sidebar",
      editor: ".editor-group-container",
    };
    const lines = await Promise.all(
      Object.entries(parts).map(async ([part, selector]) => {
        const found = this.page.locator(selector);
        const typed = await found
          .locator("input[type=text]:visible")
          .evaluateAll((inputs: AnyElement[]) => inputs.map(({ value }) => `"${value}" is typed`));
        const texts = [...typed, ...(await found.allInnerTexts())].map((text) =>
          text.replaceAll(/\s+/g, " ").trim().slice(0, 600),
        );
        return texts.filter((text) => text !== "").map((text) => `${part}: ${text}`);
      }),
    );
    return lines.flat().join("\n");
  }

  /** What the output panel shows now; lines that are scrolled away are not part of it. */
  async outputText(): Promise<string> {
    const text = await this.page.locator(".part.panel .view-lines").innerText();
    return text.replaceAll("\u00a0", " ");
  }
}

/** Tries again what VS Code may miss while it is still coming up, after putting things back. */
export async function persist(
  attempt: () => Promise<void>,
  putBack: () => Promise<void> = async () => {},
  times = 6,
): Promise<void> {
  for (let rest = times - 1; ; rest--) {
    try {
      return await attempt();
    } catch (error) {
      if (rest === 0) throw error;
      await putBack();
    }
  }
}
