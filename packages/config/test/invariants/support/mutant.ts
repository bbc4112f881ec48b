/**
 * Run in a copy of the sources: judges cases against CPython's recorded answers.
 * `node mutant.ts ANSWERS SEED`; ends with 0 when all agree, with 1 when the change was noticed.
 */
import { readFileSync } from "node:fs";
import { casesOf, judge } from "./batch.ts";
import type { Answer } from "./oracle.ts";

const [file = "", seed = "0"] = process.argv.slice(2);
const answers = JSON.parse(readFileSync(file, "utf8")) as readonly (readonly Answer[])[];
const cases = casesOf(Number(seed), answers.length);
const noticed = cases.some((one, index) => judge(one, answers[index] ?? []).wrong !== undefined);
process.exitCode = noticed ? 1 : 0;
