import { parse } from "smol-toml";
import { tableIn } from "../../files/toml";
import { createUser, dockerfileOf, isPlainName, switchUser, type DockerfileDraft } from "./dockerfileProposal";
import { namesBelow, textOf, type ProjectFolder } from "./projectFolder";

const defaultGo = "1.24";

/** Proposes a Dockerfile for a Go module; undefined if there is none. */
export async function goDockerfile(folder: ProjectFolder): Promise<DockerfileDraft | undefined> {
  const { names } = folder;
  if (!names.has("go.mod")) return undefined;
  const [, version = defaultGo] = /^go[ \t]{1,9}(1\.\d{1,3})(?:\D|$)/m.exec(await textOf(folder, "go.mod")) ?? [];
  const files = ["go.mod", "go.sum"].filter((name) => names.has(name));
  const modules = "--mount=type=cache,target=/go/pkg/mod";
  const text = dockerfileOf([
    `FROM golang:${version} AS build`,
    "WORKDIR /src",
    `COPY ${files.join(" ")} ./`,
    `RUN ${modules} go mod download`,
    "COPY . .",
    `RUN ${modules} --mount=type=cache,target=/root/.cache/go-build \\`,
    `    CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/app ${await mainPackage(folder)}`,
    "",
    "FROM gcr.io/distroless/static-debian12:nonroot",
    "COPY --from=build /out/app /app",
    "USER nonroot",
    'ENTRYPOINT ["/app"]',
  ]);
  return { kind: "go", source: "go.mod", text, ignored: ["**/*.test", "**/*.out"] };
}

/** Returns the package of the program: the only one in `cmd`, otherwise the module's root. */
async function mainPackage(folder: ProjectFolder): Promise<string> {
  if (folder.names.has("main.go")) return ".";
  const [only, ...others] = namesBelow(folder, "cmd");
  return only !== undefined && others.length === 0 && isPlainName(only) && !only.endsWith(".go")
    ? `./cmd/${only}`
    : ".";
}

/** Proposes a Dockerfile for a Rust crate; undefined if there is none. */
export async function rustDockerfile(folder: ProjectFolder): Promise<DockerfileDraft | undefined> {
  if (!folder.names.has("Cargo.toml")) return undefined;
  const name = crateName(await textOf(folder, "Cargo.toml")) ?? "app";
  const locked = folder.names.has("Cargo.lock") ? " --locked" : "";
  const text = dockerfileOf([
    "FROM rust:1.88-slim-bookworm AS build",
    "WORKDIR /src",
    "COPY . .",
    "# The target folder is a cache, so the program is copied out of it.",
    "RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \\",
    `    cargo build --release${locked} && cp target/release/${name} /usr/local/bin/app`,
    "",
    "FROM debian:bookworm-slim",
    createUser,
    "COPY --from=build /usr/local/bin/app /usr/local/bin/app",
    switchUser,
    'ENTRYPOINT ["/usr/local/bin/app"]',
  ]);
  return { kind: "rust", source: "Cargo.toml", text, ignored: ["**/target", "**/*.rs.bk"] };
}

function crateName(text: string): string | undefined {
  try {
    const { name } = tableIn(parse(text), "package");
    return typeof name === "string" && isPlainName(name) ? name : undefined;
  } catch {
    return undefined; // The build reports what is wrong with the file.
  }
}
