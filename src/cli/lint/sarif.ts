import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import { homepage, version } from "../../../package.json";
import type { Severity } from "../../core/context/lint/state/finding";
import { rules } from "../../core/context/lint/rules";
import type { TextRange } from "../../core/base/textRange";
import { slashed } from "./lintTargets";
import type { FileFinding, FileFix } from "./lintFiles";

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

/** Base of relative URIs; GitHub resolves it to the repository's root. */
const base = "%SRCROOT%";

/** Formats findings as a SARIF 2.1.0 log. @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarifLog(findings: readonly FileFinding[]): string {
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "Image Builders", version, informationUri: homepage, rules: rules.map(ruleOf) } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { [base]: { uri: pathToFileURL(`${process.cwd()}/`).href } },
        results: findings.map(resultOf),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
}

function ruleOf({ code, severity, explanation, docsUrl }: (typeof rules)[number]) {
  return {
    id: code,
    shortDescription: { text: `${code.charAt(0).toUpperCase()}${code.slice(1).replaceAll("-", " ")}.` },
    fullDescription: { text: explanation },
    help: { text: `${explanation} See ${docsUrl}.` },
    helpUri: docsUrl,
    defaultConfiguration: { level: levels[severity] },
  };
}

function resultOf({ path, code, severity, message, range, fixes }: FileFinding) {
  return {
    ruleId: code,
    ruleIndex: rules.findIndex((rule) => rule.code === code),
    level: levels[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: locationOf(path), region: regionOf(range) } }],
    ...(fixes.length > 0 && { fixes: fixes.map(fixOf) }),
  };
}

/** Replaces the whole text, so that readers need not agree on what ends a line. */
function fixOf({ title, path, before, text }: FileFix) {
  const deletedRegion = { charOffset: 0, charLength: unmarked(before).length };
  const insertedContent = { text: unmarked(text) };
  return {
    description: { text: title },
    artifactChanges: [{ artifactLocation: locationOf(path), replacements: [{ deletedRegion, insertedContent }] }],
  };
}

/** Removes the byte order mark, which SARIF doesn't count and a fix doesn't replace. */
function unmarked(text: string): string {
  return text.replace(/^\ufeff/, "");
}

/** Returns a path relative to the current folder, or an absolute URI for a file outside of it. */
function locationOf(path: string) {
  const fromHere = slashed(relative("", path));
  const isWithin = fromHere !== "" && fromHere !== ".." && !fromHere.startsWith("../") && !/^[A-Za-z]:/.test(fromHere);
  if (!isWithin) return { uri: pathToFileURL(path).href };
  return { uri: fromHere.split("/").map(encodeURIComponent).join("/"), uriBaseId: base };
}

function regionOf({ line, column, endLine, endColumn }: TextRange) {
  return { startLine: line, startColumn: column, endLine, endColumn };
}
