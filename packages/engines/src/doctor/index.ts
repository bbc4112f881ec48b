export { diagnose } from "./diagnose.ts";
export {
  DOCTOR_GROUPS,
  type CorpusFinding,
  type DoctorCheck,
  type DoctorGroup,
  type DoctorOptions,
  type DoctorReport,
} from "./report.ts";
