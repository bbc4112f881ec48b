/**
 * Branded units. A raw number never crosses a function border as a quantity: it is branded where it is read
 * and carries its unit in its type, and in a file its unit stands in the field name or beside the value.
 */
declare const unit: unique symbol;

/** A number whose unit is part of its type. */
export type Quantity<U extends string> = number & { readonly [unit]: U };

/** Energy in joules. */
export type Joules = Quantity<"J">;
/** Power in watts. */
export type Watts = Quantity<"W">;
/** A duration in seconds. */
export type Seconds = Quantity<"s">;
/** A duration in milliseconds. */
export type Milliseconds = Quantity<"ms">;
/** An instant or duration in nanoseconds of CLOCK_MONOTONIC; a double holds it exactly for 104 days of uptime, to 4 ns for a year. */
export type Nanoseconds = Quantity<"ns">;
/** A size in bytes. */
export type Bytes = Quantity<"B">;
/** A count of tokens; padding never counts. */
export type Tokens = Quantity<"token">;
/** A count of floating-point operations (a multiply-add is two). */
export type Flops = Quantity<"FLOP">;

/** Brands a number as joules. */
export const joules = (value: number): Joules => value as Joules;
/** Brands a number as watts. */
export const watts = (value: number): Watts => value as Watts;
/** Brands a number as seconds. */
export const seconds = (value: number): Seconds => value as Seconds;
/** Brands a number as milliseconds. */
export const milliseconds = (value: number): Milliseconds => value as Milliseconds;
/** Brands a number as nanoseconds. */
export const nanoseconds = (value: number): Nanoseconds => value as Nanoseconds;
/** Brands a number as bytes. */
export const bytes = (value: number): Bytes => value as Bytes;
/** Brands a number as tokens. */
export const tokens = (value: number): Tokens => value as Tokens;
/** Brands a number as floating-point operations. */
export const flops = (value: number): Flops => value as Flops;

/** Converts nanoseconds to seconds. */
export const nsToSeconds = (value: Nanoseconds): Seconds => seconds(value / 1e9);
/** Converts nanoseconds to milliseconds. */
export const nsToMilliseconds = (value: Nanoseconds): Milliseconds => milliseconds(value / 1e6);
/** Converts seconds to nanoseconds, rounded to a whole one. */
export const secondsToNs = (value: Seconds): Nanoseconds => nanoseconds(Math.round(value * 1e9));

/** Every unit a {@link Reading} may carry. */
export const UNITS = [
  "s",
  "ms",
  "J",
  "W",
  "B",
  "token",
  "token/s",
  "token/J",
  "J/token",
  "J/request",
  "request/s",
  "FLOP",
  "FLOP/s",
  "FLOP/token",
  "FLOP/J",
  "parameter",
  "request",
  "ratio",
  "°C",
  "MHz",
] as const;

/** A unit as written in result files. */
export type Unit = (typeof UNITS)[number];
