import { wheel, wheelName } from "../../wheelIndex";
import { byHand, local, none, type ProjectShape } from "./shape";

/** Packages and files of requirements. */
export const packageShapes: readonly ProjectShape[] = [
  {
    title: "one package",
    files: none,
    image: (start, { main }) => start.withPipPackages("plain", { indexUrl: main }),
    modules: ["plain"],
    values: ["plain 2.0"],
    hand: byHand("plain"),
  },
  {
    title: "packages that need others",
    files: none,
    image: (start, { main }) => start.withPipPackages("deep", { indexUrl: main }),
    modules: ["deep", "needy", "plain", "side"],
    values: ["deep 1.0", "needy 1.0", "plain 2.0", "side 1.0"],
    hand: byHand("deep"),
  },
  {
    title: "a range of versions",
    files: none,
    image: (start, { main }) => start.withPipPackages("plain>=1,<2", "side ~= 1.0", { indexUrl: main }),
    modules: ["plain", "side"],
    values: ["plain 1.0", "side 1.0"],
    hand: byHand("'plain>=1,<2' 'side ~= 1.0'"),
  },
  {
    title: "a marker",
    files: none,
    image: (start, { main }) =>
      start.withPipPackages("plain; python_version >= '3.8'", "side; sys_platform == 'win32'", { indexUrl: main }),
    modules: ["plain"],
    values: ["plain 2.0"],
    absent: ["side"],
    hand: byHand(`"plain; python_version >= '3.8'"`),
  },
  {
    title: "pre-releases",
    files: none,
    image: (start, { main }) => start.withPipPackages("plain", { indexUrl: main, pre: true }),
    modules: ["plain"],
    values: ["plain 3.0rc1"],
    hand: byHand("--pre plain"),
  },
  {
    title: "a further index",
    files: none,
    image: (start, { main, second }) =>
      start.withPipPackages("plain", "second", { indexUrl: main, extraIndexUrls: second }),
    modules: ["plain", "second"],
    values: ["plain 2.0", "second 1.0"],
    hand: ({ main, second }) => `--index-url ${main} --extra-index-url ${second} plain second`,
  },
  {
    title: "an index with a password",
    files: none,
    image: (start, { guarded }) =>
      start.withPipPackages("private", { indexUrl: `http://me:$TOKEN@${guarded}/simple`, secretMounts: "TOKEN" }),
    modules: ["private"],
    values: ["private 1.0"],
    hand: ({ guarded }) => `--index-url http://me:hunter2-index@${guarded}/simple private`,
  },
  {
    title: "a file with a token in its address",
    files: none,
    image: (start, { guarded }) =>
      start.withPipPackages(`private @ http://me:$TOKEN@${guarded}/files/private-1.0-py3-none-any.whl`, {
        secretMounts: "TOKEN",
      }),
    modules: ["private"],
    values: ["private 1.0"],
  },
  {
    title: "further arguments",
    files: none,
    image: (start, { main }) => start.withPipPackages("needy", { indexUrl: main, extraArgs: "--no-deps" }),
    modules: ["needy"],
    values: ["needy 1.0"],
    absent: ["plain"],
    hand: byHand("--no-deps needy"),
  },
  {
    title: "a constraints file",
    files: () => ({ "limits.txt": "plain<2\nside<2\n" }),
    image: (start, { main }) => start.withPipPackages("needy", { indexUrl: main, constraints: "limits.txt" }),
    modules: ["needy", "plain"],
    values: ["needy 1.0", "plain 1.0"],
    absent: ["side"],
    hand: byHand("-c limits.txt needy"),
  },
  {
    title: "packages in two layers",
    files: none,
    image: (start, { main }) =>
      start.withPipPackages("plain<2", { indexUrl: main }).withPipPackages("side", { indexUrl: main }),
    modules: ["plain", "side"],
    values: ["plain 1.0", "side 2.0"],
    hand: byHand("'plain<2' side"),
  },
  {
    title: "requirements",
    files: () => ({ "requirements.txt": "# what we need\nneedy  # and more\n\nside==1.0\n" }),
    image: (start, { main }) => start.withRequirements("requirements.txt", { indexUrl: main }),
    modules: ["needy", "plain", "side"],
    values: ["needy 1.0", "plain 2.0", "side 1.0"],
    hand: byHand("-r requirements.txt"),
  },
  {
    title: "requirements with Windows' line ends, continued lines and markers",
    files: () => ({ "requirements.txt": "plain \\\r\n  >=1, \\\r\n  <2\r\nside ; python_version < '3'\r\n" }),
    image: (start, { main }) => start.withRequirements("requirements.txt", { indexUrl: main }),
    modules: ["plain"],
    values: ["plain 1.0"],
    absent: ["side"],
    hand: byHand("-r requirements.txt"),
  },
  {
    title: "requirements that include others",
    files: () => ({
      "req/dev.txt": "-r base.txt\n-c ../limits.txt\nchecks\n",
      "req/base.txt": "needy\n",
      "limits.txt": "plain<2\n",
    }),
    image: (start, { main }) => start.withRequirements("req/dev.txt", { indexUrl: main }),
    modules: ["needy", "plain", "checks"],
    values: ["needy 1.0", "plain 1.0", "checks 1.0"],
    hand: byHand("-r req/dev.txt"),
  },
  {
    title: "requirements that name their index",
    files: ({ main }) => ({ "requirements.txt": `--index-url ${main}\nplain\n` }),
    image: (start) => start.withRequirements("requirements.txt"),
    modules: ["plain"],
    values: ["plain 2.0"],
    hand: () => "-r requirements.txt",
  },
  {
    title: "constraints that include others",
    files: () => ({
      "requirements.txt": "needy\n",
      "limits/all.txt": "-c more.txt\n",
      "limits/more.txt": "plain==1.0\n",
    }),
    image: (start, { main }) =>
      start.withRequirements("requirements.txt", { indexUrl: main, constraints: ["limits/all.txt"] }),
    modules: ["needy", "plain"],
    values: ["needy 1.0", "plain 1.0"],
    hand: byHand("-r requirements.txt -c limits/all.txt"),
  },
  {
    title: "wheels that are built already",
    files: () => ({
      [`dist/${wheelName({ ...local, name: "flyte" })}`]: wheel({ ...local, name: "flyte", requires: [] }),
    }),
    image: (start, { main }) => start.withEnvVars({ PIP_INDEX_URL: main, UV_DEFAULT_INDEX: main }).withLocalV2(),
    modules: ["flyte"],
    values: ["shipped 1.0"],
    hand: byHand(`--no-deps dist/${wheelName({ ...local, name: "flyte" })}`),
  },
];
