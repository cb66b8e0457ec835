/** The commands that call one operation with a key, and print what changed. */
import type { Client } from '../../client/client.ts';
import type { OutputFor } from '../../client/operation-types.ts';
import type { OperationName } from '../../functions/all-operations.ts';
import { escapeControls } from '../escape-controls.ts';
import { formatPairs } from '../output/text-table.ts';
import { writeJson } from '../output/write-result.ts';
import type { Invocation, Run } from '../table/command.ts';
import { writeLine } from '../terminal.ts';
import { toJsonResponse } from './json-response.ts';
import { resolveKeyId } from './resolve-key-id.ts';

type KeyMetadata = OutputFor<'describeKey'>['KeyMetadata'];

interface Change<Response> {
  readonly operation: OperationName;
  /** Whether KMS accepts an alias. For other operations, the command resolves the alias. */
  readonly acceptsAlias?: true;
  readonly send: (client: Client, KeyId: string) => Promise<Response>;
  readonly format: (response: Response, key: string) => string;
}

function runChange<Response extends object>({ operation, acceptsAlias, send, format }: Change<Response>): Run {
  return async (invocation: Invocation) => {
    const [key = ''] = invocation.args;
    const client = await invocation.connect();
    const keyId = acceptsAlias ? key : await resolveKeyId(client, key);
    const response = await send(client, keyId);
    if (invocation.flags.json) return writeJson(await toJsonResponse(operation, response), invocation);
    await writeLine(invocation.terminal.stdout, format(response, keyId));
  };
}

export const describeKey = runChange({
  operation: 'DescribeKey',
  acceptsAlias: true,
  send: (client, KeyId) => client.describeKey({ KeyId }),
  format: ({ KeyMetadata }) => formatKeyMetadata(KeyMetadata),
});

export const rotateKey = runChange({
  operation: 'RotateKeyOnDemand',
  send: (client, KeyId) => client.rotateKeyOnDemand({ KeyId }),
  format: ({ KeyId }) => escapeControls(`The rotation of ${KeyId} has started.`),
});

export const disableKey = runChange({
  operation: 'DisableKey',
  send: (client, KeyId) => client.disableKey({ KeyId }),
  format: (_, key) => escapeControls(`${key} is disabled.`),
});

export const enableKey = runChange({
  operation: 'EnableKey',
  send: (client, KeyId) => client.enableKey({ KeyId }),
  format: (_, key) => escapeControls(`${key} is enabled.`),
});

export const cancelDeletion = runChange({
  operation: 'CancelKeyDeletion',
  send: (client, KeyId) => client.cancelKeyDeletion({ KeyId }),
  format: ({ KeyId }) => escapeControls(`The deletion of ${KeyId} is canceled. The key is disabled.`),
});

/** Formats a key's metadata with AWS's names, one member per line. */
export function formatKeyMetadata(metadata: KeyMetadata): string {
  return formatPairs(Object.entries(metadata).map(([name, value]) => [name, formatValue(value)] as const));
}

function formatValue(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
