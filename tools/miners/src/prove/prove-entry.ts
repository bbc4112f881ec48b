import { readsOf, type Expr, type PyValue, type Values } from "@lem/config/invariants";
import { seededRandom } from "@lem/domain";
import { neverKnown } from "../walk/recorder.ts";
import type { EntryModel } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { Probe } from "../probe/protocol.ts";
import type { TargetCall } from "../targets/target.ts";
import { valueOf, type Background } from "./background.ts";
import { acceptedBase } from "./base.ts";
import { claimsOf, type ClaimContext } from "./claims.ts";
import { smallestCounterexample } from "./counterexample.ts";
import { decide, quieted, type Decision, type QuarantineReason, type RefutedClaim } from "./decide.ts";
import { proveEffective, type EffectiveProof } from "./effective.ts";
import { atomEffects, type AtomEffect, type Search } from "./independence.ts";
import { judged, type JudgedClaim } from "./judge.ts";
import { learnedCandidates } from "./learn.ts";
import { ModelFinder, type ModelSpace } from "./models.ts";
import { Observer, type Observation } from "./observe.ts";
import { poolsOf, withSamples } from "./pools.ts";
import { randomInputs, STRATA, type Stratum } from "./random-inputs.ts";
import type { Claim } from "./signs.ts";
import { ClaimIndex, ObservationIndex } from "./relevant.ts";
import { NONE, Tallying, type Tally } from "./tally.ts";
import { refusalPredicted, scoreUnion, type UnionScore } from "./union.ts";
import { witnessesOf, type WitnessBudget } from "./witnesses.ts";

/** What is proven: the candidates of one class, with all that their conditions depend on. */
export interface ProofTask {
  readonly model: EntryModel;
  readonly calls: readonly TargetCall[];
  readonly sites: readonly LedgerSite[];
  readonly facts: Values;
  /** Keywords without which the class cannot be constructed. */
  readonly fixture: Values;
  /** Values worth trying that no condition names. */
  readonly samples?: ReadonlyMap<string, readonly PyValue[]> | undefined;
  /** Values that no condition builds: containers with several parts. They say nothing of what else is allowed. */
  readonly built?: ReadonlyMap<string, readonly PyValue[]>;
  readonly seed: number;
  readonly budget: WitnessBudget & { readonly random: number };
}

/** A claim that the class confirmed. */
export interface ProvenClaim {
  readonly claim: Claim;
  readonly tally: Tally;
  /** What is known of the effect of each atom of the condition. */
  readonly atoms: readonly AtomEffect[];
  /** The class does it in other cases too. */
  readonly isPartial: boolean;
}

/** What came out for one class. */
export interface EntryProof {
  readonly entry: string;
  readonly background: Background;
  readonly base: Values | undefined;
  readonly proven: readonly ProvenClaim[];
  readonly refuted: readonly RefutedClaim[];
  readonly effective: EffectiveProof;
  readonly scores: Readonly<Record<Stratum, UnionScore>>;
  readonly observations: readonly Observation[];
  readonly troubles: Observer["troubles"];
}

const ROUNDS = 3;
/** What one round learns shows what else there is behind it, and its counterexamples what it hangs on besides. */
const LEARNING_ROUNDS = 4;

const readsInput = ({ claim }: JudgedClaim): boolean => readsOf(claim.candidate.when).fields.length > 0;

const isThin = (decision: Decision): boolean => decision.kind === "refuted" && decision.reason === "thin";

/** Proves the candidates of one class on the real class. */
export async function proveEntry(task: ProofTask, probe: Probe): Promise<EntryProof> {
  const background = { defaults: defaultsOf(task), facts: task.facts };
  const session = new Proof(task, background, probe);
  return await session.run();
}

/** The defaults that come to a value with the facts of this machine. */
export function defaultsOf({ model, facts }: Pick<ProofTask, "model" | "facts">): Values {
  const known = new Map<string, PyValue>();
  for (const { name, default: usual } of model.parameters) {
    const value = usual === undefined ? undefined : valueOf(usual, { defaults: known, facts })(known);
    if (value !== undefined) known.set(name, value);
  }
  return known;
}

class Proof {
  readonly #task: ProofTask;
  readonly #background: Background;
  readonly #observer: Observer;
  readonly #errorStages: readonly number[];
  readonly #refuted: RefutedClaim[] = [];
  readonly #witnessed = new Set<JudgedClaim>();
  readonly #tallying = new Tallying();
  #alive: readonly JudgedClaim[];

