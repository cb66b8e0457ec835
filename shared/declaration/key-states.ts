/** Returns whether a key in this state is scheduled for deletion. */
export function isPendingDeletion(keyState: string | undefined): boolean {
  return keyState === 'PendingDeletion' || keyState === 'PendingReplicaDeletion';
}
