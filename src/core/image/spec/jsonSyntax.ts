import type { SyntaxMistake } from "./yamlSyntax";

type State = "value" | "value or ]" | "name" | "name or }" | "colon" | "comma";

const expected: Readonly<Record<State, string>> = {
  value: "a value is expected",
  "value or ]": 'a value or "]" is expected',
  name: "a name in double quotes is expected",
  "name or }": 'a name in double quotes or "}" is expected',
  colon: '":" is expected',
  comma: '"," or a closing bracket is expected',
};

/** White space and one token. @see https://www.rfc-editor.org/rfc/rfc8259 */
const token =
  /[\t\n\r ]*(?:([{}[\]:,])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|$)/y;

/** What keeps a text from being JSON; nothing if it is. `JSON.parse` does not always say where. */
export function jsonSyntaxError(text: string): SyntaxMistake | undefined {
  const open: string[] = [];
  let state: State = "value";
  let comma = -1;
  token.lastIndex = 0;
  for (;;) {
    const start = token.lastIndex;
    const [found = "", mark, name, other] = token.exec(text) ?? [];
    const isEnd = mark === undefined && name === undefined && other === undefined;
    if (isEnd && start + found.length === text.length && open.length === 0 && state === "comma") return undefined;
    const next: State | undefined = isEnd ? undefined : after(state, mark, name !== undefined, open);
    if (next === undefined && comma >= 0 && (mark === "}" || mark === "]")) {
      return {
        from: comma,
        to: comma + 1,
        message: `This is not valid JSON: trailing comma before "${mark}". Remove the comma.`,
        isSurplus: true,
      };
    }
    if (next === undefined) return unexpected(text, start, state);
    comma = mark === "," ? token.lastIndex - 1 : -1;
    state = next;
  }
}

function unexpected(text: string, start: number, state: State): SyntaxMistake {
  const rest = text.slice(start);
  const from = start + rest.search(/[^\t\n\r ]|$/);
  const [word = ""] = /^[^\s,:{}[\]]*/.exec(text.slice(from)) ?? [];
  return {
    from,
    to: Math.min(from + (word.length || 1), text.length),
    message: `This is not valid JSON: ${expected[state]} here.`,
  };
}

/** The state after a token, with what is open brought up to date; nothing if the token cannot stand there. */
function after(state: State, mark: string | undefined, isText: boolean, open: string[]): State | undefined {
  const takesValue = state === "value" || state === "value or ]";
  if (mark === undefined) return takesValue ? "comma" : isText && state.startsWith("name") ? "colon" : undefined;
  const closes = `${open.at(-1)}${mark}` === "{}" || `${open.at(-1)}${mark}` === "[]";
  if (closes && (state === "comma" || state.endsWith(mark))) {
    open.pop();
    return "comma";
  }
  if (takesValue && (mark === "{" || mark === "[")) {
    open.push(mark);
    return mark === "{" ? "name or }" : "value or ]";
  }
  if (state === "colon" && mark === ":") return "value";
  if (state === "comma" && mark === "," && open.length > 0) return open.at(-1) === "{" ? "name" : "value";
  return undefined;
}
