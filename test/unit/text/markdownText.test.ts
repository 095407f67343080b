import assert from "node:assert/strict";
import { codeMarkdown, linkTarget, plainMarkdown, proseMarkdown } from "../../../src/core/text/markdownText";

/** What becomes a link, a picture or an element where no character before it takes its meaning away. */
const live = [/(?<!\\)\]\(/, /(?<!\\)!\[/, /<[^ ]/, /https?:\/\//i, /ftp:\/\//i, /www\./i, /[\w.]@\w/, /(?<!\\)[*_`#]/];

describe("a text from elsewhere in Markdown", () => {
  const texts = [
    "[x](command:a)",
    "![x](http://e.test/x.png)",
    "<img src=x onerror=y>",
    "<https://e.test>",
    "see https://e.test/a?b=c",
    "ftp://e.test",
    "www.e.test",
    "me@e.test",
    "mailto:me@e.test",
    "# h",
    "**b** _i_ `c`",
    "```\nx\n```",
    "[x]: https://e.test",
    "&lt;b&gt;",
    "a\n\n[x](command:b)",
    "| a | b |",
    "~~s~~",
  ];

  for (const text of texts) {
    it(`does nothing: ${JSON.stringify(text)}`, () => {
      const shown = plainMarkdown(text);
      for (const pattern of live) assert.doesNotMatch(shown, pattern);
      assert.doesNotMatch(shown, /\n/);
    });
  }

  it("is no code for its leading spaces", () => {
    assert.equal(plainMarkdown("    x"), "&nbsp;&nbsp;&nbsp;&nbsp;x");
  });

  it("stays in its code, whatever backticks it has", () => {
    assert.equal(codeMarkdown("a"), "`a`");
    assert.equal(codeMarkdown("a`b"), "``a`b``");
    assert.equal(codeMarkdown("``"), "``` `` ```");
    assert.equal(codeMarkdown("a\nb"), "`a↵b`");
    assert.equal(codeMarkdown("  "), "  ");
  });

  it("leaves our own prose readable, and what is between its backticks code", () => {
    assert.equal(proseMarkdown("Use `a*b`, not *c*."), "Use `a*b`, not \\*c\\*.");
    assert.equal(proseMarkdown("`` ` `` [l](https://e.test) `"), "  ` [l](https://e.test) `");
    assert.doesNotMatch(proseMarkdown("one ` alone [l](https://e.test)"), /\]\(https:/);
  });

  it("cannot end a link's target", () => {
    assert.equal(linkTarget("command:a?%5B%22b)%20[x](c\"d'e<f>"), "command:a?%5B%22b%29%20%5bx%5d%28c%22d%27e%3cf%3e");
  });
});
