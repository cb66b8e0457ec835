import type { Run } from './table/command.ts';
import type { CommandName } from './table/commands.ts';

/** Loads the function that runs a command, so that the help and other commands start without it. */
export const loadCommand = {
  seal: async () => (await import('./commands/seal.ts')).seal,
  open: async () => (await import('./commands/open.ts')).open,
  encrypt: async () => (await import('./commands/encrypt.ts')).encrypt,
  decrypt: async () => (await import('./commands/decrypt.ts')).decrypt,
  're-encrypt': async () => (await import('./commands/re-encrypt.ts')).reEncrypt,
  sign: async () => (await import('./commands/sign.ts')).sign,
  verify: async () => (await import('./commands/verify.ts')).verify,
  call: async () => (await import('./commands/call.ts')).call,
  operations: async () => (await import('./commands/operations.ts')).listOperations,
  completion: async () => (await import('./commands/completion.ts')).printCompletion,
  'keys list': async () => (await import('./commands/list-keys.ts')).listKeys,
  'keys create': async () => (await import('./commands/create-key.ts')).createKey,
  'keys describe': async () => (await import('./commands/change-key.ts')).describeKey,
  'keys usage': async () => (await import('./commands/describe-usage.ts')).describeUsage,
  'keys rotate': async () => (await import('./commands/change-key.ts')).rotateKey,
  'keys disable': async () => (await import('./commands/change-key.ts')).disableKey,
  'keys enable': async () => (await import('./commands/change-key.ts')).enableKey,
  'keys schedule-deletion': async () => (await import('./commands/schedule-deletion.ts')).scheduleDeletion,
  'keys cancel-deletion': async () => (await import('./commands/change-key.ts')).cancelDeletion,
} satisfies Record<CommandName, () => Promise<Run>>;
