import assert from "node:assert/strict";
import { back } from "../../../src/vscode/ui/back";
import { ask, counted, type Step } from "../../../src/vscode/ui/flow";

/** Steps `a`, `b`, … that answer from a script: `!` answers, `.` has nothing to ask, `<` goes back, `x` dismisses. */
async function play(script: Record<string, string>): Promise<{ result: string | undefined; seen: string[] }> {
  const seen: string[] = [];
  const left = new Map(Object.entries(script).map(([name, moves]) => [name, [...moves]]));
  const steps = Object.keys(script).map((name): Step<string> => async (draft, { canGoBack }) => {
    seen.push(`${name}(${draft})${canGoBack ? "<" : ""}`);
    const move = left.get(name)?.shift() ?? "!";
    if (move === "x") return undefined;
    if (move === "<") return back;
    return { draft: draft + name, asked: move === "!" };
  });
  return { result: await ask("", steps), seen };
}

describe("a flow of questions", () => {
  const cases: readonly {
    readonly truth: string;
    readonly script: Record<string, string>;
    readonly result: string | undefined;
    readonly seen: string;
  }[] = [
    { truth: "goes through all steps", script: { a: "!", b: "!" }, result: "ab", seen: "a() b(a)<" },
    { truth: "without steps changes nothing", script: {}, result: "", seen: "" },
    {
      truth: "ends when a question is dismissed",
      script: { a: "!", b: "x", c: "!" },
      result: undefined,
      seen: "a() b(a)<",
    },
    {
      truth: "goes back to the draft as it was",
      script: { a: "!", b: "<!" },
      result: "ab",
      seen: "a() b(a)< a() b(a)<",
    },
    {
      truth: "goes back past what was not asked",
      script: { a: "!!", b: "..", c: "<!" },
      result: "abc",
      seen: "a() b(a)< c(ab)< a() b(a)< c(ab)<",
    },
    {
      truth: "offers no way back before the first question",
      script: { a: ".", b: "!", c: "!" },
      result: "abc",
      seen: "a() b(a) c(ab)<",
    },
    {
      truth: "goes back twice",
      script: { a: "!", b: "!<", c: "<!" },
      result: "abc",
      seen: "a() b(a)< c(ab)< b(a)< a() b(a)< c(ab)<",
    },
  ];
  for (const { truth, script, result, seen } of cases) {
    it(truth, async () => assert.deepEqual(await play(script), { result, seen: seen === "" ? [] : seen.split(" ") }));
  }

  it("counts the prompts as soon as each step knows whether it prompts, and not a single one", async () => {
    const seen: string[] = [];
    const step = (name: string, willAsk: (draft: string) => boolean | undefined): Step<string> =>
      counted(async (draft, { step: number, totalSteps }) => {
        const isAsked = willAsk(draft) ?? true;
        if (isAsked) seen.push(`${name} ${number ?? "?"}/${totalSteps ?? "?"}`);
        return { draft: draft + name, asked: isAsked };
      }, willAsk);
    const always = step("b", () => true);
    const known = [step("a", () => true), always, step("c", () => false), step("d", () => true)];
    assert.equal(await ask("", known), "abcd");
    assert.deepEqual(seen.splice(0), ["a 1/3", "b 2/3", "d 3/3"]);
    await ask("", [step("a", (draft) => (draft === "" ? undefined : true)), always, step("c", () => true)]);
    assert.deepEqual(seen.splice(0), ["a ?/?", "b 2/3", "c 3/3"]);
    await ask("", [always, step("c", () => false)]);
    assert.deepEqual(seen.splice(0), ["b ?/?"]);
    await ask("", [always, async (draft) => ({ draft, asked: false })]);
    assert.deepEqual(seen, ["b ?/?"]);
  });

  it("proposes what was answered before, wherever a person has gone back from", async () => {
    const proposals: string[] = [];
    const moves = ["first", "second", back, back, "changed", "last"];
    const step =
      (key: string): Step<Readonly<Record<string, string>>> =>
      async (draft, { last }) => {
        proposals.push(`${key}: ${last?.[key] ?? "nothing"}`);
        const move = moves.shift() ?? "";
        return move === back ? back : { draft: { ...draft, [key]: String(move) }, asked: true };
      };
    assert.deepEqual(await ask({}, [step("a"), step("b"), step("c")]), { a: "changed", b: "last", c: "" });
    assert.deepEqual(proposals, [
      "a: nothing",
      "b: nothing",
      "c: nothing",
      "b: second",
      "a: first",
      "b: second",
      "c: nothing",
    ]);
  });
});
