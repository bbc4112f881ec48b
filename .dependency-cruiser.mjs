/** Layers from the bottom up: a package may import those before it and no other. */
const LAYERS = ["domain", "config", "engines", "harness", "study", "report", "cli"];

const layerRules = LAYERS.map((layer, index) => ({
  name: `layer-${layer}`,
  severity: "error",
  comment: `arrows point down: ${layer} may not import ${LAYERS.slice(index + 1).join(", ") || "anything above"}`,
  from: { path: `^packages/${layer}/src` },
  to: { path: `^packages/(${LAYERS.slice(index + 1).join("|") || "none"})/` },
}));

const forbidden = [
  ...layerRules,
  {
    name: "report-reads-files-only",
    severity: "error",
    comment: "report renders results; it never runs an engine, so it sees the domain only",
    from: { path: "^packages/report/src" },
    to: { path: "^packages/(config|engines|harness|study)/" },
  },
  {
    name: "miners-are-a-leaf",
    severity: "error",
    comment: "nobody imports the miner; it imports domain, config and the runners only",
    from: { path: "^packages/" },
    to: { path: "^tools/" },
  },
  {
    name: "held-out-sampler",
    severity: "error",
    comment: "what draws configurations to score rules with knows neither the rules nor how they were come by",
    from: { path: "^tools/miners/src/score/sample/" },
    to: {
      path: [
        "^tools/miners/src/(candidates|emit|gaps|lift|prove|walk)/",
        "^tools/miners/src/score/[^/]+$",
        "^packages/config/src/(corpus|corpora)",
      ],
    },
  },
  {
    name: "entry-point-only",
    severity: "error",
    comment: "another package is imported by its name, through its declared exports",
    from: { path: "^packages/([^/]+)/src" },
    to: {
      path: "^packages/[^/]+/src",
      pathNot: ["^packages/$1/", "^packages/[^/]+/src/[^/]+\\.ts$", "^packages/[^/]+/src/[^/]+/index\\.ts$"],
    },
  },
  {
    name: "adapters-are-siblings",
    severity: "error",
    comment: "engines never know each other; what two share lives in worker, runners or models",
    from: { path: "^packages/engines/src/(transformers|vllm|tensorrt-llm|llama-cpp)/" },
    to: {
      path: "^packages/engines/src/(transformers|vllm|tensorrt-llm|llama-cpp)/",
      pathNot: "^packages/engines/src/$1/",
    },
  },
  {
    name: "child-process-allow-list",
    severity: "error",
    comment: "processes are started in the runners, where they are also ended",
    from: { path: "^(packages|tools)/[^/]+/src", pathNot: "^packages/engines/src/runners/" },
    to: { path: "^(node:)?child_process$" },
  },
  {
    name: "ffi-only-in-host",
    severity: "error",
    comment: "foreign functions are called for host facts only",
    from: { path: "^packages/", pathNot: "^packages/engines/(src|test)/host/" },
    to: { path: "koffi" },
  },
  {
    name: "config-without-fs",
    severity: "error",
    comment: "@lem/config is also for other people's programs: only its loader files touch the disk",
    from: { path: "^packages/config/src", pathNot: "^packages/config/src/(load|corpora)\\.ts$" },
    to: { path: "^(node:)?fs(/promises)?$" },
  },
  {
    name: "domain-is-pure",
    severity: "error",
    comment: "the words of the trade need nothing but a hash",
    from: { path: "^packages/domain/src" },
    to: { path: ".", pathNot: ["^packages/domain/src", "^(node:)?crypto$"] },
  },
  {
    name: "not-to-test",
    severity: "error",
    comment: "sources do not import tests",
    from: { path: "/src/" },
    to: { path: "/test/" },
  },
  { name: "no-circular", severity: "error", comment: "a cycle has no plan", from: {}, to: { circular: true } },
  {
    name: "not-to-unresolvable",
    severity: "error",
    comment: "an import that resolves nowhere, or an undeclared dependency",
    from: {},
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden,
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".js", ".mjs"],
    },
  },
};
