import assert from "node:assert/strict";
import { Random } from "../../../scripts/oracle/random.mjs";
import { breakSyntax, defuseDetail, defuseLabel, defuseMessage } from "../../../src/core/text/defuse";
import { visible } from "../../../src/core/text/visible";
import { asNotification, hidden, vscodeIcon, vscodeLink } from "./vscodeFacts";
import { leastWorkMs } from "../../support/workTime";

const link = "[x](command:workbench.action.openSettings)";

const cases: readonly { readonly truth: string; readonly text: string; readonly shown: string }[] = [
  { truth: "a link to a command", text: link, shown: "[x] (command:workbench.action.openSettings)" },
  {
    truth: "a link with arguments and a title",
    text: '[a b](command:x?%5B%22rm%22%5D "t")',
    shown: '[a b] (command:x?%5B%22rm%22%5D "t")',
  },
  {
    truth: "links to pages and files",
    text: "[x](https://e.test/)[y](FILE:///etc)",
    shown: "[x] (https://e.test/)[y] (FILE:///etc)",
  },
  { truth: "a link in a link's text", text: "[[x](command:a)](command:b)", shown: "[[x] (command:a)] (command:b)" },
  { truth: "a link over lines", text: "[x\ny](command:a)", shown: "[x↵y] (command:a)" },
  {
    truth: "a link whose halves a hidden character keeps apart",
    text: "[ж]\u200d(command:a)",
    shown: "[ж]�(command:a)",
  },
  { truth: "an icon", text: "$(alert) $(sync~spin)", shown: "$ (alert) $ (sync~spin)" },
  { truth: "an escaped icon", text: "\\$(alert)", shown: "\\$ (alert)" },
  { truth: "an icon cut off by the end", text: "a $(al", shown: "a $ (al" },
  { truth: "what is no icon", text: "$(cat /etc/passwd) $() f(x) a](b", shown: "$(cat /etc/passwd) $() f(x) a] (b" },
  {
    truth: "escape codes",
    text: "\x1b[31mred\x1b[0m \x1b]8;;http://e\x07l\x1b]8;;\x07",
    shown: "�[31mred�[0m �]8;;http://e�l�]8;;�",
  },
  { truth: "control characters of eight bits", text: "a\x9b31mb\x7f", shown: "a�31mb�" },
  { truth: "line ends of every kind", text: "a\r\nb\nc\rd\u2028e\u0085f\vg", shown: "a↵b↵c↵d↵e↵f↵g" },
  { truth: "a tab", text: "a\tb", shown: "a b" },
  { truth: "an order turned around", text: "exe.\u202egpj.\u2066x\u2069\u200f", shown: "exe.�gpj.�x��" },
  { truth: "characters without a width", text: "a\u200bb\u2060c\ufeffd\u00ade", shown: "a�b�c�d�e" },
  { truth: "joiners of words and emoji", text: "می\u200cخواهم 👩\u200d💻 a\u200db", shown: "میخواهم 👩💻 a�b" },
  { truth: "halves of characters", text: "a\ud83db\ude00 😀", shown: "a�b� 😀" },
  { truth: "letters of all kinds", text: "Grüße, 世界, مرحبا, é", shown: "Grüße, 世界, مرحبا, é" },
];

describe("texts in which something is hidden", () => {
  const ignorable = /[\p{Default_Ignorable_Code_Point}\p{Cc}\ufff9-\ufffb]/u;

  it("show that it is there, whichever character hides it", () => {
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      if (!ignorable.test(character) || "\t\n\v\f\r\u0085".includes(character)) continue;
      assert.equal(visible(`a${character}b`), "a\ufffdb", code.toString(16));
      assert.equal(visible(character.repeat(3)), "\ufffd".repeat(3), code.toString(16));
    }
  });

  it("keep emoji and characters with one selector", () => {
    assert.equal(visible("❤\ufe0f 葛\u{e0100}城 1\ufe0f\u20e3"), "❤ 葛城 1\u20e3");
    assert.equal(visible("❤\ufe0f\ufe01\ufe02 😀\u{e0101}\u{e0102}"), "❤\ufffd\ufffd 😀\ufffd");
  });
});

