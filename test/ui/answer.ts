import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import type { VsCode } from "../support/ui";

/** Types into the box that asks for a text, accepts it, and waits until that question is gone. */
export async function answer({ workbench }: VsCode, text: string): Promise<void> {
  const box = workbench.textBox();
  await box.fill(text);
  await workbench.answering(() => box.press("Enter"));
}

/** Chooses a folder in VS Code's own dialog; a folder must be in it, which shows when what was typed has been read. */
export async function chooseFolder({ workbench }: VsCode, folder: string): Promise<void> {
  const inside = readdirSync(folder, { withFileTypes: true }).find((entry) => entry.isDirectory());
  assert.ok(inside, `there is no folder in "${folder}"`);
  // Until it lists where it begins, the dialog overwrites what is typed; until it lists the folder, it drops Enter.
  await workbench.quickPick(/./).waitFor();
  await workbench.quickInputBox().fill(`${folder}/`);
  await workbench.quickPick(inside.name).waitFor();
  await workbench.answering(() => workbench.quickInputBox().press("Enter"));
}
