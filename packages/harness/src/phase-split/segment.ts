/** What an engine computed: prompts, output tokens after the first, or both at once. */
export const SEGMENT_KINDS = ["prefill", "decode", "mixed"] as const;
/** One of {@link SEGMENT_KINDS}. */
export type SegmentKind = (typeof SEGMENT_KINDS)[number];

/** A time in which an engine did one thing, in nanoseconds since the origin of its window. */
export interface Segment {
  readonly kind: SegmentKind;
  readonly from_ns: number;
  readonly to_ns: number;
  /** Tokens of prompts that were finished in it. */
  readonly prompt_tokens: number;
  /** Output tokens that came in it, but for the first of each request, which its prompt gives. */
  readonly decoded_tokens: number;
}
