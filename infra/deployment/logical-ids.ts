import type { Operation } from '../../shared/declaration/operation.ts';

/** The template's logical ids. osls defines the ids of the HTTP API, its stage and the functions. */
export const httpApi = 'HttpApi';
export const httpApiStage = 'HttpApiStage';
export const functionLogGroup = 'FunctionsLogGroup';
export const accessLogGroup = 'AccessLogGroup';
export const auditLogGroup = 'AuditLogGroup';
export const forwarderLogGroup = 'ForwarderLogGroup';

export function functionId(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
}

export function roleId({ name }: Pick<Operation, 'name'>): string {
  return `${name}Role`;
}
