import type { Check } from './check.ts';
import { aliasChecks } from './checks/aliases.ts';
import { auditChecks } from './checks/audit.ts';
import { callerChecks } from './checks/callers.ts';
import { cryptoChecks } from './checks/crypto.ts';
import { keyChecks } from './checks/keys.ts';
import { messageChecks } from './checks/messages.ts';
import { operationsChecks } from './checks/monitoring.ts';
import { policyChecks } from './checks/policies.ts';
import { refusalChecks } from './checks/refusals.ts';
import { replicaChecks } from './checks/replicas.ts';
import { serviceChecks } from './checks/service.ts';

/** All checks, in the order in which they run. */
export const checks: readonly Check[] = [
  ...serviceChecks,
  ...operationsChecks,
  ...keyChecks,
  ...aliasChecks,
  ...cryptoChecks,
  ...messageChecks,
  ...policyChecks,
  ...replicaChecks,
  ...refusalChecks,
  ...callerChecks,
  // Records arrive later, so these checks come last.
  ...auditChecks,
];
