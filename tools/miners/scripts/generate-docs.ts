/** Writes docs/mining.md and docs/generated/invariants-<engine>.md from the miner and the corpora; `--check` compares. */
import { writeOrCheck } from "./generated-file.ts";
import { corpora } from "./corpora.ts";
import { invariantsPage } from "./invariants-page.ts";
import { miningPage } from "./mining-page.ts";

const found = await corpora();
writeOrCheck(
  [miningPage(found), ...found.filter(({ versions }) => versions.length > 0).map(invariantsPage)],
  process.argv,
);
