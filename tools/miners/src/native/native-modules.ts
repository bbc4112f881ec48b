import type { JsonValue } from "@lem/domain";

/** A value of the binding sources, tagged; absent where they do not write it out. */
export interface NativeConstant {
  readonly name: string;
  readonly value?: JsonValue;
}

/** A parameter of a native constructor; `isOptional` without a value is a default that the sources do not write out. */
export interface NativeParameter extends NativeConstant {
  readonly isOptional: boolean;
}

/** A method or function; `value` is what it gives whatever it is called with, where the sources write that out. */
export type NativeFunction = NativeConstant;

/** What a binding source says of one class or Enum. */
export interface NativeClass {
  /** With the classes around it: `Outer.Inner`. */
  readonly name: string;
  readonly kind: "class" | "enum" | "exception";
  /** Classes of the same native module, by dotted name from its root. */
  readonly bases: readonly string[];
  readonly members: readonly string[];
  readonly exportsMembers: boolean;
  readonly properties: readonly string[];
  readonly methods: readonly NativeFunction[];
  readonly statics: readonly NativeFunction[];
  readonly constants: readonly NativeConstant[];
  readonly constructors: readonly (readonly NativeParameter[])[];
}

/** One module of a native extension. */
export interface NativeModule {
  /** Below the extension's own module; empty for that one. */
  readonly name: string;
  readonly classes: readonly NativeClass[];
  readonly functions: readonly NativeFunction[];
  readonly constants: readonly NativeConstant[];
}
