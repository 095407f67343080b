import { dockerfileOf, execForm, isPlainName, type DockerfileDraft } from "./dockerfileProposal";
import { textOf, type ProjectFolder } from "./projectFolder";

const defaultVersion = "9.0";

/** Proposes a Dockerfile for the only .NET project in a folder; undefined if there is none, or if there are several. */
export async function dotnetDockerfile(folder: ProjectFolder): Promise<DockerfileDraft | undefined> {
  const [project, ...others] = [...folder.names].filter((name) => /\.(?:cs|fs|vb)proj$/.test(name));
  if (project === undefined || others.length > 0) return undefined;
  const content = await textOf(folder, project);
  const [, version = defaultVersion] = /<TargetFramework>net(\d{1,2}\.\d)<\/TargetFramework>/.exec(content) ?? [];
  const runtime = content.includes('"Microsoft.NET.Sdk.Web"') ? "aspnet" : "runtime";
  const name = project.replace(/\.\w+$/, "");
  const packages = "RUN --mount=type=cache,target=/root/.nuget/packages";
  const text = dockerfileOf([
    `FROM mcr.microsoft.com/dotnet/sdk:${version} AS build`,
    "WORKDIR /src",
    ...(isPlainName(project) ? [`COPY ${project} ./`, `${packages} dotnet restore`] : []),
    "COPY . .",
    `${packages} dotnet publish --configuration Release --output /out`,
    "",
    `FROM mcr.microsoft.com/dotnet/${runtime}:${version}`,
    "WORKDIR /app",
    "COPY --from=build /out .",
    // Images of .NET 8 and newer define this user; the older ones have no user but root.
    Number(version.split(".")[0]) >= 8 ? "USER $APP_UID" : "USER 10001:10001",
    runtime === "aspnet" && "EXPOSE 8080",
    `ENTRYPOINT ${execForm("dotnet", `${name}.dll`)}`,
  ]);
  return { kind: "dotnet", source: project, text, ignored: ["**/bin", "**/obj"] };
}
