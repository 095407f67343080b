import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Evaluator } from "../../../../src/core/context/evaluation/evaluator";
import { PathTree } from "../../../../src/core/context/tree/pathTree";
import type { Finding, FindingCode, Fix, FixEffect } from "../../../../src/core/context/lint/state/finding";
import { lint, type LintInput } from "../../../../src/core/context/lint/lint";
import { applyEdits } from "../../../../src/core/context/lint/state/textEdits";

/** A tree of files: `path`, `path=bytes`, `folder/`, `path -> target`. */
export function treeOf(paths: readonly string[]): PathTree {
  const tree = new PathTree();
  for (const entry of paths) {
    const [, path = "", size, link] = /^(.*?)(?:=(\d+)| -> (.*))?$/.exec(entry) ?? [];
    if (path.endsWith("/")) tree.add(path.slice(0, -1), "directory");
    else tree.add(path, link === undefined ? "file" : "symlink", Number(size ?? 10));
  }
  return tree;
}

/** An ignore file on a tree, as tests write it. */
export interface Setting extends Omit<Partial<LintInput>, "evaluator" | "dockerfiles"> {
  readonly text?: string;
  /** In the text's place. */
  readonly bytes?: Buffer;
  readonly files?: readonly string[];
  /** By path. */
  readonly dockerfiles?: Readonly<Record<string, string>>;
}

/** Lints a setting; without `files` only the text. */
export function lintSetting(setting: Setting): Promise<Finding[]> {
  return lint(setting.bytes ?? setting.text, inputOf(setting));
}

/** The input of a setting, without its text. */
export function inputOf({ text: _, bytes: __, files, dockerfiles = {}, ...input }: Setting): LintInput {
  const evaluator = files && new Evaluator(treeOf(files));
  const given = Object.entries(dockerfiles).map(([file, content]) => ({ file, text: content }));
  return { builder: "buildkit", ...input, evaluator, dockerfiles: given };
}

/** The findings of one code. */
export async function findingsOf(code: FindingCode, setting: Setting): Promise<Finding[]> {
  return (await lintSetting(setting)).filter((finding) => finding.code === code);
}

/** The only finding of a code. */
export async function findingOf(code: FindingCode, setting: Setting): Promise<Finding> {
  const all = await lintSetting(setting);
  const [finding, ...others] = all.filter((each) => each.code === code);
  assert.ok(
    finding && others.length === 0,
    `one ${code} expected, found: ${all.map((each) => `${each.code} (${each.message})`).join("; ") || "nothing"}`,
  );
  return finding;
}

/** The text that a finding's range covers. */
export function textAt(text: string, { range }: Finding): string {
  const line = text.split("\n")[range.line - 1] ?? "";
  assert.equal(range.line, range.endLine);
  return line.slice(range.column - 1, range.endColumn - 1);
}

/** The setting with a fix made. */
export function withFix(setting: Setting, fix: Fix): Setting {
  const file = setting.file ?? ".dockerignore";
  assert.ok(fix.edits.every((edit) => edit.file === file));
  return { ...setting, text: applyEdits(setting.text ?? "", fix.edits) };
}

/** What a fix that is offered does. */
export async function effectOf(fix: Fix | undefined): Promise<FixEffect> {
  const effect = await fix?.effect();
  assert.ok(effect, `the fix "${fix?.title ?? "none"}" is not offered`);
  return effect;
}

/** The fixes of a finding that do what they say, in order. */
export async function offeredFixes({ fixes }: Finding): Promise<Fix[]> {
  const offered: Fix[] = [];
  for (const fix of fixes) if (await fix.effect()) offered.push(fix);
  return offered;
}

/** A fixture's text. */
export function fixture(path: string): string {
  return readFileSync(join(import.meta.dirname, "../../../fixtures/ignore-files", path), "utf8");
}
