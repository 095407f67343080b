/** Test of whether a code point belongs to a class. */
export type CharacterTest = (codePoint: number) => boolean;

const named: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  ascii: /[\0-\x7f]/,
  blank: /[\t ]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t\n\v\f\r ]/,
  upper: /[A-Z]/,
  word: /[0-9A-Za-z_]/,
  xdigit: /[0-9A-Fa-f]/,
};
const perl: Readonly<Record<string, RegExp>> = {
  d: /[0-9]/,
  D: /[^0-9]/,
  s: /[\t\n\f\r ]/,
  S: /[^\t\n\f\r ]/,
  w: /[0-9A-Za-z_]/,
  W: /[^0-9A-Za-z_]/,
};

/** Returns the class of a range of code points, both ends included. */
export function rangeClass(low: number, high: number): CharacterTest {
  return (code) => low <= code && code <= high;
}

/** Returns the class `[:name:]` or `[:^name:]`, or undefined for an unknown name. */
export function namedClass(name: string): CharacterTest | undefined {
  const negated = name.startsWith("^");
  const key = negated ? name.slice(1) : name;
  const test = Object.hasOwn(named, key) ? testOf(named[key]) : undefined;
  return negated && test ? (code) => !test(code) : test;
}

/** Returns the class `\d`, `\s`, `\w`, or one of their opposites; undefined for any other letter. */
export function perlClass(letter: string): CharacterTest | undefined {
  return Object.hasOwn(perl, letter) ? testOf(perl[letter]) : undefined;
}

/** Returns the class `\p{name}` of a general category or script, or undefined for an unknown name. */
export function unicodeClass(name: string): CharacterTest | undefined {
  if (name === "Any") return () => true;
  // Go's category `C` doesn't include unassigned code points.
  if (name === "C") return testOf(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u);
  if (!/^[A-Z][A-Za-z_]*$/.test(name) || name === "Cn") return undefined;
  const property = name.length <= 2 && name !== "Yi" ? `General_Category=${name}` : `Script=${name}`;
  try {
    return testOf(new RegExp(`\\p{${property}}`, "u"));
  } catch {
    return undefined;
  }
}

function testOf(expression: RegExp | undefined): CharacterTest | undefined {
  return expression && ((code) => expression.test(String.fromCodePoint(code)));
}
