import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { contextValues } from "../../../src/vscode/ui/contextValues";
import { isShown, parseWhen, type WhenContext } from "../../support/whenClause";

interface Entry {
  readonly command?: string;
  readonly submenu?: string;
  readonly when?: string;
  readonly group?: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly Entry[]>> & { readonly commandPalette: readonly Entry[] };
    readonly submenus: readonly { readonly id: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  };
}

const { contributes } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const { menus } = contributes;
const mostInPalette = 25;
const mostInMenu = 8;

const files = ["Dockerfile", "app.image.yaml", ".dockerignore", "README.md", undefined];

/** All combinations of the values of keys. Those of a file belong together. */
function* contextsOf(keys: ReadonlySet<string>): Generator<WhenContext> {
  const flags = [...keys].filter((key) => !key.startsWith("resource") && key !== "imageBuilders:contextFolders");
  for (const file of files)
    for (let bits = 0; bits < 2 ** flags.length; bits++) {
      const flag = Object.fromEntries(flags.map((key, i) => [key, Math.floor(bits / 2 ** i) % 2]));
      yield {
        ...flag,
        ...(file !== undefined && {
          resourceFilename: file,
          resourceScheme: "file",
          resourceDirname: "/shop",
          resourcePath: `/shop/${file}`,
        }),
        "imageBuilders:contextFolders": { "/shop": true },
      };
    }
}

/** Combinations of the flags of a kind of row, as the code can set them. */
function viewItems(kind: string, flags: readonly (readonly string[])[]): string[] {
  return flags.reduce<string[]>(
    (all, choice) => all.flatMap((item) => [item, ...choice.map((flag) => `${item};${flag}`)]),
    [kind],
  );
}

/** What a menu shows at its first level: commands, and submenus by the commands in them. */
function firstLevel(entries: readonly Entry[], context: WhenContext): ReadonlySet<string> {
  const seen = entries.filter(({ when }) => isShown(when, context));
  const listed = seen.filter(({ group = "" }) => !group.startsWith("inline"));
  const rows = new Set(listed.map(({ command, submenu = "" }) => command ?? submenu));
  const below = listed.flatMap(({ submenu }) =>
    submenu === undefined ? [] : [...firstLevel(menus[submenu] ?? [], context)],
  );
  // A button beside a row that the menu has too, or one of its submenus, is no further entry.
  for (const { command = "" } of seen) if (!below.includes(command)) rows.add(command || "?");
  rows.delete("?");
  return rows;
}

describe("the Command Palette", () => {
  const rules = contributes.commands.map(({ command, enablement }) => ({
    command,
    // VS Code leaves out a command that is not enabled.
    clauses: [enablement, ...menus.commandPalette.filter((entry) => entry.command === command).map(({ when }) => when)]
      .flatMap((clause) => clause ?? [])
      .map(parseWhen),
  }));
  const keys = new Set(rules.flatMap(({ clauses }) => clauses.flatMap((clause) => [...clause.keys])));

  it(`shows at most ${mostInPalette} of our commands, whatever file is open and whatever runs`, () => {
    let most: readonly string[] = [];
    for (const context of contextsOf(keys)) {
      const shown = rules.filter(({ clauses }) => clauses.every(({ test }) => test(context)));
      if (shown.length > most.length) most = shown.map(({ command }) => command);
    }
    assert.ok(most.length > 0 && most.length <= mostInPalette, `${most.length}: ${most.join(", ")}`);
  });

  it("shows commands of image specs only for one", () => {
    const others = { resourceFilename: "Dockerfile", resourceScheme: "file", isWorkspaceTrusted: true };
    for (const name of ["buildImageSpec", "buildAndPushImageSpec", "convertToDockerfile"]) {
      const { clauses = [] } = rules.find(({ command }) => command === `imageBuilders.${name}`) ?? {};
      const isListed = (context: WhenContext): boolean => clauses.every(({ test }) => test(context));
      assert.equal(isListed(others), false, name);
      assert.equal(isListed({ ...others, resourceFilename: "app.image.yaml" }), true, name);
    }
  });
});

