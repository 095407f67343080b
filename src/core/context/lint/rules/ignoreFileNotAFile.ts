import { docs, type Rule } from "../state/rule";

/** Rule for an ignore file that is a folder, or a link to a file outside the context. */
export const ignoreFileNotAFile: Rule = {
  code: "ignore-file-not-a-file",
  severity: "error",
  explanation:
    "BuildKit reads an ignore file only if it is a file in the build context or a link to one; " +
    "otherwise it sends everything without an error. " +
    "The classic builder follows a link out of the build context and fails on a folder.",
  docsUrl: docs.place,
  *find(state) {
    const { place, file, builder } = state.subject;
    const isFolder = place === "folder";
    if (place === undefined || (!isFolder && builder === "classic")) return;
    const what = isFolder ? "is a folder" : "is a link that points outside the build context";
    const happens =
      isFolder && builder === "classic" ? "every build fails" : "BuildKit ignores it and sends everything";
    yield { range: state.top, message: `"${file}" ${what}: ${happens}. Replace it with a file.` };
  },
};
