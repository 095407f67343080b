/** Values of the keys that a `when` clause names. A missing key counts as `undefined`, as in VS Code. */
export type WhenContext = Readonly<Record<string, unknown>>;

type Test = (context: WhenContext) => boolean;

const tokens = /\s*(&&|\|\||==|!=|=~|!|\(|\)|\/(?:\\.|[^/\\])+\/[a-z]*|'[^']*'|\bin\b|>|[\w.:\-*]+)/gy;

/** Parses a `when` clause of package.json with the operators that ours use. */
export function parseWhen(text: string): { readonly test: Test; readonly keys: ReadonlySet<string> } {
  const found = [...text.matchAll(tokens)];
  const read = found.map(([whole]) => whole).join("");
  if (read.trim() !== text.trim()) throw new Error(`Can't read "${text.slice(read.length)}" in "${text}".`);
  const words = found.map(([, word = ""]) => word);
  const keys = new Set<string>();
  let at = 0;
  const next = (): string => words[at++] ?? "";
  const accept = (word: string): boolean => words[at] === word && (at++, true);

  function either(): Test {
    const tests = [both()];
    while (accept("||")) tests.push(both());
    return (context) => tests.some((test) => test(context));
  }
  function both(): Test {
    const tests = [term()];
    while (accept("&&")) tests.push(term());
    return (context) => tests.every((test) => test(context));
  }
  function term(): Test {
    if (accept("!")) {
      const negated = term();
      return (context) => !negated(context);
    }
    if (accept("(")) {
      const inner = either();
      if (!accept(")")) throw new Error(`No ")" in "${text}".`);
      return inner;
    }
    return comparison(next());
  }
  function comparison(key: string): Test {
    if (key === "false" || key === "true") return () => key === "true";
    keys.add(key);
    if (accept("=~")) {
      const [, source = "", flags] = /^\/(.*)\/([a-z]*)$/.exec(next()) ?? [];
      const pattern = new RegExp(source, flags);
      return (context) => pattern.test(String(context[key]));
    }
    if (accept("==")) return equals(key, next());
    if (accept("!=")) {
      const same = equals(key, next());
      return (context) => !same(context);
    }
    if (accept(">")) {
      const least = Number(next());
      return (context) => Number(context[key]) > least;
    }
    if (accept("in")) {
      const list = next();
      keys.add(list);
      return (context) => Object.hasOwn(Object(context[list]) as object, String(context[key]));
    }
    return (context) => Boolean(context[key]);
  }
  function equals(key: string, value: string): Test {
    const plain = value.replace(/^'(.*)'$/, "$1");
    return (context) => String(context[key]) === plain;
  }

  const test = either();
  if (at < words.length) throw new Error(`"${words[at]}" is not expected in "${text}".`);
  return { test, keys };
}

/** Whether an entry with this `when` clause is shown; one without a clause always is. */
export function isShown(when: string | undefined, context: WhenContext): boolean {
  return when === undefined || parseWhen(when).test(context);
}
