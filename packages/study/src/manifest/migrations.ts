type Versioned = { readonly schema_version: number; readonly [field: string]: unknown };

/** One step from a version to the next, by the version that it reads. */
const STEPS: Readonly<Record<number, (older: Versioned) => Versioned>> = { 1: fromVersion1 };

/** Brings a manifest of an older version to the newest one, step by step. */
export function migrateManifest(value: Versioned): Versioned {
  const step = STEPS[value.schema_version];
  return step === undefined ? value : migrateManifest(step(value));
}

/** Version 1 knew studies of one experiment only, and not what they were made from: they cannot be resumed. */
function fromVersion1(older: Versioned): Versioned {
  const entries = (Array.isArray(older["entries"]) ? older["entries"] : []) as readonly Record<string, unknown>[];
  const { started_at = null, finished_at = null } = older;
  return {
    ...older,
    schema_version: 2,
    reason: null,
    pid: null,
    source: null,
    identity: null,
    execution: null,
    transitions: 0,
    experiments: entries.map(({ experiment_id: id }) => ({ id, engine: null, label: "" })),
    entries: entries.map((entry) => ({ ...entry, attempts: 1, started_at, finished_at })),
    retired: [],
  };
}
