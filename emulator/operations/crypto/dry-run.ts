import { KmsError } from '../../core/kms-error.ts';

/** Ends a call that was only to be tried: after every check, before any effect. */
export function endDryRun(isDryRun: boolean | undefined): void {
  if (isDryRun)
    throw new KmsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
}
