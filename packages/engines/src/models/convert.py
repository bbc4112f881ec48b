"""Turns a GGUF model into a Hugging Face folder: convert.py SOURCE.gguf TARGET_FOLDER. Prints one JSON line at its end.

Standard library plus torch and transformers, whose GGUF reader gives the weights back as plain numbers; they are kept
as bfloat16. The loaded model calls itself quantised and refuses to be saved, so a plain one is built from its config.
"""

import json
import sys
from pathlib import Path


def main(source: Path, target: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
    loaded = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name, dtype=torch.float32)
    config = loaded.config
    if hasattr(config, "quantization_config"):
        del config.quantization_config
    config.dtype = torch.bfloat16
    plain = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    plain.load_state_dict(loaded.state_dict(), strict=True)
    plain.tie_weights()
    plain.save_pretrained(target)
    tokenizer.save_pretrained(target)
    print(json.dumps({"parameters": plain.num_parameters()}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
