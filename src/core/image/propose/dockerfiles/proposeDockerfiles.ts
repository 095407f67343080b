import type { Confinement } from "../../files/confinement";
import { goDockerfile, rustDockerfile } from "./compiled";
import { createUser, dockerfileOf, execForm, switchUser, type DockerfileDraft } from "./dockerfileProposal";
import { dotnetDockerfile } from "./dotnet";
import { javaDockerfile } from "./java";
import { nodeDockerfile } from "./node";
import { listProject, type ProjectFolder } from "./projectFolder";
import { pythonDockerfile } from "./python";

/** Dockerfile that fits a folder, with its ignore file. */
export interface DockerfileProposal extends Pick<DockerfileDraft, "kind" | "source" | "text"> {
  /** Text of an ignore file; undefined if the folder already has one. */
  readonly ignoreText?: string;
}

/** Patterns for every project. Dockerfiles are not copied into images; builders read them separately. */
const ignoredEverywhere = ["**/.git", "**/.env", "**/.env.*", "**/*.pem", "**/.DS_Store", "**/Dockerfile*"];

/**
 * Proposes Dockerfiles that fit the contents of a folder, best first; the last one fits any folder.
 *
 * @param path absolute path
 * @param within folders that links must not lead out of; other files are ignored
 * @throws the file system's own errors if the folder can't be listed
 */
export async function proposeDockerfiles(path: string, within?: Confinement): Promise<DockerfileProposal[]> {
  const folder = await listProject(path, within);
  const drafts = await Promise.all([
    pythonDockerfile(folder),
    nodeDockerfile(folder),
    goDockerfile(folder),
    rustDockerfile(folder),
    javaDockerfile(folder),
    dotnetDockerfile(folder),
    staticSite(folder),
    anyProject,
  ]);
  const hasIgnoreFile = folder.names.has(".dockerignore") || folder.names.has("Dockerfile.dockerignore");
  return drafts
    .filter((draft) => draft !== undefined)
    .map(({ kind, source, text, ignored }) => ({
      kind,
      source,
      text,
      ...(!hasIgnoreFile && { ignoreText: `${[...ignoredEverywhere, ...ignored].join("\n")}\n` }),
    }));
}

/** A page that a build tool creates is not served from its sources, so a folder with a package.json has no proposal. */
function staticSite({ names }: ProjectFolder): DockerfileDraft | undefined {
  if (!names.has("index.html") || names.has("package.json")) return undefined;
  const text = dockerfileOf([
    "# Runs as a user other than root, and listens on port 8080.",
    "FROM nginxinc/nginx-unprivileged:1.28-alpine",
    "COPY . /usr/share/nginx/html",
    "EXPOSE 8080",
  ]);
  return { kind: "staticSite", source: "index.html", text, ignored: [] };
}

const anyProject: DockerfileDraft = {
  kind: "any",
  text: dockerfileOf([
    "FROM debian:bookworm-slim",
    createUser,
    "WORKDIR /app",
    "COPY . .",
    switchUser,
    "# Replace this with the command that starts the program.",
    `CMD ${execForm("ls")}`,
  ]),
  ignored: [],
};