  constructor(task: ProofTask, background: Background, probe: Probe) {
    const { model, calls } = task;
    this.#task = task;
    this.#background = background;
    this.#observer = new Observer(probe, { entry: model.entry, calls, report: Object.keys(model.effective) });
    this.#errorStages = [0, ...calls.flatMap(({ severity }, at) => (severity === "error" ? [at + 1] : []))];
    const claims = claimsOf(model.candidates, this.#claimContext).map((claim) => judged(claim, background));
    const isLong = (model.parts?.length ?? 0) > 0;
    this.#alive = claims.filter(({ claim }) => !isLong || !neverKnown(claim.candidate.when));
    const tally = { counts: { ...NONE, open: 1 }, contradictions: [] };
    for (const { claim } of claims.filter((each) => !this.#alive.includes(each)))
      this.#refuted.push({ claim, tally, reason: "unknown", counterexample: undefined });
  }

  get #claimContext(): ClaimContext {
    const { sites, facts } = this.#task;
    return { sites, facts, errorStages: this.#errorStages };
  }

  async run(): Promise<EntryProof> {
    const { model, seed, fixture, budget } = this.#task;
    const random = seededRandom(seed);
    const pools = this.#pools();
    const required = model.parameters.filter((each) => each.default === undefined).map(({ name }) => name);
    const base = await acceptedBase(this.#observer, { fixture, required, pools, random });
    const space: ModelSpace = { background: this.#background, pools, base: base ?? fixture, random };
    const finder = new ModelFinder(space);
    for (let round = 0; round < ROUNDS; round += 1) {
      await this.#witness(space, finder);
      const changed = await this.#sift(false);
      if (!changed && !this.#isAnyThin()) break;
    }
    const strata = new Map<Stratum, readonly Observation[]>();
    for (const stratum of STRATA) {
      const predicates = model.candidates.map(({ when }) => when);
      const inputs = randomInputs(stratum, budget.random, { space, finder, predicates });
      strata.set(
        stratum,
        (await this.#observer.observe(inputs)).filter((each) => each !== undefined),
      );
    }
    await this.#settle();
    for (let round = 0; round < LEARNING_ROUNDS && (await this.#learn()); round += 1) {
      await this.#witness(space, finder);
      await this.#settle();
    }
    for (let round = 0; round < ROUNDS && this.#isAnyThin(); round += 1) {
      await this.#witness(space, finder, true);
      await this.#settle();
    }
    const proven = await this.#finish({ space, finder, observer: this.#observer });
    const effective = await proveEffective(model, this.#background, this.#observer);
    const score = (stratum: Stratum): UnionScore =>
      scoreUnion(this.#alive, strata.get(stratum) ?? [], { errorStages: this.#errorStages, required });
    return {
      entry: model.entry,
      background: this.#background,
      base,
      proven,
      refuted: this.#refuted,
      effective,
      scores: { typed: score("typed"), wild: score("wild"), "co-read": score("co-read") },
      observations: this.#observer.all,
      troubles: this.#observer.troubles,
    };
  }

  #pools(): ReturnType<typeof poolsOf> {
    const { candidates, effective, parameters } = this.#task.model;
    const predicates = [
      ...candidates.flatMap(({ when, outcome }): Expr[] =>
        outcome.kind === "normalise" ? [when, outcome.to] : [when],
      ),
      ...Object.values(effective),
    ];
    const names = [...parameters.map(({ name }) => name), ...this.#otherKeys()];
    const usual = names.map((name) => [name, this.#background.defaults.get(name)] as const);
    const pools = poolsOf(predicates, new Map(usual), this.#background.facts);
    return withSamples(withSamples(withSamples(pools, this.#task.samples), this.#task.built), this.#hints);
  }

  get #hints(): ReadonlyMap<string, readonly PyValue[]> {
    return new Map(Object.entries(this.#task.model.hints ?? {}));
  }

  /** Keys that conditions read though they are no parameters, of a class that takes any. */
  #otherKeys(): readonly string[] {
    const { candidates, unknownKeys } = this.#task.model;
    if (unknownKeys !== "accept") return [];
    return [
      ...new Set(candidates.flatMap(({ when }) => readsOf(when).fields.map((path) => path.split(".")[0] ?? path))),
    ];
  }

  /** Tries witnesses of every claim that has too few yet. */
  async #witness(space: ModelSpace, finder: ModelFinder, onlyThin = false): Promise<void> {
    const tallies = this.#tallying.of(this.#alive, this.#observer.all);
    const inputs: Values[] = [];
    const index = new ClaimIndex(this.#alive);
    for (const each of this.#alive) {
      const decision = decide(tallies.get(each) as Tally, readsInput(each));
      if (decision.kind === "accepted" && this.#witnessed.has(each)) continue;
      if (onlyThin && !isThin(decision)) continue;
      const { when, stage } = each.claim.candidate;
      const isOther = ({ claim }: JudgedClaim): boolean =>
        claim.group !== each.claim.group && claim.candidate.stage <= stage;
      const hidden = (given: Values): boolean => refusalPredicted(index.of(given).filter(isOther), given);
      const found = witnessesOf({ when, space, finder, hidden, budget: this.#task.budget });
      inputs.push(...found.positives, ...found.negatives);
      this.#witnessed.add(each);
    }
    await this.#observer.observe(inputs);
  }

  /** Whether a claim would be accepted if only it were confirmed more often. */
  #isAnyThin(): boolean {
    const tallies = this.#tallying.of(this.#alive, this.#observer.all);
    return this.#alive.some((each) => {
      return isThin(decide(tallies.get(each) as Tally, readsInput(each)));
    });
  }

  async #settle(): Promise<void> {
    while (await this.#sift(false));
  }

  /** Adds candidates for refusals that nothing predicts; true when there are any. */
  async #learn(): Promise<boolean> {
    const { model, sites, samples } = this.#task;
    const learned = await learnedCandidates({
      entry: model.entry,
      sites,
      background: this.#background,
      observer: this.#observer,
      rules: this.#alive,
      errorStages: this.#errorStages,
      samples,
      hints: this.#hints,
      refuted: this.#refuted,
    });
    const claims = claimsOf(learned, this.#claimContext).map((claim) => judged(claim, this.#background));
    this.#alive = [...this.#alive, ...claims];
    return claims.length > 0;
  }

  /** Puts aside what the class contradicts, and mends what only raises too often; true when something changed. */
  async #sift(isLast: boolean): Promise<boolean> {
    const tallies = this.#tallying.of(this.#alive, this.#observer.all);
    const next: JudgedClaim[] = [];
    const refuted: Promise<RefutedClaim>[] = [];
    for (const each of this.#alive) {
      const tally = tallies.get(each) as Tally;
      const decision = decide(tally, readsInput(each));
      if (decision.kind === "quiet") next.push(this.#quiet(each));
      else if (decision.kind === "refuted" && (isLast || tally.counts.broad > 0))
        refuted.push(this.#refutation(each, tally, decision.reason));
      else next.push(each);
    }
    this.#refuted.push(...(await Promise.all(refuted)));
    const changed = next.length !== this.#alive.length || next.some((each, at) => each !== this.#alive[at]);
    this.#alive = next;
    return changed;
  }

  #quiet({ claim }: JudgedClaim): JudgedClaim {
    const { candidate } = claim;
    return judged({ ...claim, candidate: { ...candidate, when: quieted(candidate.when) } }, this.#background);
  }

  async #refutation(each: JudgedClaim, tally: Tally, reason: QuarantineReason): Promise<RefutedClaim> {
    const [start] = tally.contradictions;
    const counterexample =
      start === undefined ? undefined : await smallestCounterexample(this.#alive, each, start, this.#observer);
    return { claim: each.claim, tally, reason, counterexample };
  }

  async #finish(search: Search): Promise<readonly ProvenClaim[]> {
    await this.#sift(true);
    const seen = new ObservationIndex(this.#observer.all);
    const [plain] = this.#observer.all;
    const found = this.#alive.map(async (each) => {
      const concerned = seen.of([each]);
      const compared = plain === undefined || concerned.includes(plain) ? concerned : [plain, ...concerned];
      return [each, await atomEffects(each, compared, search)] as const;
    });
    const effects = new Map<JudgedClaim, readonly AtomEffect[]>(await Promise.all(found));
    await this.#sift(true);
    const tallies = this.#tallying.of(this.#alive, this.#observer.all);
    const proven = this.#alive.map((each): ProvenClaim => {
      const tally = tallies.get(each) as Tally;
      return { claim: each.claim, tally, atoms: effects.get(each) ?? [], isPartial: tally.counts.narrow > 0 };
    });
    const partial = this.#alive.filter((_, at) => proven[at]?.isPartial === true);
    const narrow = partial.map((each) => this.#refutation(each, tallies.get(each) as Tally, "over-narrow"));
    this.#refuted.push(...(await Promise.all(narrow)));
    return proven;
  }
}
