/**
 * Ends a child and everything it started, once the script's input ends. The arguments are a mark and a folder, each of
 * which may be empty.
 *
 * The first line of the input is the child's id, which is also the id of its process group. A second line means that
 * the child has ended, so its id may belong to an unrelated process. All processes of the child are stopped until no
 * new ones appear and then killed, because a stopped process can't start others. Uses builtins where possible: a
 * container may lack `ps`, and macOS has no `/proc`.
 */
export const posixWatchdog = `
trap '' HUP INT TERM
mark=$1 folder=$2 leader= family=' ' before= turn=0
read -r leader && family=" $leader "
while read -r word; do family=' '; done
list() {
  [ -r /proc/self/stat ] || {
    ps -A -o pid= -o ppid= -o pgid= | while read -r pid rest; do set -- $rest; echo "$pid:$1:$2:$2"; done
    return
  }
  for file in /proc/[0-9]*/stat; do
    text=
    while read -r line; do text="$text $line"; done <"$file"
    [ -n "$text" ] || continue
    pid=\${file#/proc/}
    set -- \${text##*) }
    echo "\${pid%/stat}:$2:$3:$4"
  done
}
marked() {
  [ -n "$mark" ] || return
  [ -r /proc/self/environ ] || {
    ps -A -E -ww -o pid= -o command= | grep -F "$mark" | while read -r pid rest; do echo "$pid"; done
    return
  }
  for file in $(grep -lsF "$mark" /proc/[0-9]*/environ); do
    pid=\${file#/proc/}
    echo "\${pid%/environ}"
  done
}
add() {
  case "$family" in *" $1 "*) return ;; esac
  [ "$1" = $$ ] && return
  family="$family$1 "
  kill -STOP "$1"
}
[ "$family" = ' ' ] && [ -z "$mark" ] && ! kill -0 "-$leader" && leader=
[ "$family" = ' ' ] || kill -STOP "$leader"
while [ -n "$leader$mark" ] && [ "$family" != "$before" ] && [ $turn -lt 50 ]; do
  before=$family turn=$((turn + 1))
  for pid in $(marked); do add "$pid"; done
  for each in $(list); do
    IFS=:
    set -- $each
    unset IFS
    case "$leader" in "$3" | "$4") add "$1" ;; esac
    case "$family" in *" $2 "*) add "$1" ;; esac
  done
done
for pid in $family; do kill -KILL "$pid"; done
[ -n "$leader" ] && kill -KILL "-$leader"
[ -n "$folder" ] && rm -rf -- "$folder"
`;

/** Same for Windows, in JavaScript: `taskkill` ends a child with its descendants. */
export const windowsWatchdog = `
let told = "";
process.stdin.setEncoding("utf8").on("data", (text) => (told += text)).on("end", () => {
  const { spawnSync } = require("node:child_process");
  const [pid, ended] = told.split("\\n");
  const taskkill = process.env.SystemRoot + "\\\\System32\\\\taskkill.exe";
  if (/^\\d+$/.test(pid) && !ended) spawnSync(taskkill, ["/PID", pid, "/T", "/F"], { windowsHide: true });
  if (process.argv[2]) require("node:fs").rmSync(process.argv[2], { recursive: true, force: true, maxRetries: 5 });
});
`;
