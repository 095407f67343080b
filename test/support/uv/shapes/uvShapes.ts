import { pythonProject, uvLock } from "../pythonProject";
import { byHand, none, ownIndex, registry, whole, type ProjectShape } from "./shape";

/** Projects that uv describes. */
export const uvShapes: readonly ProjectShape[] = [
  {
    title: "a project without a lock file",
    files: (index) => pythonProject("", { name: "app", dependencies: ["needy"], more: ownIndex(index) }),
    image: (start) => start.withUvProject("pyproject.toml"),
    modules: ["needy", "plain"],
    values: ["needy 1.0", "plain 2.0"],
    absent: ["app"],
    hand: byHand("needy"),
  },
  {
    title: "a project without a lock file, installed",
    files: (index) => pythonProject("", { name: "app", dependencies: ["needy"], more: ownIndex(index) }),
    image: (start) => start.withUvProject("pyproject.toml", whole),
    modules: ["app", "needy", "plain"],
    values: ["app", "needy 1.0", "plain 2.0"],
    hand: byHand("."),
  },
  {
    title: "a project without dependencies, installed",
    files: (index) => pythonProject("", { name: "app", more: ownIndex(index) }),
    image: (start) => start.withUvProject("pyproject.toml", whole),
    modules: ["app"],
    values: ["app"],
    hand: byHand("."),
  },
  {
    title: "a project with a dash in its name and its own Python",
    files: (index) =>
      pythonProject("", { name: "my-app", dependencies: ["plain"], requiresPython: ">=3.9", more: ownIndex(index) }),
    image: (start) => start.withUvProject("pyproject.toml", whole),
    modules: ["my_app", "plain"],
    values: ["my-app", "plain 2.0"],
    hand: byHand("."),
  },
  ...(["dependencies_only", "install_project"] as const).map((mode): ProjectShape => ({
    title: `a project with a lock file, ${mode}`,
    files: (index) => ({
      ...pythonProject("", { name: "app", dependencies: ["needy"], more: ownIndex(index) }),
      "uv.lock": uvLock([
        { name: "app", source: '{ editable = "." }', dependencies: ["needy"] },
        { name: "needy", source: registry(index), dependencies: ["plain"] },
        { name: "plain", source: registry(index) },
      ]),
    }),
    image: (start) => start.withUvProject("pyproject.toml", { projectInstallMode: mode }),
    modules: [...(mode === "install_project" ? ["app"] : []), "needy", "plain"],
    values: [...(mode === "install_project" ? ["app"] : []), "needy 1.0", "plain 1.0"],
    hand: byHand(`${mode === "install_project" ? "." : ""} needy plain==1.0`),
  })),
  {
    title: "a lock file that is elsewhere",
    files: (index) => ({
      ...pythonProject("", { name: "app", dependencies: ["plain"], more: ownIndex(index) }),
      "locks/other.lock": uvLock([
        { name: "app", source: '{ editable = "." }', dependencies: ["plain"] },
        { name: "plain", source: registry(index) },
      ]),
    }),
    image: (start) => start.withUvProject("pyproject.toml", { uvlock: "locks/other.lock" }),
    modules: ["plain"],
    values: ["plain 1.0"],
    hand: byHand("plain==1.0"),
  },
  {
    title: "a package named build, and data beside the code",
    files: (index) => ({
      ...pythonProject("", { name: "app", more: ownIndex(index) }),
      "src/app/build/__init__.py": "value = 'built'\n",
      "src/app/dist/__init__.py": "value = 'dist'\n",
      "src/app/env/__init__.py": "value = 'env'\n",
      "build/junk.txt": "x",
      "dist/junk.whl": "x",
    }),
    image: (start) => start.withUvProject("pyproject.toml", whole),
    modules: ["app.build", "app.dist", "app.env"],
    values: ["built", "dist", "env"],
  },
  {
    title: "extras",
    files: (index) =>
      pythonProject("", {
        name: "app",
        dependencies: ["side"],
        more: `[project.optional-dependencies]\nplot = ["needy"]\n${ownIndex(index)}`,
      }),
    image: (start) => start.withUvProject("pyproject.toml", { extras: "plot" }),
    modules: ["side", "needy", "plain"],
    values: ["side 2.0", "needy 1.0", "plain 2.0"],
    hand: byHand("side needy"),
  },
  {
    title: "dependency groups",
    files: (index) =>
      pythonProject("", {
        name: "app",
        dependencies: ["side"],
        more: `[dependency-groups]\ndev = ["checks", {include-group = "docs"}]\ndocs = ["pages"]\n${ownIndex(index)}`,
      }),
    image: (start) => start.withUvProject("pyproject.toml", { groups: "docs" }),
    modules: ["side", "pages"],
    values: ["side 2.0", "pages 1.0"],
    absent: ["checks"],
    hand: byHand("side pages"),
  },
  {
    title: "dependency groups, which are not installed by default",
    files: (index) =>
      pythonProject("", {
        name: "app",
        dependencies: ["side"],
        more: `[dependency-groups]\ndev = ["checks"]\n${ownIndex(index)}`,
      }),
    image: (start) => start.withUvProject("pyproject.toml"),
    modules: ["side"],
    values: ["side 2.0"],
    absent: ["checks"],
    hand: byHand("side"),
  },
  {
    title: "an index that the layer names in the project's place",
    files: () =>
      pythonProject("", {
        name: "app",
        dependencies: ["plain"],
        more: '[[tool.uv.index]]\nurl = "https://packages.invalid/simple"\ndefault = true\n',
      }),
    image: (start, { main }) => start.withUvProject("pyproject.toml", { indexUrl: main }),
    modules: ["plain"],
    values: ["plain 2.0"],
    hand: byHand("plain"),
  },
  {
    title: "two projects in one image",
    files: (index) => ({
      ...pythonProject("one/", { name: "one", dependencies: ["plain"], more: ownIndex(index) }),
      ...pythonProject("two/", { name: "two", dependencies: ["side"], more: ownIndex(index) }),
    }),
    image: (start) => start.withUvProject("one/pyproject.toml", whole).withUvProject("two/pyproject.toml", whole),
    modules: ["one", "two", "plain", "side"],
    values: ["one", "two", "plain 2.0", "side 2.0"],
    hand: byHand("./one ./two"),
  },
  {
    title: "requirements, a project and packages in one image",
    files: (index) => ({
      ...pythonProject("", { name: "app", dependencies: ["needy"], more: ownIndex(index) }),
      "requirements.txt": "side<2\n",
    }),
    image: (start, { main }) =>
      start
        .withRequirements("requirements.txt", { indexUrl: main })
        .withUvProject("pyproject.toml", whole)
        .withPipPackages("checks", { indexUrl: main }),
    modules: ["app", "needy", "plain", "side", "checks"],
    values: ["app", "needy 1.0", "plain 2.0", "side 1.0", "checks 1.0"],
    hand: byHand(". 'side<2' checks"),
  },
  {
    title: "a user, for whom everything is readable",
    files: (index) => pythonProject("", { name: "app", dependencies: ["plain"], more: ownIndex(index) }),
    image: (start) => start.withUvProject("pyproject.toml", whole).withUser("1234:99"),
    modules: ["app", "plain"],
    values: ["app", "plain 2.0"],
    hand: byHand("."),
  },
  {
    title: "the base's own packages",
    files: none,
    image: (start, { main }) => start.clone({ systemSitePackages: true }).withPipPackages("plain", { indexUrl: main }),
    modules: ["plain", "pkg_resources"],
    values: ["plain 2.0", "?"],
  },
];
