import { docs, type Draft, type Rule } from "../state/rule";
import type { LintState } from "../state/lintState";

const suffix = ".dockerignore";

/** Rule for an ignore file that a build doesn't read, because another one takes precedence. */
export const ignoreFileOverridden: Rule = {
  code: "ignore-file-overridden",
  severity: "information",
  explanation:
    "BuildKit uses <Dockerfile>.dockerignore next to the Dockerfile, even if it is empty. " +
    "It reads .dockerignore in the root of the build context only if that file does not exist. " +
    "The classic builder and ZenML only read .dockerignore.",
  docsUrl: docs.place,
  *find(state) {
    const { file, builder } = state.subject;
    const name = file.slice(file.lastIndexOf("/") + 1);
    if (name !== suffix && name.endsWith(suffix)) yield* ownFile(state, file.slice(0, -suffix.length));
    else if (name === ".containerignore")
      yield {
        range: state.top,
        message:
          `Only buildah and \`podman build\` read ${file}; ` +
          "Docker's builders, podman's Docker API and Image Builders do not.",
      };
    else if (file === suffix && builder === "buildkit") yield* sharedFile(state);
  },
};

function* ownFile(state: LintState, dockerfile: string): Generator<Draft> {
  const { file, builder } = state.subject;
  const hasShared = state.view?.tree.find(suffix) !== undefined;
  if (builder === "classic") {
    const instead = hasShared ? "reads .dockerignore instead" : "sends everything";
    yield {
      range: state.top,
      severity: "warning",
      message: `The classic builder does not read ${file}: for "${dockerfile}", it ${instead}.`,
    };
  } else if (state.lines.length === 0 && hasShared) {
    yield {
      range: state.top,
      severity: "warning",
      message:
        `Builds of "${dockerfile}" exclude no files: ` +
        `${file} has no pattern, and .dockerignore is not read because this file exists.`,
    };
  } else if (hasShared) {
    yield {
      range: state.top,
      message: `Builds of "${dockerfile}" read only ${file} and ignore .dockerignore.`,
    };
  }
}

function* sharedFile(state: LintState): Generator<Draft> {
  const { tree } = state.view ?? {};
  if (!tree) return;
  const own = tree
    .childrenOf(tree.root)
    .map((id) => tree.nameOf(id))
    .filter((name) => name !== suffix && name.endsWith(suffix));
  for (const name of own) {
    const dockerfile = name.slice(0, -suffix.length);
    if (tree.find(dockerfile) === undefined) continue;
    yield { range: state.top, message: `Builds of "${dockerfile}" do not read this file: they read ${name} instead.` };
  }
}
