import { Document, isScalar, visit } from "yaml";
import type { SpecInput } from "./specSchema";

/** How long a list of texts may be to stand on one line. */
const lineLength = 80;

/**
 * The text of a spec file: JSON for a name that ends in `.json`, YAML for others. @param comment stands above all in
 * YAML
 */
export function writeImageSpec(spec: SpecInput, file: string, comment?: string): string {
  if (/\.json$/i.test(file)) return `${JSON.stringify(spec, undefined, 2)}\n`;
  const document = new Document(spec);
  visit(document, {
    Seq: (_key, list) => {
      list.flow = list.items.every((item) => isScalar(item)) && JSON.stringify(list).length < lineLength;
    },
  });
  document.commentBefore = comment === undefined ? null : comment.replace(/^/gm, " ");
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}
