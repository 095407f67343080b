import * as vscode from "vscode";

/** Artifacts other than images, by the media type of their configuration or content. */
const kinds: readonly (readonly [type: RegExp, words: () => string])[] = [
  [/^application\/vnd\.dev\.cosign\.|^application\/vnd\.dev\.sigstore\./, () => vscode.l10n.t("signature (Cosign)")],
  [/^application\/vnd\.cncf\.notary\./, () => vscode.l10n.t("signature (Notation)")],
  [/^application\/vnd\.dsse\.envelope|^application\/vnd\.in-toto/, () => vscode.l10n.t("attestation")],
  [/spdx/, () => vscode.l10n.t("bill of materials (SPDX)")],
  [/cyclonedx/, () => vscode.l10n.t("bill of materials (CycloneDX)")],
  [/syft/, () => vscode.l10n.t("bill of materials (Syft)")],
  [/sarif/, () => vscode.l10n.t("scan report (SARIF)")],
  [/openvex|\bvex\b/, () => vscode.l10n.t("vulnerability statement (VEX)")],
  [/^application\/vnd\.buildkit\.cacheconfig/, () => vscode.l10n.t("build cache (BuildKit)")],
  [/^application\/vnd\.cncf\.helm\./, () => vscode.l10n.t("Helm chart")],
  [/^application\/vnd\.(?:wasm|module\.wasm)/, () => vscode.l10n.t("WebAssembly module")],
];

/** Types of signed statements, with their descriptions. */
const statements: readonly (readonly [type: RegExp, words: () => string])[] = [
  [/^https:\/\/slsa\.dev\/provenance/, () => vscode.l10n.t("build provenance (SLSA)")],
  [/^https:\/\/spdx\.dev\//, () => vscode.l10n.t("bill of materials (SPDX)")],
  [/^https:\/\/cyclonedx\.org\//, () => vscode.l10n.t("bill of materials (CycloneDX)")],
  [/^https:\/\/openvex\.dev\//, () => vscode.l10n.t("vulnerability statement (VEX)")],
];

/** Describes an artifact; returns its type if unknown. */
export function artifactInWords(type: string): string {
  return kinds.find(([known]) => known.test(type))?.[1]() ?? type;
}

/** Describes an attestation's statement; undefined if its type is unknown. */
export function statementInWords(type: string): string | undefined {
  return statements.find(([known]) => known.test(type))?.[1]();
}
