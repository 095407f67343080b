/** Extensions of files in other languages, and of texts, templates, archives, and copies. */
const otherKinds = new Set(
  (
    "adoc asc bak bat c cc cjs class cmd cpp cs css csv cts d diff erb ex exs fs go gz h hpp htm html ini j2 jar " +
    "java jinja jinja2 js json json5 jsonc jsx kt kts less lock log lua m map markdown md mdx mjs mts mustache " +
    "old orig patch pdf php pl pm png ps1 pug py pyc pyi r rb rej rs rst sass save scala scss sh sha256 sig sql " +
    "svelte svg swift swp tar template tf tgz tmp tmpl toml tpl ts tsx txt vim vue xml yaml yml zig zip zsh"
  ).split(" "),
);

/**
 * Checks whether a file's name is one of a Dockerfile: `Dockerfile`, `Dockerfile.dev`, `Dockerfile-dev`,
 * `Dockerfile_dev`, `web.Dockerfile`, and the same with `Containerfile`. Files of another kind, such as
 * `dockerfile.go`, are excluded.
 */
export function isDockerfileName(name: string): boolean {
  if (/^(?:.+\.)?(?:docker|container)file$/i.test(name)) return true;
  if (!/^(?:docker|container)file[._-].*[^~]$/i.test(name) || /ignore$/i.test(name)) return false;
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return !name.includes(".") || !otherKinds.has(ending);
}

/** The names of Dockerfiles as globs; files of other kinds, which `isDockerfileName` leaves out, match too. */
export const dockerfileGlobs = "[Dd]ockerfile*,[Cc]ontainerfile*,*.[Dd]ockerfile,*.[Cc]ontainerfile";
