import type { Target } from "./target.ts";

/** Hugging Face transformers: the generation settings and the quantization settings. */
export const TRANSFORMERS: Target = {
  engine: "transformers",
  packages: ["transformers"],
  root: "transformers",
  classes: [{ name: "transformers.GenerationConfig", methods: ["validate"] }],
  families: [
    {
      base: "transformers.utils.quantization_config.QuantizationConfigMixin",
      module: "transformers.utils.quantization_config",
    },
  ],
  landmarks: [
    "transformers.GenerationConfig.__init__",
    "transformers.GenerationConfig.validate",
    "transformers.BitsAndBytesConfig.post_init",
    "transformers.GPTQConfig.post_init",
    "transformers.utils.quantization_config.QuantizationConfigMixin.from_dict",
  ],
};
