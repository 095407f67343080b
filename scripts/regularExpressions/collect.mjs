import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { root } from "../setup/paths.mjs";

/**
 * Regular expression of the product with the places that contain it.
 *
 * @typedef {{ source: string, flags: string, splits: boolean, places: string[] }} Found
 */

/**
 * Collects all regular expressions in `src` from the syntax trees: literals, and `new RegExp` with constants of the
 * same file.
 *
 * @returns {{ found: Found[], unknown: { place: string, text: string }[] }} `unknown` contains those created at run
 * time
 */
export function collectRegularExpressions() {
  /** @type {Map<string, Found>} */
  const found = new Map();
  /** @type {{ place: string, text: string }[]} */
  const unknown = [];
  for (const file of sourceFiles()) {
    const tree = ts.createSourceFile(file, readFileSync(path.join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
    const placeOf = (/** @type {ts.Node} */ node) =>
      `${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    const add = (/** @type {RegExp} */ { source, flags }, /** @type {ts.Node} */ node) => {
      const splits = isArgumentOf(node, "split");
      const key = `${splits}/${source}/${flags}`;
      const known = found.get(key) ?? { source, flags, splits, places: [] };
      known.places.push(placeOf(node));
      found.set(key, known);
    };
    visit(tree, (node) => {
      if (ts.isRegularExpressionLiteral(node)) add(literalOf(node), node);
      if (!isConstruction(node)) return;
      const made = valueOf(node, tree);
      if (made instanceof RegExp) add(made, node);
      else unknown.push({ place: placeOf(node), text: node.getText().replaceAll(/\s+/g, " ") });
    });
  }
  return { found: [...found.values()], unknown };
}

function sourceFiles() {
  const names = readdirSync(path.join(root, "src"), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `src/${name.split(path.sep).join("/")}`)
    .sort();
}

function visit(/** @type {ts.Node} */ node, /** @type {(node: ts.Node) => void} */ see) {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

/** @returns {node is ts.NewExpression | ts.CallExpression} */
function isConstruction(/** @type {ts.Node} */ node) {
  return (
    (ts.isNewExpression(node) || ts.isCallExpression(node)) &&
    ts.isIdentifier(node.expression) &&
    node.expression.text === "RegExp"
  );
}

function isArgumentOf(/** @type {ts.Node} */ node, /** @type {string} */ method) {
  const call = node.parent;
  return (
    ts.isCallExpression(call) && ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === method
  );
}

function literalOf(/** @type {ts.RegularExpressionLiteral} */ node) {
  const end = node.text.lastIndexOf("/");
  return new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
}

/**
 * Returns the value of an expression that contains only constants; undefined for any other.
 *
 * @returns {string | RegExp | undefined}
 */
function valueOf(/** @type {ts.Expression | undefined} */ node, /** @type {ts.SourceFile} */ tree) {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isRegularExpressionLiteral(node)) return literalOf(node);
  if (ts.isIdentifier(node)) return valueOf(constantOf(node.text, tree), tree);
  if (ts.isTemplateExpression(node)) {
    const parts = node.templateSpans.map(({ expression, literal }) => [valueOf(expression, tree), literal.text]);
    return parts.every(([value]) => typeof value === "string") ? node.head.text + parts.flat().join("") : undefined;
  }
  if (ts.isPropertyAccessExpression(node) && node.name.text === "source") {
    const value = valueOf(node.expression, tree);
    return value instanceof RegExp ? value.source : undefined;
  }
  if (!isConstruction(node)) return undefined;
  const [source, flags] = (node.arguments ?? []).map((argument) => valueOf(argument, tree));
  if (source === undefined || (node.arguments?.length === 2 && typeof flags !== "string")) return undefined;
  return new RegExp(source, typeof flags === "string" ? flags : undefined);
}

/** Returns the initializer of a constant at the top level of the file; undefined if there is none. */
function constantOf(/** @type {string} */ name, /** @type {ts.SourceFile} */ tree) {
  for (const statement of tree.statements) {
    if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const)) continue;
    const declared = statement.declarationList.declarations.find(
      (each) => ts.isIdentifier(each.name) && each.name.text === name,
    );
    if (declared) return declared.initializer;
  }
  return undefined;
}
