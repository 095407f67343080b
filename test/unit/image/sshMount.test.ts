import assert from "node:assert/strict";
import { publishedHostKeys, sshHostOf } from "../../../src/core/image/files/sshHosts";
import { Image } from "../../../src/core/image/image";
import { dockerfileOf } from "../../../src/core/image/convert/dockerfileOf";
import { imageUri } from "../../../src/core/image/plan/imageUri";
import { readImageSpec } from "../../../src/core/image/spec/readImageSpec";
import { placeProblems } from "../../../src/core/image/spec/placeProblems";
import { applyEdits } from "../../../src/core/context/lint/state/textEdits";
import { removeTemporaryFolders, temporaryFolder } from "../../support/folder";
import { plannedPreview } from "../../support/plannedBuild";
import { overBudget } from "../../support/workTime";
import { assertRefused, start, textOf } from "./projectSupport";
import { type Case, markedIn, yaml } from "./specCases";

const ready = start.withAptPackages("git", "openssh-client");
const github = "tools @ git+ssh://git@github.com/team/tools@v1";
const own = "tools @ git+ssh://git@git.example.com:2222/team/tools";
const knownHosts = { knownHosts: "known_hosts" };

describe("a layer that uses SSH", () => {
  after(removeTemporaryFolders);

  it("has its agent, and the published keys of servers where ssh looks for them", async () => {
    const image = ready.withPipPackages(github, { sshMount: "default" });
    const text = textOf(image);
    const lines = [
      /RUN --mount=type=cache[^]*--mount=type=ssh,id=default,required=true/,
      /--mount=type=bind,source=\S+known_hosts,target=\/etc\/ssh\/ssh_known_hosts2/,
      /uv pip install/,
    ];
    assert.match(text, new RegExp(lines.map(({ source }) => source).join(" \\\\\n {4}")));
    const files = await (await plannedPreview(image))?.files();
    const [[path = "", file] = []] = files ?? [];
    assert.match(path, /\/known_hosts$/);
    assert.ok(file && "content" in file && file.content.toString() === publishedHostKeys);
    assert.match(publishedHostKeys, /^(?:[\w.]+ ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[\w+/]{43}\n){3}$/);
  });

  it("may name its agent, and a file of its own with the servers' keys", () => {
    const root = temporaryFolder({ known_hosts: "x" });
    const text = textOf(
      ready.withCommands("git clone git@git.example.com:a/b", { sshMount: { id: "deploy", ...knownHosts } }),
      { root },
    );
    assert.match(text, /--mount=type=ssh,id=deploy,required=true \\\n {4}--mount=type=bind,source=known_hosts,target/);
  });

  it("may be each that installs packages", () => {
    const root = temporaryFolder({
      "r.txt": `${github}\n`,
      "pyproject.toml": '[project]\nname = "a"\nversion = "1"\n[tool.poetry]\nname = "a"\nversion = "1"\n',
      "poetry.lock": "package = []\n",
    });
    const ssh = { sshMount: "default" };
    for (const [image, mounts] of [
      [ready.withRequirements("r.txt", ssh), 1],
      [ready.withUvProject("pyproject.toml", ssh), 1],
      [ready.withUvProject("pyproject.toml", { ...ssh, projectInstallMode: "install_project" }), 1],
      [ready.withPoetryProject("pyproject.toml", ssh), 1],
      [ready.withCommands(["a", "b"], ssh), 2],
    ] as const)
      assert.equal(textOf(image, { root }).match(/type=ssh,id=default,required=true/g)?.length, mounts);
  });

  it("has another tag by its agent, and the same for other keys of servers", async () => {
    const root = temporaryFolder({ known_hosts: "a", other: "b" });
    const tags = await Promise.all(
      [undefined, "default", "deploy", { id: "deploy", ...knownHosts }, { id: "deploy", knownHosts: "other" }].map(
        (sshMount) => imageUri(ready.withPipPackages("x", { sshMount }), { root }),
      ),
    );
    assert.equal(new Set(tags).size, 3);
    assert.equal(new Set(tags.slice(2)).size, 1);
  });

  it("becomes a Dockerfile if a file has its servers' keys", async () => {
    const root = temporaryFolder({ known_hosts: "x" });
    const named = ready.withCommands("a", { sshMount: knownHosts });
    assert.match((await dockerfileOf(named, { root })).text, /source=known_hosts,target=\/etc\/ssh\/ssh_known_hosts2/);
    const plain = ready.withCommands("a", { sshMount: "default" });
    await assert.rejects(dockerfileOf(plain, { root }), /Name one with "knownHosts"/);
  });

  for (const sshMount of [
    "a,target=/etc/passwd",
    "a\nRUN id",
    "$(id)",
    "`id`",
    "a b",
    '"',
    "\u202eid",
    "-a",
    "",
    "a".repeat(65),
    { id: "a,required=false" },
    { knownHosts: "a\nRUN id" },
  ])
    it(`is refused with an id that is none: ${JSON.stringify(sshMount).slice(0, 40)}`, () => {
      assert.throws(() => start.withPipPackages("x", { sshMount }), { code: "imageInvalid" });
      assert.throws(() => start.withCommands("x", { sshMount }), { code: "imageInvalid" });
      assert.throws(() => start.withPoetryProject("x", { sshMount }), { code: "imageInvalid" });
      assert.throws(() => Image.fromUvScript("x.py", { name: "x", sshMount }), { code: "imageInvalid" });
    });

  for (const name of ["odd name,target=x", "$(id)", "`id`", "a'b", "\u202ehosts", "x".repeat(200)])
    it(`is safe with a file of keys by any name: ${name.slice(0, 20)}`, () => {
      const root = temporaryFolder({ [name]: "x" });
      const text = textOf(ready.withCommands("a", { sshMount: { knownHosts: name } }), { root });
      const [, source] = /type=bind,source=(.*),target=\/etc\/ssh\/ssh_known_hosts2 \\\n/.exec(text) ?? [];
      assert.match(source ?? "", /^[\w./-]+$/);
    });
});