describe("the menu of a row", () => {
  const views = Object.values(contributes.views)
    .flat()
    .map(({ id }) => id);
  const rows = Object.entries(contextValues).flatMap(([kind, flags]) => viewItems(kind, flags));

  it(`has at most ${mostInMenu} entries`, () => {
    const long: string[] = [];
    let most = 0;
    for (const view of views)
      for (const viewItem of rows) {
        const context = { view, viewItem, isWorkspaceTrusted: true };
        const { size } = firstLevel(menus["view/item/context"] ?? [], context);
        most = Math.max(most, size);
        if (size > mostInMenu) long.push(`${view} ${viewItem}: ${size}`);
      }
    assert.deepEqual(long, []);
    assert.ok(most > 4, "the entries are found");
  });

  it("is found by a kind that the code sets, and no row has another", () => {
    const sources = readdirSync("src/vscode", { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(`src/vscode/${file}`, "utf8"));
    const assigned = sources.flatMap((source) => [...source.matchAll(/\.contextValue = (\w+)/g)].map(([, by]) => by));
    assert.ok(assigned.length > 10);
    assert.deepEqual([...new Set(assigned)], ["contextValueOf"]);
    for (const { when = "", command, submenu } of menus["view/item/context"] ?? []) {
      const fits = views.some((view) =>
        rows.some((viewItem) => isShown(when, { view, viewItem, isWorkspaceTrusted: true })),
      );
      assert.ok(fits, `${command ?? submenu ?? ""} is never shown: ${when}`);
    }
  });
});

describe("the menu of a file or folder", () => {
  const entries = ["explorer/context", "editor/context", "editor/title/context"] as const;
  const base = {
    resourceScheme: "file",
    isFileSystemResource: true,
    "imageBuilders:contextFolders": { "/shop": true },
    resourceDirname: "/shop",
  };
  const names = ["Dockerfile", "app.image.yaml", ".dockerignore", "main.py"];
  const cases = names.flatMap((resourceFilename) =>
    [true, false].map((isWorkspaceTrusted) => ({ ...base, resourceFilename, isWorkspaceTrusted })),
  );

  for (const menu of entries)
    it(`has one entry of ours in ${menu}, a submenu of at most ${mostInMenu}`, () => {
      const folder = { ...base, resourceFilename: "shop", explorerResourceIsFolder: true, isWorkspaceTrusted: true };
      for (const context of [...cases, ...(menu === "explorer/context" ? [folder] : [])]) {
        const shown = (menus[menu] ?? []).filter(({ when }) => isShown(when, context));
        const isPlain = context.resourceFilename === "main.py" && menu === "editor/context";
        assert.equal(shown.length, isPlain ? 0 : 1, `${context.resourceFilename}: ${JSON.stringify(shown)}`);
        for (const { submenu = "" } of shown) {
          const { size } = firstLevel(menus[submenu] ?? [], context);
          assert.ok(size > 0 && size <= mostInMenu, `${context.resourceFilename}: ${size} in ${submenu}`);
        }
      }
    });

  it("explains only what is in a build context", () => {
    const outside = { ...base, resourceFilename: "main.py", resourceDirname: "/other" };
    assert.deepEqual(
      (menus["explorer/context"] ?? []).filter(({ when }) => isShown(when, outside)),
      [],
    );
    const folder = { ...outside, resourceFilename: "other", resourcePath: "/other", explorerResourceIsFolder: true };
    const explain = (menus["imageBuilders.explorer"] ?? []).find(({ command }) => command?.endsWith(".explainFile"));
    assert.equal(isShown(explain?.when, folder), false);
    assert.equal(isShown(explain?.when, { ...folder, resourcePath: "/shop" }), true);
  });
});
