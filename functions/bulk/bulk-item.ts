import { decodeBase64, encodeBase64 } from '../../shared/declaration/base64.ts';
import { isObject } from '../../shared/declaration/json-object.ts';

/**
 * An item in a list of ciphertexts, and in the list of the new ciphertexts. The command line and the state machine use the
 * same format, so that each can continue with the other's lists.
 */
export interface BulkItem {
  /** Identifies the ciphertext for the caller, such as the primary key of its row. */
  readonly reference: string;
  readonly ciphertext: Uint8Array;
  readonly context: Readonly<Record<string, string>> | undefined;
}

/** An item as JSON. A list of failed items also has errors, so that it can be used as a new list. */
export interface BulkItemJson {
  readonly reference: string;
  readonly ciphertext: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly error?: BulkItemError;
}

export interface BulkItemError {
  readonly code: string;
  readonly detail: string;
}

/** Thrown if an item has no reference or ciphertext, or one that is not valid. The message contains no value. */
export class InvalidItemError extends Error {
  override readonly name = 'InvalidItemError';
}

/** The largest ciphertext that KMS accepts (https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html). */
const maxCiphertextBytes = 6_144;
/** The longest reference, in characters. */
export const maxReferenceLength = 1_024;
const members = ['reference', 'ciphertext', 'context', 'error'];

/**
 * Reads an item from JSON Lines, or from a row of a CSV file, whose context is JSON in text. Ignores the error of an
 * earlier attempt. Throws `InvalidItemError`.
 */
export function readBulkItem(json: unknown): BulkItem {
  if (!isObject(json)) throw new InvalidItemError('The item is not an object.');
  const unknown = Object.keys(json).find((name) => !members.includes(name));
  if (unknown !== undefined)
    throw new InvalidItemError(`The item has an unknown member. The members are ${members.join(', ')}.`);
  return {
    reference: readReference(json.reference),
    ciphertext: readCiphertext(json.ciphertext),
    context: readContext(json.context),
  };
}

function readReference(value: unknown): string {
  // JSON.parse changes larger numbers, so that two items could have the same reference.
  const reference = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof reference === 'string' && reference !== '' && reference.length <= maxReferenceLength) return reference;
  throw new InvalidItemError(
    `reference must be text of 1 to ${maxReferenceLength} characters, or a whole number between -(2^53 - 1) and 2^53 - 1.`,
  );
}

function readCiphertext(value: unknown): Uint8Array {
  const ciphertext = typeof value === 'string' ? decodeBase64(value) : undefined;
  if (ciphertext !== undefined && ciphertext.length > 0 && ciphertext.length <= maxCiphertextBytes) return ciphertext;
  throw new InvalidItemError(`ciphertext must be 1 to ${maxCiphertextBytes} bytes in base64.`);
}

function readContext(value: unknown): BulkItem['context'] {
  if (value === undefined || value === null || value === '') return undefined;
  const context = typeof value === 'string' ? parseJson(value) : value;
  if (isObject(context) && Object.values(context).every((each) => typeof each === 'string'))
    return context as Record<string, string>;
  throw new InvalidItemError('context must be an object whose values are texts.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Converts an item to JSON, with the error of a failed attempt. */
export function toBulkItemJson({ reference, ciphertext, context }: BulkItem, error?: BulkItemError): BulkItemJson {
  return {
    reference,
    ciphertext: encodeBase64(ciphertext),
    ...(context && { context }),
    ...(error && { error }),
  };
}

/** An item of a ReEncryptBatch request. The encryption context stays the same. */
export function toBatchItem({ ciphertext, context }: BulkItem) {
  return {
    CiphertextBlob: ciphertext,
    ...(context && { SourceEncryptionContext: context, DestinationEncryptionContext: context }),
  };
}
