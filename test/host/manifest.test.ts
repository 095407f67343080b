import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { builtinFlavors } from "../../src/core/flavors/builtinFlavors";
import { commands } from "../../src/vscode/commandTable";
import { allSettings, type SettingsGroup } from "../support/settingsGroups";
import { extension } from "./extension";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly menus: Readonly<
      Record<string, readonly { readonly command?: string; readonly submenu?: string; readonly when?: string }[]>
    >;
    readonly submenus: readonly { readonly id: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly configuration: readonly SettingsGroup<{
      readonly markdownDescription?: string;
      readonly scope?: string;
      readonly default?: unknown;
    }>[];
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] } };
}

describe("package.json", () => {
  const folder = extension().extensionPath;
  const text = readFileSync(join(folder, "package.json"), "utf8");
  const texts = JSON.parse(readFileSync(join(folder, "package.nls.json"), "utf8")) as Record<string, string>;
  const { contributes, capabilities } = JSON.parse(text) as Manifest;
  const settings = allSettings(contributes.configuration);
  const ids = Object.keys(commands)
    .map((name) => `imageBuilders.${name}`)
    .sort();

  before(() => extension().activate());

  it("contributes the commands of the table, and VS Code has them", async () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), ids);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      ids.filter((id) => !registered.has(id)),
      [],
    );
  });

  it("takes every visible text from package.nls.json, which has no other", () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? "");
    assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
    for (const { command, title, category } of contributes.commands) {
      assert.equal(title, `%command.${command.replace("imageBuilders.", "")}%`);
      assert.equal(category, "Image Builders");
    }
  });

  it("titles commands in Title Case", () => {
    for (const [key, title] of Object.entries(texts)) {
      if (key.startsWith("command."))
        assert.match(
          title,
          /^[A-Z][a-z]+(?: (?:\(?[A-Z][a-z]+\)?|and|by|or|from|in|the|to|with|\.[a-z]+ignore))*(?:\?|\.\.\.)?$/,
          key,
        );
    }
  });

  it("puts only its own commands, submenus and views into menus and welcomes", () => {
    const submenus = contributes.submenus.map(({ id }) => id);
    const views = Object.values(contributes.views)
      .flat()
      .map(({ id }) => id);
    for (const entry of Object.values(contributes.menus).flat()) {
      assert.ok(entry.command === undefined || ids.includes(entry.command), entry.command);
      assert.ok(entry.submenu === undefined || submenus.includes(entry.submenu), entry.submenu);
      for (const [, view = ""] of (entry.when ?? "").matchAll(/view == (\S+)/g)) assert.ok(views.includes(view), view);
    }
    assert.deepEqual([...new Set(contributes.viewsWelcome.map(({ view }) => view))].sort(), [...views].sort());
  });

  it("links only to its own commands in empty views, or to VS Code's", async () => {
    const focus = Object.values(contributes.views)
      .flat()
      .map(({ id }) => `${id}.focus`);
    const known = new Set([
      ...ids,
      ...focus,
      "workbench.action.files.openFolder",
      "workbench.action.openSettings",
      "workbench.action.openWalkthrough",
      "workbench.trust.manage",
    ]);
    const all = new Set(await vscode.commands.getCommands(true));
    for (const [, command = ""] of Object.values(texts)
      .join(" ")
      .matchAll(/\(command:([\w.]+)/g))
      assert.ok(known.has(command) && all.has(command), command);
  });

  it("describes every setting, and gives each a scope and a default", () => {
    for (const [key, { markdownDescription, scope, default: value }] of Object.entries(settings)) {
      assert.equal(markdownDescription, `%setting.${key.replace("imageBuilders.", "")}%`);
      assert.ok(scope, key);
      assert.notEqual(value, undefined, key);
    }
    for (const key of capabilities.untrustedWorkspaces.restrictedConfigurations) assert.ok(key in settings, key);
  });

  it("offers every built-in flavor in the settings", () => {
    const properties = JSON.stringify(settings);
    for (const { name } of builtinFlavors) assert.ok(properties.includes(`"${name}"`), name);
  });
});
