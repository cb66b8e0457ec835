import * as z from 'zod';

/** A deployment parameter. `npm run generate` writes its description to docs/reference/configuration.md. */
export interface Parameter {
  /** Parses the text from the command line or serverless.yml. */
  readonly schema: z.ZodType;
  /** The text that applies by default. */
  readonly default?: string;
  /** Describes the behavior if the parameter has neither a value nor a `default`. */
  readonly unset?: string;
  /** The rule for values. It begins with "must be" and completes a sentence that begins with the parameter's name. */
  readonly rule: string;
  /** Values that earlier versions accepted, with advice on what to use instead. */
  readonly removedValues?: Readonly<Record<string, string>>;
  readonly description: string;
  readonly example: string;
  /** What stage `local` does with the parameter. docs/reference/configuration.md contains it. */
  readonly local: LocalEffect;
  readonly needs?: readonly Need[];
  /** The parameters that cannot be set together with this one. */
  readonly excludes?: readonly string[];
}

/**
 * Whether stage `local` applies a parameter, so that its effect can be tried before a deployment. Texts complete sentences
 * about the stage.
 */
export type LocalEffect =
  | { readonly applied: true; readonly note?: string }
  | { readonly applied: false; readonly reason: string };

/** A parameter that another parameter requires. */
export interface Need {
  readonly parameter: string;
  /** The value that the required parameter must have. By default, every value is accepted. */
  readonly value?: string;
  /** Matches the values that have this requirement. By default, all values have it. */
  readonly when?: RegExp;
  /** Describes the values that `when` matches, if the pattern itself does not. */
  readonly whenText?: string;
}

/** Returns the entry unchanged. Checks its type and preserves the literal types of its members. */
export function parameter<const Entry extends Parameter>(entry: Entry): Entry {
  return entry;
}

export function wholeNumber(minimum: number, maximum: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(minimum).max(maximum));
}

export function listOf<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item).min(1));
}

/** Accepts lists of at most `maximum` items without duplicates. */
export function uniqueList(maximum: number) {
  return z.array(z.string()).refine((items) => items.length <= maximum && new Set(items).size === items.length);
}

export const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
export const httpsUrl = z.url({ protocol: /^https$/ });
export const accountId = z.string().regex(/^\d{12}$/);
