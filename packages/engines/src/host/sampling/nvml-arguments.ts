/** Numbers of nvml.h that sampling asks with. */

/** `NVML_TOTAL_POWER_SAMPLES`. */
export const TOTAL_POWER_SAMPLES = 0;
/** `NVML_FI_DEV_POWER_INSTANT`. */
export const INSTANT_POWER_FIELD = 186;
/** `NVML_FI_DEV_MEMORY_TEMP`. */
export const MEMORY_TEMPERATURE_FIELD = 82;
/** `NVML_CLOCK_SM`. */
export const SM_CLOCK = 1;
/** `NVML_CLOCK_MEM`. */
export const MEMORY_CLOCK = 2;
/** `NVML_TEMPERATURE_GPU`. */
export const GPU_TEMPERATURE = 0;
