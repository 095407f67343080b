import * as vscode from "vscode";
import type { WithContextView } from "./view/contextView";
import { createInputBox } from "../ui/inputBox";

/** Filters the Build Context view while text is typed; Escape restores the previous filter. */
export async function filterBuildContext({ contextView }: WithContextView): Promise<void> {
  const before = contextView.live?.filter ?? "";
  const title = vscode.l10n.t("Filter Build Context");
  const box = createInputBox({
    title,
    prompt: vscode.l10n.t("Enter part of a path, or a pattern such as *.bin or data/*.csv"),
    placeholder: "*.bin",
  });
  box.value = before;
  const accepted = await new Promise<boolean>((resolve) => {
    box.onDidChangeValue((text) => void contextView.setFilter(text));
    box.onDidAccept(() => resolve(true));
    box.onDidHide(() => resolve(false));
    box.show();
  });
  await contextView.setFilter(accepted ? box.value : before);
  box.dispose();
}
