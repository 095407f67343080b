import { Document, isScalar, visit } from "yaml";
import type { SpecInput } from "./specSchema";

/** Maximum length of a list that is written on one line, in characters. */
const lineLength = 80;

/**
 * Returns the text of an image spec: JSON for a name that ends in `.json`, otherwise YAML. @param comment comment at
 * the top, only in YAML
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
