/**
 * Variables that an engine may need: to find files, to speak, and its own settings, which users give that way. All
 * others stay behind, among them PYTHONPATH and NODE_OPTIONS, which would load other code than the one measured.
 */
const PASSED: readonly RegExp[] = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|TZ|LANG|LC_\w+|TMPDIR|XDG_\w+|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|SYSTEMROOT)$/,
  /^(https?_proxy|no_proxy|all_proxy|HTTPS?_PROXY|NO_PROXY|ALL_PROXY|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE)$/,
  /^(CUDA|NVIDIA|NCCL|CUDNN|CUBLAS|HIP|ROCR|ROCM|HSA|GPU|VK|GGML|LLAMA)_\w+$/,
  /^(OMP|GOMP|KMP|MKL|DNNL|ONEDNN|OPENBLAS|NUMEXPR|MALLOC|TORCH|TORCHDYNAMO|TORCHINDUCTOR|PYTORCH|ATEN|TRITON)_\w+$/,
  /^(TOKENIZERS|TRANSFORMERS|ACCELERATE)_\w+$/,
  /^(HF|HUGGINGFACE|VLLM|TLLM|TRTLLM|TENSORRT_LLM|RAY|SAFETENSORS)_\w+$/,
];

const SECRET = /(^|_)(TOKEN|KEY|SECRET|PASSWORD|CREDENTIALS?)($|_)/;

/**
 * The environment of a worker: the harmless part of `env`, then what its command adds. A secret such as HF_TOKEN
 * reaches the worker only through the command.
 */
export function workerEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  added: Readonly<Record<string, string>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || SECRET.test(name.toUpperCase())) continue;
    if (PASSED.some((pattern) => pattern.test(name))) kept[name] = value;
  }
  return { ...kept, ...added };
}
