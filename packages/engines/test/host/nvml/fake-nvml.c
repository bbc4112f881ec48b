/* A library with the names and parameters of some NVML calls, whose answers tell what arrived. */
#include <stdio.h>
#include <stdlib.h>

typedef struct { unsigned pid; unsigned long long memory; unsigned gpu_instance, compute_instance; } process;
typedef struct { unsigned version; unsigned long long total, reserved, free, used; } memory_v2;
typedef struct { unsigned field, scope; long long stamp, latency; int type, result; unsigned long long value; } field_value;

int nvmlInit_v2(void) { const char *code = getenv("FAKE_NVML_INIT"); return code ? atoi(code) : 0; }
int nvmlShutdown(void) { return 0; }
int nvmlDeviceGetCount_v2(unsigned *count) { *count = 2; return 0; }
int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) {
  if (index > 1) return 2;
  *device = (void *)(0x7fff00000000ull + index);
  return 0;
}
int nvmlDeviceGetMigDeviceHandleByIndex(void *parent, unsigned index, void **device) {
  *device = (void *)((unsigned long long)parent + 0x100 + index);
  return 0;
}
int nvmlDeviceGetName(void *device, char *name, unsigned length) { return snprintf(name, length, "%llx/%u", (unsigned long long)device, length) < 0; }
int nvmlDeviceGetClockInfo(void *device, int type, unsigned *clock) { *clock = 1000 + type; return 0; }
int nvmlDeviceGetMigMode(void *device, unsigned *current, unsigned *pending) { *current = 1; *pending = 0; return 0; }
int nvmlDeviceGetTotalEnergyConsumption(void *device, unsigned long long *energy) { *energy = 5000000000ull; return 0; }
int nvmlDeviceGetTopologyCommonAncestor(void *a, void *b, int *level) { *level = (int)((char *)b - (char *)a); return 0; }
int nvmlDeviceGetMemoryInfo_v2(void *device, memory_v2 *memory) {
  if (memory->version != (sizeof(memory_v2) | 2 << 24)) return 25;
  memory->total = 1ull << 40;
  memory->used = 7;
  return 0;
}
int nvmlDeviceGetSamples(void *device, int type, unsigned long long since, int *kind, unsigned *count, void *samples) {
  if (type != 0 || since != 0 || samples != NULL) return 2;
  *kind = 1;
  *count = 120;
  return 0;
}
int nvmlDeviceGetComputeRunningProcesses_v3(void *device, unsigned *count, void *infos) {
  unsigned room = *count;
  *count = 3;
  if (room < 3) return infos == NULL ? 7 : 2;
  for (unsigned i = 0; i < 3; i++) {
    process *info = (process *)infos + i;
    info->pid = 40 + i;
    info->memory = i == 2 ? ~0ull : 1000 + i;
  }
  return 0;
}
int nvmlDeviceGetFieldValues(void *device, int count, field_value *values) {
  if (count != 1) return 2;
  values->result = values->field == 82 ? 0 : 3;
  values->value = 49;
  return 0;
}
