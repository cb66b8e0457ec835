/** The operations that are this service's own, one line each. No call of AWS's stands behind their names. */

export { health } from './service/health/operation.ts';
