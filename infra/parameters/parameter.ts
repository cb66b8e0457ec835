import * as z from 'zod';

/** A parameter of a deployment. docs/reference/configuration.md is generated from these texts. */
export interface Parameter {
  /** Parses the text from the command line. */
  readonly schema: z.ZodType;
  /** The text that applies if the parameter is not set. */
  readonly default?: string;
  /** Describes what applies if the parameter is not set and has no default. */
  readonly unset?: string;
  /** The rule for values, as it completes the sentence "NAME …" in an error message. */
  readonly rule: string;
  readonly description: string;
  readonly example: string;
  readonly needs?: readonly Need[];
  /** A parameter that cannot be set together with this one. */
  readonly excludes?: string;
}

/** Another parameter that must also be set. */
export interface Need {
  readonly parameter: string;
  /** The required value of the other parameter. By default, any value is accepted. */
  readonly value?: string;
  /** Matches the values that require the other parameter. By default, all values require it. */
  readonly when?: RegExp;
}

/** Returns the entry and checks its type without widening it. */
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

export const onOff = z.enum(['on', 'off']).transform((value) => value === 'on');
export const httpsUrl = z.url({ protocol: /^https$/ });
export const accountId = z.string().regex(/^\d{12}$/);
