import type { Client } from '../../client/client.ts';
import type { OutputFor } from '../../client/operation-types.ts';
import { escapeControls } from '../escape-controls.ts';
import { UsageError } from '../exit-codes.ts';
import { askForText } from '../output/ask-for-text.ts';
import { writeJson } from '../output/write-result.ts';
import type { Invocation } from '../table/command.ts';
import { writeLine } from '../terminal.ts';
import { toJsonResponse } from './json-response.ts';
import { resolveKeyId } from './resolve-key-id.ts';

const defaultDays = 30;

export async function scheduleDeletion(invocation: Invocation): Promise<void> {
  const { args, flags, terminal } = invocation;
  const { days = defaultDays, ignoreUse, yes } = flags;
  // https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
  if (!Number.isInteger(days) || days < 7 || days > 30)
    throw new UsageError('--days must be a whole number from 7 to 30.');
  if (!yes && !terminal.stdin.isTTY) {
    throw new UsageError('Without a terminal, there is no confirmation. To confirm the deletion, add --yes.');
  }
  const client = await invocation.connect();
  const KeyId = yes
    ? await resolveKeyId(client, args[0] ?? '')
    : await confirm(client, args[0] ?? '', days, invocation);
  const response = await client.scheduleKeyDeletion({
    KeyId,
    PendingWindowInDays: days,
    ...(ignoreUse && { Force: true }),
  });
  if (flags.json) return writeJson(await toJsonResponse('ScheduleKeyDeletion', response), invocation);
  await writeLine(terminal.stdout, formatResponse(response));
}

/** Shows the key, and asks for its id. Returns the id, so that an alias that changes in between has no effect. */
async function confirm(client: Client, key: string, days: number, { terminal }: Invocation): Promise<string> {
  const { KeyMetadata } = await client.describeKey({ KeyId: key });
  const { KeyId, Description, KeyState } = KeyMetadata;
  const shown = [KeyId, `(${KeyState})`, Description].filter(Boolean).join(' ');
  const question = `${escapeControls(shown)}\nThe key will be deleted in ${days} days, and data under it will be lost. To confirm, type the key id: `;
  if ((await askForText(question, terminal)).trim() !== KeyId) {
    throw new UsageError('The answer is not the key id. The key is unchanged.');
  }
  return KeyId;
}

function formatResponse({ KeyId, DeletionDate }: OutputFor<'scheduleKeyDeletion'>): string {
  const date = DeletionDate === undefined ? 'when its last replica is deleted' : `on ${DeletionDate.toISOString()}`;
  const key = escapeControls(KeyId);
  return `${key} will be deleted ${date}. To keep the key: kms-functions keys cancel-deletion ${key}`;
}
