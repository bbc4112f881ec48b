import type { ConfigGap } from "@lem/domain";
import type { QualityRule } from "./rule.ts";

const namesOf = ({ section, fields }: ConfigGap): readonly string[] => fields.map((field) => `${section}.${field}`);

/** Rules about what was measured: the model, and a configuration that was not fully checked. */
export const SUBJECT_RULES: readonly QualityRule[] = [
  {
    code: "quality.synthetic-model",
    meaning: "the model has random weights",
    severity: "warn",
    find: ({ result: { model } }) =>
      model?.synthetic === true ? `${model.name} has random weights: its speed is real, its text is not` : undefined,
  },
  {
    code: "quality.fallback-model",
    meaning: "another model than the one asked for was measured",
    severity: "warn",
    hint: "check the network, or give the path of the model's files",
    find: ({ model }) =>
      model?.fallback && `${model.name} was measured in place of ${model.requested}: ${model.fallback.detail}`,
  },
  {
    code: "quality.unidentified-model",
    meaning: "the model's files have neither a revision nor a checksum",
    severity: "info",
    hint: "keep the files: nothing in the result tells them from others at the same path",
    find: ({ result: { model } }) => {
      if (model === null || model.sha256 !== undefined || model.revision !== undefined) return undefined;
      return `nothing proves that a repeat has the same files: ${model.path} has neither revision nor checksum`;
    },
  },
  {
    code: "quality.kept-loaded",
    meaning: "an earlier run of the study had loaded the model, which stayed loaded for this one",
    severity: "info",
    find: ({ result: { engine } }) =>
      engine.kept_loaded &&
      `the model had been loaded for ${engine.kept_loaded.age_s.toFixed(0)} s, by ${engine.kept_loaded.experiment_id}`,
  },
  {
    code: "quality.unchecked-keys",
    meaning: "keys were passed to the engine unchecked, through extra",
    severity: "warn",
    find: ({ result: { config } }) =>
      config.unchecked.length === 0 ? undefined : `passed on unchecked: ${config.unchecked.join(", ")}`,
  },
  {
    code: "quality.changed-keys",
    meaning: "the engine holds other values than the configuration gives, which no rule foresaw",
    severity: "warn",
    hint: "what ran is what config.effective says; lem engines gaps lists such cases",
    find: ({ result: { gaps } }) => {
      const fields = gaps.flatMap((gap) => (gap.kind === "changed" ? namesOf(gap) : []));
      return fields.length === 0 ? undefined : `the engine changed ${fields.join(", ")}`;
    },
  },
  {
    code: "quality.unforeseen-words",
    meaning: "the engine refused or warned about keys that the rules had passed",
    severity: "info",
    hint: "the log has its words; lem engines gaps lists such cases",
    find: ({ result: { gaps } }) => {
      const fields = gaps.flatMap((gap) => (gap.kind === "refused" || gap.kind === "warned" ? namesOf(gap) : []));
      return fields.length === 0
        ? undefined
        : `no rule foresaw what the engine said of ${[...new Set(fields)].join(", ")}`;
    },
  },
  {
    code: "quality.corpus-version",
    meaning: "the parameter rules are missing, or of another version of the engine",
    severity: "warn",
    hint: "the engine itself has accepted the configuration; its own rules were not applied before",
    find: ({ result: { config, engine } }) => {
      const used = [config.corpus, ...(config.corpus.rules === undefined ? [] : [config.corpus.rules])];
      const other = used.find(({ status }) => status === "other-version");
      const none = used.every(({ status }) => status === "missing");
      if (other === undefined && !none) return undefined;
      const known = other === undefined ? "there are none for it" : `they are those of ${other.version}`;
      return `the parameter rules are not of ${engine.name} ${engine.version}: ${known}`;
    },
  },
];
