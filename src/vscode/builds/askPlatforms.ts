import * as vscode from "vscode";
import { back, type Answer } from "../ui/back";
import { pick, type, type Choice } from "../ui/quickInput";

const usual = [
  "linux/amd64",
  "linux/arm64",
  "linux/arm/v7",
  "linux/386",
  "linux/ppc64le",
  "linux/s390x",
  "linux/riscv64",
  "windows/amd64",
];

/** Value of the menu item that opens the input box. */
const written = "";

/**
 * Asks for the platforms to build for.
 *
 * @returns platforms as in the build options, separated by commas; `null` for the daemon's own platform
 */
export async function askPlatforms(title: string, current: string | undefined): Promise<Answer<string | null>> {
  const choice = (label: string, value: string | null): Choice<string | null> => ({ label, value });
  const choices = [
    choice(vscode.l10n.t("Daemon's Platform"), null),
    choice(vscode.l10n.t("Other or Multiple Platforms..."), written),
    ...usual.map((each) => choice(each, each)),
  ];
  for (;;) {
    const chosen = await pick({
      title,
      canGoBack: true,
      placeholder: vscode.l10n.t("Select a platform to build for"),
      choices,
    });
    if (chosen !== written) return chosen;
    const typed = await typePlatforms(title, current);
    if (typed !== back) return typed;
  }
}

async function typePlatforms(title: string, current: string | undefined): Promise<Answer<string>> {
  const { parsePlatforms } = await import("../../core/base/platforms");
  const typed = await type({
    title,
    canGoBack: true,
    value: current,
    prompt: vscode.l10n.t(
      "Enter platforms separated by commas; several require the containerd image store or an export",
    ),
    placeholder: "linux/amd64, linux/arm64",
    check: (text) =>
      parsePlatforms(text) === undefined
        ? {
            error: vscode.l10n.t(
              'Enter each platform as os/architecture or os/architecture/variant, such as "linux/amd64, linux/arm64".',
            ),
          }
        : undefined,
  });
  return typed === undefined || typed === back ? typed : parsePlatforms(typed.text);
}
