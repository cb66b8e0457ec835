import { type Environment, readVariable } from '../../../shared/config/variable-names.ts';

export interface ForwarderConfig {
  /** The audit trail's log group. */
  readonly logGroupName: string;
  /** The event bus for lifecycle events; `undefined` if the events are not published. */
  readonly eventBusName: string | undefined;
  /**
   * The `detail-type` of each operation's event. The deployment copies these values from the declarations, because
   * importing the declarations would make this function's bundle a third larger.
   */
  readonly lifecycleEvents: Readonly<Record<string, string>>;
}

/** Reads the configuration from the environment. Throws if there is no log group, so that the function fails to load. */
export function readForwarderConfig(environment: Environment = process.env): ForwarderConfig {
  const logGroupName = readVariable(environment, 'auditLogGroup');
  if (logGroupName === undefined)
    throw new Error("AUDIT_LOG_GROUP must contain the name of the audit trail's log group.");
  return {
    logGroupName,
    eventBusName: readVariable(environment, 'eventBus'),
    lifecycleEvents: JSON.parse(readVariable(environment, 'lifecycleEvents') ?? '{}'),
  };
}
