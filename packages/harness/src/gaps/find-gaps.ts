import type { ChangedGap, ConfigGap, JsonObject, JsonValue, RefusedGap, WarnedGap } from "@lem/domain";
import type { RefusalOfKeys, SaidOfKeys, Sections } from "@lem/engines";
import { unforeseenFields, type Foresee, type Foresight } from "./foresight.ts";
import { isSameValue } from "./same-value.ts";

/** What an engine did with the sections that it was given. */
export interface Observed {
  /** As they went to the engine. */
  readonly sections: Sections;
  readonly said: readonly SaidOfKeys[];
  /** The refusal that ended the run, with the exception's class. */
  readonly refusal: (RefusalOfKeys & { readonly exception: string }) | undefined;
  /** What the engine reported after construction; undefined when it never came to that. */
  readonly effective: Sections | undefined;
}

/** What the engine refused, said or changed without any rule foreseeing it. */
export function findGaps(observed: Observed, foresee: Foresee): readonly ConfigGap[] {
  const given = Object.entries(observed.sections).filter(([, keys]) => Object.keys(keys).length > 0);
  return given.flatMap(([section, keys]) => {
    const foresight = foresee(section, keys);
    const about = { section, given: keys, foresight };
    return [...refused(about, observed), ...changed(about, observed), ...warned(about, observed)];
  });
}

interface GivenSection {
  readonly section: string;
  readonly given: JsonObject;
  readonly foresight: Foresight | undefined;
}

function gapCase(
  about: GivenSection,
  fields: readonly string[],
): Pick<ConfigGap, "section" | "entry" | "fields" | "given"> {
  const { section, given, foresight } = about;
  return { section, entry: foresight?.entry ?? null, fields: fields.length > 0 ? fields : Object.keys(given), given };
}

function refused(about: GivenSection, { refusal }: Observed): readonly RefusedGap[] {
  if (refusal?.section !== about.section) return [];
  const { fields, place, exception } = refusal;
  return [{ kind: "refused", ...gapCase(about, fields), place, exception }];
}

/** What names none of the keys is about them only where the class itself says it. */
function warned(about: GivenSection, { said }: Observed): readonly WarnedGap[] {
  return said
    .filter(({ section, fields, place }) => section === about.section && (fields.length > 0 || isOwn(about, place)))
    .flatMap((one): readonly WarnedGap[] => {
      const fields = unforeseenFields(one, about.foresight);
      const { place, channel, category } = one;
      const exception = channel === "warning" ? category : null;
      return fields === undefined ? [] : [{ kind: "warned", ...gapCase(about, fields), place, exception }];
    });
}

const isOwn = ({ foresight }: GivenSection, { qualname }: SaidOfKeys["place"]): boolean =>
  foresight !== undefined && qualname.startsWith(`${foresight.entry.split(".").at(-1)}.`);

/** Without a class that the rules know, what an engine reports and what it was given are not the same kind of thing. */
function changed(about: GivenSection, { effective }: Observed): readonly ChangedGap[] {
  const reported = effective?.[about.section];
  const { foresight, given } = about;
  if (foresight === undefined || reported === undefined) return [];
  return Object.entries(given).flatMap(([field, value]): readonly ChangedGap[] => {
    const held = reported[field];
    if (held === undefined || leavesChoice(value) || isSameValue(value, held)) return [];
    if (isSameValue(foresight.effective[field] ?? value, held)) return [];
    const gap = gapCase(about, [field]);
    return [{ kind: "changed", ...gap, place: null, exception: null, effective: { [field]: held } }];
  });
}

/** None and `auto` ask the engine to choose: its choice is no change. */
const leavesChoice = (value: JsonValue): boolean => value === null || value === "auto";
