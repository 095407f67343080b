import { createUser, dockerfileOf, switchUser, type DockerfileDraft } from "./dockerfileProposal";
import type { ProjectFolder } from "./projectFolder";

const jdk = 21;

/** Proposes a Dockerfile for a Java project that Maven or Gradle builds; undefined if there is none. */
export function javaDockerfile({ names }: ProjectFolder): DockerfileDraft | undefined {
  if (names.has("pom.xml"))
    return draftOf("maven", "pom.xml", "**/target", [
      `FROM maven:3.9-eclipse-temurin-${jdk} AS build`,
      "WORKDIR /src",
      "COPY . .",
      "RUN --mount=type=cache,target=/root/.m2 mvn --batch-mode -DskipTests package",
      packaged("target"),
    ]);
  const gradle = ["build.gradle.kts", "build.gradle"].find((name) => names.has(name));
  if (gradle === undefined) return undefined;
  return draftOf("gradle", gradle, "**/build", [
    `FROM gradle:8-jdk${jdk} AS build`,
    "WORKDIR /src",
    "COPY . .",
    "RUN --mount=type=cache,target=/home/gradle/.gradle gradle --no-daemon assemble",
    packaged("build/libs"),
  ]);
}

/** Copies the largest archive: the one with its dependencies, if there are several. */
function packaged(folder: string): string {
  return `RUN cp "$(ls -S ${folder}/*.jar | head -n 1)" /app.jar`;
}

function draftOf(
  kind: DockerfileDraft["kind"],
  source: string,
  output: string,
  build: readonly string[],
): DockerfileDraft {
  const text = dockerfileOf([
    ...build,
    "",
    `FROM eclipse-temurin:${jdk}-jre-jammy`,
    createUser,
    "WORKDIR /app",
    "COPY --from=build /app.jar ./",
    switchUser,
    'ENTRYPOINT ["java", "-jar", "app.jar"]',
  ]);
  return { kind, source, text, ignored: [output, "**/.gradle", "**/*.class"] };
}
