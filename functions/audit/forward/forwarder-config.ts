import { type Environment, readVariable } from '../../../shared/config/variable-names.ts';

export interface ForwarderConfig {
  /** Log group of the audit trail. */
  readonly logGroupName: string;
  /** Event bus for lifecycle events; `undefined` if they are not published. */
  readonly eventBusName: string | undefined;
  /**
   * The `detail-type` of each operation's event. The deployment copies them from the declarations, because importing the
   * declarations would make this function's bundle a third larger.
   */
  readonly lifecycleEvents: Readonly<Record<string, string>>;
}

/** Reads the configuration from the environment. Throws if there is no log group, so that the function fails to load. */
export function readForwarderConfig(environment: Environment = process.env): ForwarderConfig {
  const logGroupName = readVariable(environment, 'auditLogGroup');
  if (logGroupName === undefined) throw new Error('AUDIT_LOG_GROUP must name the log group of the audit trail');
  return {
    logGroupName,
    eventBusName: readVariable(environment, 'eventBus'),
    lifecycleEvents: JSON.parse(readVariable(environment, 'lifecycleEvents') ?? '{}'),
  };
}
