import * as vscode from "vscode";

/** Artifacts other than images, by the media type of their configuration or content. */
const kinds: readonly (readonly [type: RegExp, words: () => string])[] = [
  [/^application\/vnd\.dev\.cosign\.|^application\/vnd\.dev\.sigstore\./, () => vscode.l10n.t("signature (Cosign)")],
  [/^application\/vnd\.cncf\.notary\./, () => vscode.l10n.t("signature (Notation)")],
  [/^application\/vnd\.dsse\.envelope|^application\/vnd\.in-toto/, () => vscode.l10n.t("attestation")],
  [/spdx/, () => vscode.l10n.t("bill of materials (SPDX)")],
  [/cyclonedx/, () => vscode.l10n.t("bill of materials (CycloneDX)")],
  [/syft/, () => vscode.l10n.t("bill of materials (Syft)")],
  [/^application\/vnd\.buildkit\.cacheconfig/, () => vscode.l10n.t("build cache (BuildKit)")],
  [/^application\/vnd\.cncf\.helm\./, () => vscode.l10n.t("Helm chart")],
  [/^application\/vnd\.(?:wasm|module\.wasm)/, () => vscode.l10n.t("WebAssembly module")],
];

/** Describes an artifact; returns its type if unknown. */
export function artifactInWords(type: string): string {
  return kinds.find(([known]) => known.test(type))?.[1]() ?? type;
}
