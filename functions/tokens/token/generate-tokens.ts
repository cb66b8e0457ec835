import { createHmac } from 'node:crypto';
import type { Call } from '../../../shared/call/call.ts';
import { deriveTokenKeys, type TokenKey, type TokenSettings } from './derive-token-keys.ts';
import { readValues, type Value } from './read-values.ts';

/** The tokens of a value: that of the current version, and those of the versions before it. */
export interface Tokens {
  readonly Token: string;
  readonly PreviousTokens?: readonly string[];
}

/** The keys from which the tokens are derived. */
export interface UsedKeys {
  readonly KeyId: string;
  readonly PreviousKeyIds?: readonly string[];
}

/**
 * Generates the tokens of all values of a request. `prefixes` are the locations of the values in the request, such as
 * `/Items/0`.
 */
export async function generateTokens(
  call: Call,
  settings: TokenSettings,
  values: readonly Value[],
  prefixes: readonly string[],
): Promise<{ readonly tokens: readonly Tokens[]; readonly keys: UsedKeys }> {
  const bytes = readValues(values, prefixes, new Set(settings.Normalization));
  const [current, ...previous] = (await deriveTokenKeys(call, settings)) as [TokenKey, ...TokenKey[]];
  try {
    const tokens = bytes.map((value) => ({
      Token: computeToken(current, value),
      ...(previous.length > 0 && { PreviousTokens: previous.map((key) => computeToken(key, value)) }),
    }));
    const PreviousKeyIds = previous.map(({ keyArn }) => keyArn);
    return { tokens, keys: { KeyId: current.keyArn, ...(previous.length > 0 && { PreviousKeyIds }) } };
  } finally {
    for (const key of [current, ...previous]) key.bytes.fill(0);
  }
}

function computeToken({ version, length, bytes }: TokenKey, value: Uint8Array): string {
  return `v${version}.${createHmac('sha256', bytes).update(value).digest('hex').slice(0, length)}`;
}
