import { credentialHidden } from "../definition/credentials";
import { replacing, specWarning, type SpecFix, type SpecProblem } from "./specProblem";
import { nodeAt, type SpecEntry, type SpecNode } from "./specNode";

/** Values that get into the image otherwise than they may be meant: variables that stay, and credentials. */
export function valueProblems(root: SpecNode): SpecProblem[] {
  return (nodeAt(root, ["layers"])?.items ?? []).flatMap(({ entries }) => [
    ...[...(entries.get("envVars")?.node.entries ?? [])].flatMap(([name, entry]) => variableProblems(name, entry)),
    ...textsIn(entries.get("commands")?.node).flatMap((node) => credentialProblem(node, commandRemedy)),
  ]);
}

const commandRemedy = "Mount it with secretMounts and use $NAME in its place.";

function variableProblems(name: string, { node }: SpecEntry): SpecProblem[] {
  const value = node.entries.get("expand")?.node ?? node.entries.get("literal")?.node ?? node;
  return [
    ...credentialProblem(value, "Set the variable when the container starts."),
    ...(node.kind === "scalar" ? literalProblem(name, node) : []),
  ];
}

/** `$NAME` of another variable stays as it is, where a Dockerfile would expand it. */
function literalProblem(name: string, { value, range }: SpecNode): SpecProblem[] {
  const text = String(value ?? "");
  const references = Array.from(text.matchAll(/\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/g));
  const other = references.find(([, bare, braced]) => (bare ?? braced) !== name);
  if (!other) return [];
  const as = (key: string): SpecFix =>
    replacing(
      key === "expand" ? "Expand variables in this value" : "Keep this value as it is",
      range,
      `{ ${JSON.stringify(key)}: ${JSON.stringify(text)} }`,
    );
  const message =
    `"${other[0]}" isn't expanded in the value of ${name}. ` +
    'Use "expand" to expand variables, or "literal" to keep the text.';
  return [specWarning("variable-literal", range, message, [as("expand"), as("literal")])];
}

function credentialProblem({ value, range }: SpecNode, remedy: string): SpecProblem[] {
  const shown = typeof value === "string" ? credentialHidden(value) : undefined;
  if (shown === undefined) return [];
  return [
    specWarning(
      "credential-in-image",
      range,
      `This value has a password or token in an address, which stays in the image. ${remedy}`,
    ),
  ];
}

function textsIn(node: SpecNode | undefined): SpecNode[] {
  const list = node?.entries.get("commands")?.node ?? node;
  return [...(list?.items ?? []), ...(list?.kind === "scalar" ? [list] : [])];
}
