/**
 * Unit tests that can't pass under Wine, by full title. All others must pass there.
 *
 * @type {readonly { readonly reason: string, readonly titles: readonly RegExp[] }[]}
 */
const posixOnly = [
  {
    reason: "Wine makes no symbolic links, and Windows only for users with that right.",
    titles: [
      /^an ignore file decides as Docker does in a tree with links /,
      /^an image in a workspace that is not trusted (does not reach .* a link|is proposed)/,
      /^an image in a workspace that is not trusted (reads all of that|reads what lies)/,
      /^a folder in which things change places while it is read never gives a byte from outside/,
      /^a folder that is changed while the question .* sends no byte from outside by the classic builder: the root/,
      /^the files that a list of follow paths means "before all" hook/,
      /^followPathsFilter (a path over a link|a wildcard among links|knows where nothing more of \["link\/a\.txt"\])/,
      /^the URI of an image has another tag (after a change of a new link|for a link)/,
      /^the URI of an image has the same tag after times/,
      /^what an image's build is given is what links lead to/,
      /^what an image spec copies is (no|a) module that a link leads to/,
      /^what the classic builder is sent of an ignore file is what lies in the folder, also over a link/,
      /^a folder that is listed (must stay the one|may be a link)/,
      /^the ignore file of a context is (followed as a link|not (seen by BuildKit as a|there as a dangling) link)/,
      /^what is in an ignore file's place is a folder, a link out/,
      /^a folder is read with kinds and sizes, .* without following links$/,
      /^a context's entries (are read through a root that is a link|refuse a link whose target is not UTF-8)/,
      /^an added folder brings every file below it, .* links as links/,
      /^an archive (keeps the time of a link|uses no PAX record|is told of by a report)/,
      /^a source that is named for a build is read only once it is allowed, .* by where it really is$/,
      /^links that lead back to their own folder /,
      /^A path of another computer, on Windows, that is the target of a (build secret's |named build context's |)link/,
      /^A path of another computer, on Windows, (that is the target of a linked folder|is outside of every folder)/,
    ],
  },
  {
    reason: "Windows has no such names, or the same name twice.",
    titles: [
      /^an ignore file decides as Docker does in a tree with names that Windows cannot have /,
      /^an archive (is unpacked by|lists in) GNU tar/,
      /^a tar is read as the program tar writes it/,
      /^a new layer is read by the program tar/,
      /^an archive (reads the same|has its members sorted|is equal byte by byte)/,
      /^a plan to keep paths out names nothing else$/,
      /^a context's entries refuse a name that is not UTF-8/,
      /^followPathsFilter a name that no file can have/,
    ],
  },
  {
    reason: "Wine knows no paths of several thousand characters.",
    titles: [/^a context's entries are found however deep/],
  },
  {
    reason: "Windows has no named pipes and devices among files.",
    titles: [
      /^a file that somebody else writes is named in plain words as .* a pipe that nobody writes to$/,
      /^a pipe in a file's place is not waited for/,
      /^a folder that is changed while the question .* sends no byte from outside.*: a file for a (pipe|device)$/,
      /^a context's entries leave out sockets/,
      /^an archive whose files change while it is written is given up when a file becomes/,
      /^the review of an upload follows no link, and waits for no pipe$/,
      /^what an image's build is given is without what no image holds/,
      /^probe says why it cannot reach a daemon \[Z87\] a (file in the socket's place|socket one may not use)$/,
    ],
  },
  {
    reason: "Windows has no modes and owners.",
    titles: [
      /^the cache of the embedded builder is only for this user/,
      /^a context's entries (hold an excluded folder .* with its own mode|need every folder to be readable)/,
      /^a folder is read around a directory that may not be read$/,
      /^an archive whose files change while it is written names a file that cannot be read/,
      /^an extra file stands in tree order where its path belongs/,
      /^the ignore file of a context is named when it cannot be read$/,
      /^the URI of an image has another tag after a change of what may be executed/,
      /^dockerConfigCredentials a credential helper that is no program/,
    ],
  },
  {
    reason: "Node on Windows tells no times before 1970.",
    titles: [/^an archive keeps times on request, before 1970/],
  },
  {
    reason: "The test is of a POSIX shell, of /proc, of process groups or of Debian.",
    titles: [
      /^quoting (keeps any value as a word of a shell|replaces the variables .* of a shell)/,
      /^a module that exports an image (finds nothing of our environment|is not waited for by what it leaves behind)/,
      /^a child (is (ended|looked for)|that (ends|has ended)|is cut short)/,
      /^what the extension starts "before all" hook/,
      /^a suite whose programs are missing fails/,
    ],
  },
  {
    reason: "Wine's taskkill ends no descendants.",
    titles: [/^dockerConfigCredentials a credential helper that (does not end|is no longer wanted) is ended/],
  },
  {
    reason: "There is no Git, tar or touch under Wine.",
    titles: [
      /^the variables of a folder (have|hold|are not those)/,
      /^what Git ignores \(.*\) (is told|agrees)/,
      /^what may be executed in an image that is defined on Windows by a real Git /,
      /^an archive (never moves a time|holds a file with several names)/,
    ],
  },
  {
    reason: "The tools that build the project do not run under Wine: esbuild, eslint, tsx, npm, buf.",
    titles: [
      /^the core's imports "before all" hook/,
      /^activation "before all" hook/,
      /^an error that nobody handles (is|ends a process)/,
      /^the check for known vulnerabilities (fails|passes|says)/,
      /^the check of generated code (passes|names)/,
      /^a test lane (runs|counts|ends)/,
      /^the results of a test run tell/,
      /^watched bundles are built again/,
      /^raw calls that show texts are refused by the lint rule/,
      /^the command (context|lint|line) /,
    ],
  },
];

const patterns = posixOnly.flatMap(({ titles }) => titles);

/**
 * Whether a test requires something that is missing under Wine.
 *
 * @param {string} title
 */
export function isPosixOnly(title) {
  return patterns.some((pattern) => pattern.test(title));
}

/**
 * Counts the tests that require something missing, by reason.
 *
 * @param {readonly string[]} titles
 * @returns {[reason: string, count: number][]}
 */
export function countByReason(titles) {
  const reasonOf = (/** @type {string} */ title) =>
    posixOnly.find(({ titles: each }) => each.some((pattern) => pattern.test(title)))?.reason;
  return posixOnly.map(({ reason }) => [reason, titles.filter((title) => reasonOf(title) === reason).length]);
}

/**
 * Lists the patterns that match none of the failed tests.
 *
 * @param {readonly string[]} titles
 */
export function unusedPatterns(titles) {
  return patterns.filter((pattern) => !titles.some((title) => pattern.test(title))).map(String);
}
