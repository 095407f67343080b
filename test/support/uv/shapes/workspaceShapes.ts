import { wheel, wheelName } from "../../wheelIndex";
import { pythonProject, uvLock } from "../pythonProject";
import { byHand, local, ownIndex, registry, whole, type ProjectShape } from "./shape";

/** Projects that depend on what is beside them. */
export const workspaceShapes: readonly ProjectShape[] = [
  {
    title: "a wheel beside the project",
    files: (index) => ({
      ...pythonProject("app/", {
        name: "app",
        dependencies: ["shipped"],
        more: `[tool.uv.sources]\nshipped = { path = "../wheels/${wheelName(local)}" }\n${ownIndex(index)}`,
      }),
      [`wheels/${wheelName(local)}`]: wheel(local),
    }),
    image: (start) => start.withUvProject("app/pyproject.toml"),
    modules: ["shipped", "plain"],
    values: ["shipped 1.0", "plain 2.0"],
    hand: byHand(`wheels/${wheelName(local)}`),
  },
  {
    title: "a wheel at an address",
    files: (index) =>
      pythonProject("", {
        name: "app",
        dependencies: [`plain @ ${index.main.replace("/simple", "/files")}/plain-1.0-py3-none-any.whl`],
        more: ownIndex(index),
      }),
    image: (start) => start.withUvProject("pyproject.toml"),
    modules: ["plain"],
    values: ["plain 1.0"],
    hand: byHand("plain==1.0"),
  },
  {
    title: "a project beside it that it depends on",
    files: (index) => ({
      ...pythonProject("app/", {
        name: "app",
        dependencies: ["tools"],
        more: `[tool.uv.sources]\ntools = { path = "../tools" }\n${ownIndex(index)}`,
      }),
      ...pythonProject("tools/", { name: "tools", dependencies: ["plain"] }),
    }),
    image: (start) => start.withUvProject("app/pyproject.toml"),
    modules: ["tools", "plain"],
    values: ["tools", "plain 2.0"],
    hand: byHand("./tools"),
  },
  {
    title: "a chain of projects, editable ones among them",
    files: (index) => ({
      ...pythonProject("app/", {
        name: "app",
        dependencies: ["tools"],
        more: `[tool.uv.sources]\ntools = { path = "../libs/tools", editable = true }\n${ownIndex(index)}`,
      }),
      ...pythonProject("libs/tools/", {
        name: "tools",
        dependencies: ["core"],
        more: '[tool.uv.sources]\ncore = { path = "../core" }\n',
      }),
      ...pythonProject("libs/core/", { name: "core", dependencies: ["side"] }),
    }),
    image: (start) => start.withUvProject("app/pyproject.toml", whole),
    modules: ["app", "tools", "core", "side"],
    values: ["app", "tools", "core", "side 2.0"],
    hand: byHand("./app ./libs/tools ./libs/core"),
  },
  ...(["dependencies_only", "install_project"] as const).map((mode): ProjectShape => ({
    title: `a member of a workspace, ${mode}`,
    files: (index) => ({
      "pyproject.toml": `[tool.uv.workspace]\nmembers = ["packages/*"]\n${ownIndex(index)}`,
      "uv.lock": uvLock(
        [
          { name: "app", source: '{ editable = "packages/app" }', dependencies: ["core", "plain"] },
          { name: "core", source: '{ editable = "packages/core" }' },
          { name: "other", source: '{ editable = "packages/other" }' },
          { name: "plain", source: registry(index) },
        ],
        ["app", "core", "other"],
      ),
      ...pythonProject("packages/app/", {
        name: "app",
        dependencies: ["core", "plain"],
        more: "[tool.uv.sources]\ncore = { workspace = true }\n",
      }),
      ...pythonProject("packages/core/", { name: "core" }),
      ...pythonProject("packages/other/", { name: "other" }),
    }),
    image: (start) => start.withUvProject("packages/app/pyproject.toml", { projectInstallMode: mode }),
    modules: [...(mode === "install_project" ? ["app"] : []), "core", "plain"],
    values: [...(mode === "install_project" ? ["app"] : []), "core", "plain 1.0"],
    absent: ["other"],
    hand: byHand(`${mode === "install_project" ? "./packages/app" : ""} ./packages/core plain==1.0`),
  })),
  {
    title: "the root of a workspace that is a project, without a lock file",
    files: (index) => ({
      ...pythonProject("", {
        name: "app",
        dependencies: ["core"],
        more:
          '[tool.uv.workspace]\nmembers = ["libs/*"]\n[tool.uv.sources]\ncore = { workspace = true }\n' +
          ownIndex(index),
      }),
      ...pythonProject("libs/core/", { name: "core", dependencies: ["plain"] }),
    }),
    image: (start) => start.withUvProject("pyproject.toml", whole),
    modules: ["app", "core", "plain"],
    values: ["app", "core", "plain 2.0"],
    hand: byHand(". ./libs/core"),
  },
  {
    title: "a member that takes on the sources of its workspace's root",
    files: (index) => ({
      "pyproject.toml":
        `[tool.uv.workspace]\nmembers = ["packages/*"]\n[tool.uv.sources]\ntools = { path = "libs/tools" }\n` +
        ownIndex(index),
      ...pythonProject("packages/app/", { name: "app", dependencies: ["tools"] }),
      ...pythonProject("libs/tools/", { name: "tools" }),
    }),
    image: (start) => start.withUvProject("packages/app/pyproject.toml"),
    modules: ["tools"],
    values: ["tools"],
    hand: byHand("./libs/tools"),
  },
];
