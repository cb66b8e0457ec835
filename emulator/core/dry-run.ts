import { KmsError } from './kms-error.ts';

/** Throws DryRunOperationException in a dry run. Call it after every check and before any effect. */
export function throwIfDryRun(isDryRun: boolean | undefined): void {
  if (isDryRun) {
    throw new KmsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
  }
}
