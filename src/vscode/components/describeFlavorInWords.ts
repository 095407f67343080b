import type { Flavor } from "../../core/contracts/flavor";
import { yamlLine, yamlMapping } from "./yamlLines";

/** Describes the configuration fields of a flavor and the connectors that it supports, as YAML. */
export async function describeFlavorInWords(flavor: Flavor): Promise<string> {
  const { describeFlavor } = await import("../../core/contracts/describeFlavor");
  const { name, type, displayName, description, fields, connectorSupport, docsUrl, sdkDocsUrl } =
    describeFlavor(flavor);
  const schemas = fields.map(({ name: field, required, ...schema }) => [field, { required, ...schema }] as const);
  return [
    yamlLine("name", name, displayName),
    yamlLine("type", type),
    yamlLine("description", description),
    yamlMapping("configuration", Object.fromEntries(schemas)),
    yamlLine("connectors", connectorSupport),
    yamlLine("documentation", docsUrl),
    yamlLine("reference", sdkDocsUrl),
  ]
    .filter((line) => line !== undefined)
    .join("");
}
