/** An example of a README: what it shows, its code, and the lines that it says are printed. */
export type ReadmeExample = readonly [imports: string, code: string, printed: readonly string[]];

/** The TypeScript examples of a README. A comment after `console.log(...)` is what that prints. */
export const examplesOf = (readme: string): readonly ReadmeExample[] =>
  [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => {
    const imports = /import \{ (.*?) \}/.exec(code)?.[1] ?? "";
    const printed = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text = ""]) => text);
    return [imports, code, printed];
  });
