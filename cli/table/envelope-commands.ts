import type { Argument, Command } from './command.ts';

const file = {
  name: 'file',
  summary: 'file to read, or - for standard input (default)',
  isOptional: true,
  completes: 'files',
} as const satisfies Argument;

/** The commands for files of any size. */
export const envelopeCommands = [
  {
    name: 'seal',
    summary: 'Encrypts a file of any size on this machine.',
    description:
      'The data key comes from the service, and the file does not leave this machine. The result is FILE.sealed, in the format of the AWS Encryption SDK.',
    arguments: [file],
    flags: ['key', 'additionalKey', 'context', 'signed', 'out', 'force', 'progress', 'json'],
    requiredFlags: ['key'],
    examples: [
      { summary: 'Seal a file as report.pdf.sealed.', line: 'kms-functions seal report.pdf --key alias/app' },
      {
        summary: 'Seal the output of another command.',
        line: 'tar cz photos | kms-functions seal --key alias/app --context album=2026 --out photos.sealed',
      },
    ],
  },
  {
    name: 'open',
    summary: 'Decrypts a file that `seal` or an AWS Encryption SDK encrypted.',
    description:
      'The result appears only after the whole message is verified. On standard output, each part appears as soon as it is verified: use it only if the command succeeds.',
    arguments: [file],
    flags: ['key', 'expectedContext', 'allowUncommitted', 'out', 'force', 'progress', 'json'],
    examples: [
      { summary: 'Open a file as report.pdf.', line: 'kms-functions open report.pdf.sealed' },
      {
        summary: 'Open a message only if it belongs to this album.',
        line: 'kms-functions open photos.sealed --context album=2026 --out photos.tgz',
      },
    ],
  },
] as const satisfies readonly Command[];
