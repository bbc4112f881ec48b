/** Commands of the Python predecessor and what replaces them. */
const RENAMED: readonly { readonly old: readonly string[]; readonly now: string }[] = [
  { old: ["experiment"], now: "lem run FILE" },
  { old: ["aggregate"], now: "lem results show DIR (a run writes its aggregate itself)" },
  { old: ["config", "validate"], now: "lem check FILE" },
  { old: ["validate"], now: "lem check FILE" },
  { old: ["init"], now: "lem config init" },
];

/** The new name of a predecessor's command, if the line begins with one. */
export function renamedCommandHint(argv: readonly string[]): string | undefined {
  const found = RENAMED.find(({ old }) => old.every((word, index) => argv[index] === word));
  return found && `"${found.old.join(" ")}" is now: ${found.now}`;
}