describe("the server of an address", () => {
  const hosts: readonly (readonly [address: string, host: string | undefined])[] = [
    [github, "github.com"],
    [own, "[git.example.com]:2222"],
    ["git+ssh://git@host:22/x", "host"],
    ["ssh://host/x", "host"],
    ["ssh://[::1]:99/x", "[[::1]]:99"],
    ["git@github.com:team/tools.git", "github.com"],
    ["https://git@github.com/x", undefined],
    ["git+https://host/x", undefined],
    ["name @ file:///ssh:/x", undefined],
    ["a>=1", undefined],
    ["ssh://", undefined],
    ["ssh://$(id)/x", undefined],
    ["ssh://a\u202eb/x", undefined],
  ];
  for (const [address, host] of hosts) it(`is found in ${address}`, () => assert.equal(sshHostOf(address), host));

  it("is found in a long text in little time", () => {
    for (const text of ["ssh://".repeat(50_000), `ssh://${"a@".repeat(100_000)}`, `${"a@".repeat(100_000)}:x`])
      assert.equal(
        overBudget(() => sshHostOf(text), 50),
        undefined,
      );
  });
});

describe("a package over SSH", () => {
  after(removeTemporaryFolders);
  const root = (): string =>
    temporaryFolder({
      "r.txt": `${github}\n`,
      known_hosts: "x",
      "pyproject.toml": '[project]\nname = "a"\nversion = "1"\n[tool.poetry]\nname = "a"\nversion = "1"\n',
      "poetry.lock":
        '[[package]]\nname = "tools"\nversion = "1"\n[package.source]\ntype = "git"\n' +
        'url = "git@github.com:team/tools.git"\nreference = "main"\nresolved_reference = "abc"\n',
      "uv.lock":
        '[[package]]\nname = "a"\nversion = "1"\nsource = { editable = "." }\ndependencies = [{ name = "tools" }]\n' +
        '[[package]]\nname = "tools"\nversion = "1"\nsource = { git = "ssh://git@github.com/team/tools?rev=v1#abc" }\n',
    });

  for (const [title, image] of [
    ["a package", start.withPipPackages(github)],
    ["a requirements file", start.withRequirements("r.txt")],
    ["a lock file of uv", start.withUvProject("pyproject.toml")],
    ["a lock file of Poetry", start.withPoetryProject("pyproject.toml")],
  ] as const)
    it(`needs an SSH client and an agent: ${title}`, () => {
      const place = { root: root() };
      const { layers } = image;
      assertRefused(image, place, /over SSH, which the image doesn't have\. Add .*"openssh-client" with withAptP/);
      const [layer] = layers.slice(-1);
      assertRefused(
        ready.clone({ addlLayer: layer }),
        place,
        /from github\.com over SSH, for which the step has no key/,
      );
    });

  it("needs none where a key may be there by other means", () => {
    const key = { key: "deploy", mount: "/root/.ssh/id_ed25519" };
    assert.ok(textOf(ready.withPipPackages(github, { secretMounts: key })));
    assert.ok(textOf(ready.withCommands("make-key").withPipPackages(github)));
    assert.ok(textOf(ready.clone({ baseImage: "team/base:1" }).withPipPackages(github)));
  });

  it("needs the keys of a server that is not well known", () => {
    const place = { root: root() };
    const message = /the host key of \[git\.example\.com\]:2222, from which .* is fetched, is not known/;
    assertRefused(ready.withPipPackages(own, { sshMount: "default" }), place, message);
    assert.ok(textOf(ready.withPipPackages(own, { sshMount: knownHosts }), place));
  });

  const spec = (layer: string): string =>
    `from: {base: python:3.12-slim}\nclone: {name: app}\nlayers:\n  - aptPackages: [git, openssh-client]\n  - ${layer}`;
  const fixed = (marked: string, after: string): Case =>
    yaml(spec(marked), "argument-invalid", /for which the step has no key\. Add "sshMount: default"\.$/, spec(after));
  const cases: readonly Case[] = [
    yaml(
      "from: {base: python:3.12-slim}\nclone: {name: app}\n" +
        "layers:\n  - pipPackages: «git+ssh://git@github.com/a/b»\n",
      "argument-invalid",
      /Add "git" and "openssh-client" with aptPackages before it\.$/,
      "from: {base: python:3.12-slim}\nclone: {name: app}\nlayers:\n" +
        "  - aptPackages: [git, openssh-client]\n  - pipPackages: git+ssh://git@github.com/a/b\n",
    ),
    fixed(
      "pipPackages: «git+ssh://git@github.com/a/b»\n",
      'pipPackages: { "sshMount": "default", "packages": "git+ssh://git@github.com/a/b" }\n',
    ),
    fixed(
      "pipPackages: «[a, git+ssh://git@github.com/a/b]»\n",
      'pipPackages: { "sshMount": "default", "packages": [a, git+ssh://git@github.com/a/b] }\n',
    ),
    fixed(
      "pipPackages:\n      «- a # kept\n      - git+ssh://git@github.com/a/b»\n",
      "pipPackages:\n      sshMount: default\n      packages:\n      - a # kept\n" +
        "      - git+ssh://git@github.com/a/b\n",
    ),
    fixed(
      "pipPackages:\n      «packages: git+ssh://git@github.com/a/b»\n",
      "pipPackages:\n      sshMount: default\n      packages: git+ssh://git@github.com/a/b\n",
    ),
    fixed(
      "pipPackages: «{packages: git+ssh://git@github.com/a/b}»\n",
      'pipPackages: {"sshMount": "default", packages: git+ssh://git@github.com/a/b}\n',
    ),
    fixed("requirements: «r.txt»\n", 'requirements: { "sshMount": "default", "file": "r.txt" }\n'),
    fixed(
      "poetryProject: «'pyproject.toml'»\n",
      'poetryProject: { "sshMount": "default", "pyprojectFile": "pyproject.toml" }\n',
    ),
    yaml(
      spec("commands: { commands: a, sshMount: { knownHosts: «known_host» } }\n"),
      "file-missing",
      /the file ".*known_host" doesn't exist/i,
      spec("commands: { commands: a, sshMount: { knownHosts: known_hosts } }\n"),
    ),
    yaml(
      spec('uvProject: { pyprojectFile: pyproject.toml, sshMount: «"a b"» }\n'),
      "argument-invalid",
      /not a valid id/,
    ),
    yaml(
      spec("commands: { commands: a, sshMount: { «ids»: a } }\n"),
      "key-unknown",
      /valid keys are "id", "knownHosts"/,
    ),
  ];
  for (const { marked, code, message, fixed: after } of cases)
    it(`is marked with a fix in the spec: ${marked.slice(marked.lastIndexOf("  - ") + 4).trim()}`, () => {
      const text = marked.replace(/[«»]/g, "");
      const read = readImageSpec(text, "app.image.yaml");
      const problems = [...read.problems, ...placeProblems(read, { root: root() })];
      const problem = problems.find((each) => each.code === code && message.test(each.message));
      assert.ok(problem, JSON.stringify(problems));
      assert.equal(markedIn(text, problem), marked);
      const [fix] = problem.fixes;
      if (after === undefined) return;
      assert.ok(fix);
      const changed = applyEdits(text, fix.edits);
      assert.equal(changed, after);
      const again = readImageSpec(changed, "app.image.yaml");
      assert.deepEqual(again.problems, []);
      assert.ok(!placeProblems(again, { root: root() }).some((each) => each.message === problem.message));
    });

  it("has no fix where its layer is written elsewhere", () => {
    const text = "x-p: &p [git+ssh://git@github.com/a/b]\n" + spec("pipPackages: *p\n");
    const read = readImageSpec(text, "app.image.yaml");
    const [problem] = placeProblems(read, { root: root() });
    assert.match(problem?.message ?? "", /for which the step has no key/);
    assert.deepEqual(problem?.fixes, []);
  });
});
