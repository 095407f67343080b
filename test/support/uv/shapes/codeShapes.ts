import type { PipArguments } from "../../../../src/core/image/definition/pipOptions";
import { Image } from "../../../../src/core/image/image";
import { pythonProject } from "../pythonProject";
import { byHand, type ProjectShape } from "./shape";

const script = (lines: readonly string[]): string =>
  `${["# /// script", ...lines.map((line) => `# ${line}`), "# ///"].join("\n")}\nvalue = "ran"\n`;

/** Layers that only the layer of a script's header has. */
function withScript(start: Image<true>, file: string, options: PipArguments = {}): Image<true> {
  const [layer] = Image.fromUvScript(file, { name: "s", ...options }).layers.slice(-1);
  return start.clone({ addlLayer: layer });
}

/** Scripts with a header, and code that is copied. */
export const codeShapes: readonly ProjectShape[] = [
  {
    title: "a script with its packages",
    files: () => ({ "run.py": script(['dependencies = ["needy", "side<2"]']) }),
    image: (start, { main }) => withScript(start, "run.py", { indexUrl: main }),
    modules: ["needy", "plain", "side"],
    values: ["needy 1.0", "plain 2.0", "side 1.0"],
    hand: byHand("needy 'side<2'"),
  },
  {
    title: "a script with its own index",
    files: ({ main }) => ({
      "run.py": script(['dependencies = ["plain"]', "[[tool.uv.index]]", `url = "${main}"`, "default = true"]),
    }),
    image: (start) => withScript(start, "run.py"),
    modules: ["plain"],
    values: ["plain 2.0"],
    hand: byHand("plain"),
  },
  {
    title: "a script with a project beside it",
    files: ({ main }) => ({
      "run.py": script([
        'dependencies = ["tools"]',
        "[[tool.uv.index]]",
        `url = "${main}"`,
        "default = true",
        "[tool.uv.sources]",
        'tools = { path = "libs/tools" }',
      ]),
      ...pythonProject("libs/tools/", { name: "tools" }),
    }),
    image: (start) => withScript(start, "run.py"),
    modules: ["tools"],
    values: ["tools"],
    hand: byHand("./libs/tools"),
  },
  {
    title: "a script that is copied and run",
    files: () => ({ "run.py": script(['requires-python = ">=3.10"', 'dependencies = ["plain"]']) }),
    image: (start, { main }) =>
      withScript(start, "run.py", { indexUrl: main }).withWorkdir("/app").withSourceFile("run.py"),
    modules: ["run", "plain"],
    values: ["ran", "plain 2.0"],
    hand: byHand("plain"),
  },
  {
    title: "code in the folder of the spec",
    files: () => ({ "main.py": "import helper\nvalue = helper.value\n", "helper.py": "value = 'helped'\n" }),
    image: (start, { main }) =>
      start
        .withPipPackages("plain", { indexUrl: main })
        .withWorkdir("/app")
        .withSourceFolder(".", { dst: "/app", copyContentsOnly: true }),
    modules: ["main"],
    values: ["helped"],
    hand: byHand("plain"),
  },
  {
    title: "code in a folder src, on Python's path",
    files: () => ({ "src/service/__init__.py": "value = 'served'\n" }),
    image: (start, { main }) =>
      start
        .withPipPackages("plain", { indexUrl: main })
        .withEnvVars({ PYTHONPATH: "/app/src" })
        .withSourceFolder("src", { dst: "/app/src" }),
    modules: ["service", "plain"],
    values: ["served", "plain 2.0"],
    hand: byHand("plain"),
  },
];
