import { expect, it } from "vitest";
import { parseText } from "../../src/yaml/parse.ts";
import { toJson, type MapNode } from "../../src/yaml/located.ts";

const ITEMS = 1500;

/** A list of items of several lines, more than are read as a whole. */
const textOf = (item: (number: number) => string): string =>
  `name: many # a comment\nsweep:\n  experiments:\n${Array.from({ length: ITEMS }, (_, n) => item(n)).join("")}  more: 1\n`;

const usual = (n: number): string =>
  `    # item ${n}\n    - name: "e ${n}"\n      values: {a: ${n}.0, b: [x, ${n}], c: null}\n      text: >\n        folded\n        text\n`;

/** The same text in pieces and as a whole: an alias makes it be read as a whole. */
const both = (text: string): readonly ReturnType<typeof parseText>[] => [
  parseText(text),
  parseText(`${text}anchor: &a 1\nalias: *a\n`),
];

it("a long list is the same in pieces as it is as a whole, with all places", { timeout: 60_000 }, () => {
  const [pieces, whole] = both(textOf(usual));
  expect(pieces?.problems).toEqual([]);
  const experiments = (parsed: typeof whole): unknown => {
    const sweep = parsed?.value?.entries.get("sweep")?.value;
    return sweep?.kind === "map" ? sweep : undefined;
  };
  expect(experiments(pieces)).toEqual(experiments(whole));
  expect(toJson(pieces?.value as MapNode)).toMatchObject({
    name: "many",
    sweep: {
      experiments: expect.arrayContaining([
        { name: "e 7", values: { a: 7, b: ["x", 7], c: null }, text: "folded text\n" },
      ]),
      more: 1,
    },
  });
});

it.each([
  ["a key that is written twice", (n: number) => (n === 9 ? "    - {a: 1, a: 2}\n" : usual(n))],
  ["a bracket that is not closed", (n: number) => (n === 1200 ? "    - [1, 2\n" : usual(n))],
  ["a tab", (n: number) => (n === 1499 ? "    - a: 1\n\t  b: 2\n" : usual(n))],
  ["a number beyond all numbers", (n: number) => (n === 0 ? "    - 1e999\n" : usual(n))],
  ["an alias without an anchor", (n: number) => (n === 17 ? "    - *nothing\n" : usual(n))],
  ["an unknown tag", (n: number) => (n === 17 ? "    - !thing x\n" : usual(n))],
])("%s is told as in a short text", { timeout: 60_000 }, (_, item) => {
  const text = textOf(item);
  const [pieces, whole] = both(text);
  expect(pieces?.problems.length).toBeGreaterThan(0);
  const places = (parsed: typeof whole): unknown =>
    parsed?.problems.map(({ code, line, column, path }) => [code, line, column, path]);
  expect(places(pieces)).toEqual(places(whole));
});

it("a second document is told", () => {
  const { problems } = parseText(`${textOf(usual)}---\nname: other\n`);
  expect(problems.map(({ code }) => code)).toEqual(["config.syntax"]);
});
