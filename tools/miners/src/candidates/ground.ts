import type { PyValue } from "@lem/config/invariants";
import type { Span } from "../syntax/nodes.ts";

/** An expression without any user value in it, named by its place in the source. */
export interface GroundQuestion {
  /** File in the source tree, and the module that it is. */
  readonly path: string;
  readonly module: string;
  readonly span: Span;
  /** Imports of the functions around it that the module's own names lack. */
  readonly imports: readonly { readonly module: string; readonly name: string | null; readonly as: string }[];
}

/**
 * What the installed engine answers. `opaque` is an object that has no form as data: `attributes` are its public
 * names (so that `getattr` with a user's text can be judged), `members` the values of an Enum by name.
 */
export type GroundAnswer =
  | { readonly kind: "value"; readonly value: PyValue }
  | { readonly kind: "raises"; readonly exception: string }
  | {
      readonly kind: "opaque";
      readonly type: string;
      readonly attributes: readonly string[];
      /** Of a module, the class of each attribute that it holds by now. */
      readonly types?: Readonly<Record<string, string>>;
      /** Of a module, those attributes that are constants with a name of their own. */
      readonly constants?: Readonly<Record<string, PyValue>>;
      readonly members?: Readonly<Record<string, PyValue>> | undefined;
    }
  | { readonly kind: "unavailable"; readonly reason: string };

/** Asks the installed engine for the value of ground expressions; answers are remembered by place. */
export interface GroundResolver {
  resolve(question: GroundQuestion): Promise<GroundAnswer>;
}
