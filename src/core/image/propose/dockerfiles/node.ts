import * as z from "zod";
import { parseJson } from "../../../border/parseJson";
import { dockerfileOf, execForm, type DockerfileDraft } from "./dockerfileProposal";
import { textOf, type ProjectFolder } from "./projectFolder";

const base = "node:22-slim";

/** An .npmrc often contains a token. */
const ignored = ["**/node_modules", "**/coverage", "**/*.log", "**/.npmrc"];

const packageSchema = z.object({
  main: z.string().max(200).optional().catch(undefined),
  packageManager: z.string().max(200).optional().catch(undefined),
  scripts: z.record(z.string(), z.unknown()).optional().catch(undefined),
});

/** Files and commands of a package manager. */
interface Manager {
  /** Files that it needs to install the packages. */
  readonly files: readonly string[];
  /** Folder of its download cache. */
  readonly cache: string;
  readonly install: string;
  readonly run: string;
  /** Removes the packages that only a build needs. */
  readonly prune?: string;
}

/** Proposes a Dockerfile for a Node.js project; undefined if there is none. */
export async function nodeDockerfile(folder: ProjectFolder): Promise<DockerfileDraft | undefined> {
  if (!folder.names.has("package.json")) return undefined;
  const {
    main,
    packageManager = "",
    scripts = {},
  } = packageSchema.catch({}).parse(parseJson(await textOf(folder, "package.json")));
  const { files, cache, install, run, prune } = managerOf(folder.names, packageManager);
  const copied = ["package.json", ...files].filter((name) => folder.names.has(name));
  const start = "start" in scripts ? ["npm", "start"] : ["node", main ?? entryOf(folder.names)];
  const text = dockerfileOf([
    `FROM ${base} AS build`,
    "WORKDIR /app",
    `COPY ${copied.join(" ")} ./`,
    `RUN --mount=type=cache,target=${cache} ${install}`,
    "COPY . .",
    "build" in scripts && `RUN ${run} build`,
    prune !== undefined && `RUN ${prune}`,
    "",
    `FROM ${base}`,
    "ENV NODE_ENV=production",
    "WORKDIR /app",
    "COPY --from=build /app ./",
    "USER node",
    "# Replace this with the port that the program listens on.",
    "EXPOSE 3000",
    `CMD ${execForm(...start)}`,
  ]);
  return { kind: "node", source: "package.json", text, ignored };
}

function managerOf(names: ReadonlySet<string>, packageManager: string): Manager {
  if (names.has("pnpm-lock.yaml"))
    return {
      files: ["pnpm-lock.yaml", "pnpm-workspace.yaml"],
      cache: "/root/.local/share/pnpm/store",
      install: "corepack enable && pnpm install --frozen-lockfile",
      run: "pnpm run",
      prune: "CI=true pnpm prune --prod",
    };
  if (names.has("yarn.lock"))
    return /^yarn@[2-9]/.test(packageManager) || names.has(".yarnrc.yml")
      ? {
          files: ["yarn.lock", ".yarnrc.yml"],
          cache: "/root/.yarn/berry/cache",
          // Plug'n'Play needs Yarn and its cache when the program runs.
          install: "corepack enable && YARN_NODE_LINKER=node-modules yarn install --immutable",
          run: "yarn run",
        }
      : {
          files: ["yarn.lock"],
          cache: "/usr/local/share/.cache/yarn",
          install: "yarn install --frozen-lockfile",
          run: "yarn run",
          prune: "yarn install --frozen-lockfile --production",
        };
  const isLocked = names.has("package-lock.json") || names.has("npm-shrinkwrap.json");
  return {
    files: ["package-lock.json", "npm-shrinkwrap.json"],
    cache: "/root/.npm",
    install: isLocked ? "npm ci" : "npm install",
    run: "npm run",
    prune: "npm prune --omit=dev",
  };
}

function entryOf(names: ReadonlySet<string>): string {
  return ["server.js", "index.js", "app.js", "main.js", "index.mjs"].find((name) => names.has(name)) ?? "index.js";
}
