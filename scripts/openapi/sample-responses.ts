import * as z from 'zod/mini';
import { startEmulator } from '../../emulator/index.ts';
import { requestTagKey } from '../../shared/config/resource-names.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { toJson } from '../../shared/kms/json.ts';
import { defaultSeedOf } from '../seed-files.ts';

/** The responses to the operations' examples, by operation name. */
export type SampleResponses = ReadonlyMap<string, unknown>;

/**
 * Sends each operation's example to an emulator with the default seed, and returns the responses. Replaces values that
 * differ between calls (ids, timestamps, random bytes) with placeholders.
 */
export async function collectSampleResponses(operations: readonly Operation[]): Promise<SampleResponses> {
  const { $schema: _, ...seed } = defaultSeedOf(operations) as { $schema: string };
  const emulator = await startEmulator({ seed });
  const responses = new Map<string, unknown>();
  try {
    for (const operation of operations) {
      await emulator.reset();
      const first = await sendExample(emulator.endpoint, operation);
      await emulator.reset();
      responses.set(operation.name, replaceDifferences(first, await sendExample(emulator.endpoint, operation)));
    }
  } finally {
    await emulator.close();
  }
  return responses;
}

async function sendExample(endpoint: string, { name, example, output, serviceTag }: Operation): Promise<unknown> {
  // The functions add this tag to a new key, and the response of ReplicateKey contains it.
  const tag = { TagKey: requestTagKey, TagValue: crypto.randomUUID() };
  const input = serviceTag === 'added' ? { ...example.input, Tags: [tag] } : example.input;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `TrentService.${name}`,
      // The emulator reads the Region from the credential scope, and does not verify signatures by default.
      authorization:
        'AWS4-HMAC-SHA256 Credential=example/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=00',
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${name}: the emulator rejected the example: ${text}`);
  return toJson(z.parse(output(), text === '' ? {} : JSON.parse(text)));
}

/** Placeholders for ids, as in AWS's documentation. */
const placeholders: readonly (readonly [differs: RegExp, placeholder: string])[] = [
  [/mrk-[0-9a-f]{32}/g, 'mrk-1234abcd12ab34cd56ef1234567890ab'],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, '1234abcd-12ab-34cd-56ef-1234567890ab'],
  [/cks-[0-9a-f]{17}/g, 'cks-1234567890abcdef0'],
  [/^[0-9a-f]{64}$/g, '0123456789abcdef'.repeat(4)],
];
const placeholderBytes = Buffer.from('these bytes differ each time').toString('base64');
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const placeholderTime = '2026-01-01T00:00:00.000Z';

/** Returns `first` with placeholders for the parts that differ from `second`. */
function replaceDifferences(first: unknown, second: unknown): unknown {
  if (Array.isArray(first)) return first.map((item, index) => replaceDifferences(item, (second as unknown[])[index]));
  if (typeof first === 'object' && first !== null) {
    return Object.fromEntries(
      Object.entries(first).map(([name, value]) => [
        name,
        replaceDifferences(value, (second as Record<string, unknown>)[name]),
      ]),
    );
  }
  if (typeof first === 'string' && time.test(first)) return placeholderTime;
  if (first === second) return first;
  const text = String(first);
  const replaced = placeholders.reduce(
    (changed, [differs, placeholder]) => changed.replace(differs, placeholder),
    text,
  );
  if (replaced !== text) return replaced;
  if (/^[A-Za-z0-9+/_-]{16,}=*$/.test(text)) return placeholderBytes;
  throw new Error(`A value that differs between calls has no placeholder: ${text}`);
}
