import type { Matcher, Place } from "./matcher";

/** State after the first `length` UTF-16 units of the text. */
class LiteralPlace implements Place {
  readonly dead = false;

  constructor(
    readonly length: number,
    readonly accepts: boolean,
  ) {}
}

const dead: Place = { accepts: false, dead: true };

/** Matches the text of a pattern without wildcards; replaces an automaton. */
export class LiteralMatcher implements Matcher {
  readonly start: Place;
  readonly size = 1;

  constructor(private readonly text: string) {
    this.start = new LiteralPlace(0, text === "");
  }

  run(from: Place, text: string): Place {
    if (!(from instanceof LiteralPlace) || !this.text.startsWith(text, from.length)) return dead;
    const length = from.length + text.length;
    return new LiteralPlace(length, length === this.text.length);
  }

  acceptsName(from: Place, name: string): boolean {
    return (
      from instanceof LiteralPlace &&
      from.length + name.length === this.text.length &&
      this.text.startsWith(name, from.length)
    );
  }

  forget(): void {}
}