describe("a text from elsewhere", () => {
  for (const { truth, text, shown } of cases) {
    it(`is shown with its characters and does nothing: ${truth}`, () => {
      assert.equal(defuseLabel(text), shown);
      assert.equal(defuseLabel(shown), shown, "what is harmless stays");
    });
  }

  it("keeps its lines where a text has several", () => {
    assert.equal(visible("a\r\nb\rc\td\u2028e\x1b", "lines"), "a\nb\nc\td↵e�");
  });

  it("has no link, icon or hidden character on any surface, for any templates and arguments", () => {
    const seed = Date.now() % 1e9;
    const random = new Random(seed);
    const templates = [
      '"{0}" is not in the image: line 3 of {1} ({0}).',
      "{0}{1}",
      "[{0}]({1})",
      "[{0}{1})",
      "{0}]({1}",
      "{0}\n{1}",
      "$({0})",
      "$({0}{1}",
      "Cannot read {0}: {1}. Try again.",
    ];
    const pieces = [
      "[",
      "]",
      "(",
      ")",
      "](",
      "$(",
      "$",
      "\\",
      "\n",
      "\r",
      "\t",
      " ",
      '"',
      "'",
      "`",
      "command:",
      "COMMAND:",
      "https://",
      "http://",
      "file:",
      "alert",
      "sync~spin",
      "a",
      "é",
      "世",
      "😀",
      "\ud83d",
      "\ude00",
      "\u200b",
      "\u200c",
      "\u200d",
      "\u202e",
      "\u2028",
      "\u0085",
      "\x1b",
      "\x9b",
      "\x00",
      "\ufeff",
      "x".repeat(300),
      link,
      "$(alert)",
      "\u{e0041}",
    ];
    const piece = (): string => Array.from({ length: random.below(9) }, () => random.pick(pieces)).join("");
    let harmful = 0;
    for (let i = 0; i < 20_000; i++) {
      const [a, b] = [piece(), piece()];
      const template = random.pick(templates);
      const put = (one: string, two: string): string =>
        template.replaceAll(/\{[01]\}/g, (key) => (key === "{0}" ? one : two));
      const raw = put(a, b);
      if (raw.match(vscodeLink) || raw.match(vscodeIcon)) harmful++;
      for (const text of [raw, put(defuseLabel(a), defuseLabel(b)), put(a, defuseLabel(b))]) {
        const shown = {
          message: asNotification(defuseMessage(text)),
          label: defuseLabel(text),
          detail: defuseDetail(text),
        };
        for (const [surface, words] of Object.entries(shown)) {
          const said = `seed ${seed}, ${surface}: ${JSON.stringify(text)} → ${JSON.stringify(words)}`;
          assert.doesNotMatch(words, vscodeLink, said);
          assert.doesNotMatch(words, vscodeIcon, said);
          assert.doesNotMatch(words, hidden, said);
          assert.doesNotMatch(words, /\p{Cs}/u, said);
        }
      }
    }
    assert.ok(harmful > 2_000, `only ${harmful} of the texts would have done something`);
  });

  it("is no link where VS Code puts a title before it or text after it", () => {
    for (const [title, message] of [
      ["[x]", "(command:a)"],
      ["[x", "](command:a)"],
      ["$(al", "ert)"],
    ] as const) {
      for (const between of [": ", " "]) {
        const shown = defuseLabel(title) + between + defuseLabel(message);
        assert.doesNotMatch(shown, vscodeLink);
        assert.doesNotMatch(shown, vscodeIcon);
      }
    }
  });

  it("leaves a message room for its end, which says what to do", () => {
    const path = "d/".repeat(2_000);
    const remedy = "Check that it is running and that the address is right.";
    for (const name of [
      path,
      `${"a b ".repeat(2_000)}`,
      '"'.repeat(5_000),
      "[x](command:a)".repeat(500),
      "\n".repeat(5_000),
      "😀".repeat(3_000),
    ]) {
      const message = defuseMessage(`Can't reach "${name}" of "${name}" (${name}). ${remedy}`);
      assert.ok(asNotification(message).endsWith(remedy), message);
      assert.ok(message.startsWith("Can't reach"), message);
      assert.doesNotMatch(message, /\p{Cs}/u);
    }
    assert.match(defuseMessage(`"${path}" is too long.`), /^"d\/d.*….*d\/" is too long\.$/);
    assert.ok(defuseLabel(path).length <= 300);
  });

  it("takes time in proportion to its length, and no more than 50 ms for 100 kB", () => {
    const hostile = ["[", "](", "$(", "$(a", "\r", "\x1b[", '"', "[x](command:a) ", "\ud83d", "\u200d", "a b", "世"];
    for (const each of hostile) {
      const text = each.repeat(Math.ceil(100_000 / each.length));
      for (const defuse of [defuseLabel, defuseMessage, defuseDetail, breakSyntax, visible]) {
        const took = leastWorkMs(() => defuse(text), 50);
        assert.ok(took < 50, `${defuse.name} of ${JSON.stringify(each)} took ${took} ms`);
      }
    }
  });
});
