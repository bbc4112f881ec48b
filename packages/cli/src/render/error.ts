import { ERROR_CODES, LemError, type Place } from "@lem/domain";
import { style } from "./style.ts";

/** `study.yaml:14:17`, as far as it is known. */
export function placeText(place: Place | undefined): string {
  const position = [place?.file, place?.line, place?.column].filter((part) => part !== undefined).join(":");
  return [position, place?.path].filter((part) => part !== undefined && part !== "").join("  ");
}

/** An error for a person: place, what is wrong, what to do; a defect of lem shows its stack. */
export function errorText(error: unknown, options: { readonly color: boolean }): string {
  const { bold, dim, red } = style(options.color);
  if (!(error instanceof LemError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${red(bold("defect of lem"))} internal.bug: ${ERROR_CODES["internal.bug"].meaning}\n${stack}`;
  }
  const place = placeText(error.place);
  const lines = [`${red(bold("error"))} ${error.message}   ${dim(error.code)}`];
  if (place !== "") lines.unshift(place);
  if (error.hint !== undefined) lines.push(`  try: ${error.hint}`);
  return lines.join("\n");
}

/** An error for a program, in the form in which `lem check --json` tells of problems. */
export function errorJson(error: unknown): string {
  const { code, message, hint, place } =
    error instanceof LemError
      ? error
      : new LemError("internal.bug", error instanceof Error ? error.message : String(error));
  const problem = { code, severity: "error", message, path: "", ...place, ...(hint !== undefined && { hint }) };
  return JSON.stringify({ ok: false, problems: [problem] });
}
