/** A change of the evaluator that tests have to notice: `from` stands exactly once in the file. */
export interface Mutation {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const mutation = (file: string, from: string, to: string): Mutation => ({ file, from, to });

/** One mistake of each sort that an evaluator of Python could have. */
export const MUTATIONS: readonly Mutation[] = [
  mutation(
    "values/value.ts",
    'if (typeof value === "boolean") return value ? 1 : 0;',
    'if (typeof value === "boolean") return undefined;',
  ),
  mutation("values/value.ts", 'return typeof value === "boolean" ? Number(value) : undefined;', "return undefined;"),
  mutation("values/value.ts", "return Number.isSafeInteger(small) ? small : value;", "return small;"),
  mutation("values/value.ts", "Array.from(text)", 'text.split("")'),
  mutation("values/equality.ts", "return a.type === b.type && sequencesEqual(a, b)", "return sequencesEqual(a, b)"),
  mutation("values/equality.ts", "if (a.items.length !== b.items.length) return false;", ""),
  mutation("values/ordering.ts", 'if (comparison === "lt") return a < b;', 'if (comparison === "lt") return a <= b;'),
  mutation("values/ordering.ts", 'OBJECT : raises("TypeError")', "OBJECT : false"),
  mutation(
    "values/ordering.ts",
    "return holds(comparison, a.items.length, b.items.length);",
    "return holds(comparison, 0, 0);",
  ),
  mutation("values/ordering.ts", "holds(comparison, codePointOrder(a, b), 0)", "holds(comparison, a, b)"),
  mutation(
    "values/truthiness.ts",
    "return value.value !== 0;",
    "return value.value !== 0 && !Number.isNaN(value.value);",
  ),
  mutation("values/truthiness.ts", "if (value === null) return false;", "if (value === null) return true;"),
  mutation("values/integers.ts", "return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;", "return rest;"),
  mutation("values/integers.ts", "(x - smallModulo(x, y)) / y", "Math.trunc(x / y)"),
  mutation(
    "values/integers.ts",
    'return Number.isFinite(double) ? double : raises("OverflowError");',
    "return double;",
  ),
  mutation("values/floats.ts", "return rest < 0 !== b < 0 ? rest + b : rest;", "return rest;"),
  mutation("values/floats.ts", "- (differ ? 1 : 0)", ""),
  mutation("values/classes.ts", '["bool", "int", "object"]', '["bool", "object"]'),
  mutation("operators/membership.ts", "if (equal === true) return blame", "if (equal === false) return blame"),
  mutation(
    "operators/membership.ts",
    'byte < 0 || byte > 255 ? raises("ValueError")',
    'byte < 0 || byte > 255 ? raises("TypeError")',
  ),
  mutation(
    "values/ordering.ts",
    'if (best === undefined) return raises("ValueError")',
    "if (best === undefined) return null",
  ),
  mutation(
    "operators/collections.ts",
    "Number(index) < 0 ? Number(index) + items.length",
    "Number(index) < 0 ? Number(index)",
  ),
  mutation(
    "operators/text.ts",
    "if (wanted === undefined || wanted.bytes !== words.bytes)",
    "if (wanted === undefined)",
  ),
  mutation("operators/comparison.ts", "(a) => a !== null)", "(a) => a !== null && a !== false)"),
  mutation("forms/logic.ts", "if (truth === stop) return value;", "if (truth === stop) return truth;"),
  mutation("forms/logic.ts", "return blame?.mayRaise === true ? blame : stop;", "return stop;"),
  mutation("forms/logic.ts", "return blame === undefined ? truth : tainted(blame);", "return truth;"),
  mutation("forms/logic.ts", "return blame ?? !stop;", "return !stop;"),
  mutation("forms/tests.ts", "(outcome === value) === same", "(Number(outcome) === Number(value)) === same"),
  mutation("forms/tests.ts", "return outcome.mayRaise ? outcome : false;", "return false;"),
  mutation("forms/tests.ts", "return caught ? true : outcome;", "return caught;"),
  mutation("forms/binding.ts", "results.includes(stop) || faults.some(isUnknown)", "false"),
  mutation("forms/binding.ts", 'return isRaises(result) ? raises("Exception") : value;', "return result;"),
  mutation("frame.ts", "candidate !== undefined", "candidate != null"),
  mutation("frame.ts", "own !== undefined && !isFault(own)", "true"),
  mutation("outcome.ts", "return total ? found : tainted(found);", "return found;"),
  mutation(
    "outcome.ts",
    "export const raises = (exception: ExceptionName): Raises => RAISES[exception];",
    'export const raises = (exception: ExceptionName): Raises => RAISES[exception === "KeyError" ? "IndexError" : exception];',
  ),
  mutation("compile/operators.ts", "return isRaises(value) ? value : (lookUp(value) ?? value);", "return value;"),
  mutation("pattern/pattern.ts", "return active.has(0);", "return active.size > 0;"),
];
