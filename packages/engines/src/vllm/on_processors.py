"""What lem sets where the engine computes on processors, and the user did not."""

import json
import os

KV_CACHE_KEYS = {"kv_cache_memory_bytes", "gpu_memory_utilization", "num_gpu_blocks_override"}
BY_WORK = {"kv_cache_memory_bytes"}  # of what is decided here, what follows the work
KV_CACHE_VARIABLE = "VLLM_CPU_KVCACHE_SPACE"
LEAST_KV_CACHE_B = 256 << 20
UNKNOWN_KV_CACHE_B = 4 << 30
BLOCK_TOKENS = 128
BYTES_A_VALUE = 4  # float32, the widest


def defaults(request, given):
    """Compiling takes minutes at each start; the engine's own share of memory is nearly all that a node has."""
    found = {}
    if "enforce_eager" not in given and "compilation_config" not in given:
        found["enforce_eager"] = True
    if not KV_CACHE_KEYS & given.keys() and not os.environ.get(KV_CACHE_VARIABLE):
        found["kv_cache_memory_bytes"] = kv_cache_bytes(request, given)
    return found


def kv_cache_bytes(request, given):
    """Room for the requests that run side by side, and for one of the longest that the engine takes."""
    try:
        with open(os.path.join(request["model"], "config.json")) as file:
            shape = json.load(file)
        heads = shape.get("num_key_value_heads") or shape["num_attention_heads"]
        size = shape.get("head_dim") or shape["hidden_size"] // shape["num_attention_heads"]
        a_token = 2 * shape["num_hidden_layers"] * heads * size * BYTES_A_VALUE
        longest = given.get("max_model_len") or shape["max_position_embeddings"]
        side_by_side = request["parallel"] * (request["max_sequence_tokens"] + BLOCK_TOKENS)
        needed = a_token * (max(int(longest), side_by_side) + BLOCK_TOKENS)
    except (OSError, ValueError, KeyError, TypeError):
        needed = UNKNOWN_KV_CACHE_B
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(max(needed, LEAST_KV_CACHE_B), free // 2)
