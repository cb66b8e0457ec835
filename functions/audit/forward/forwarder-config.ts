import { type Environment, readVariable, type variableNames } from '../../../shared/config/variable-names.ts';

export interface ForwarderConfig {
  /** The audit trail's log group. */
  readonly logGroupName: string;
  /** The account and the log group from which records are accepted, and the prefix of the functions' names. */
  readonly source: LogSource;
  /** The event bus for lifecycle events; `undefined` if the events are not published. */
  readonly eventBusName: string | undefined;
  /**
   * The `detail-type` of each operation's event. The deployment copies these values from the declarations, because
   * importing the declarations would make this function's bundle a third larger.
   */
  readonly lifecycleEvents: Readonly<Record<string, string>>;
  /** The topic that receives a message for each call to a destructive operation; `undefined` if there is none. */
  readonly alarmTopic: AlarmTopic | undefined;
}

export interface LogSource {
  readonly accountId: string;
  readonly logGroupName: string;
  /** The service's name in metrics, logs and function names: `kms-functions-STAGE`. */
  readonly service: string;
}

export interface AlarmTopic {
  readonly arn: string;
  readonly operations: ReadonlySet<string>;
  /** Replaces the SNS endpoint, as in the AWS SDKs. */
  readonly endpoint: string | undefined;
}

/**
 * Reads the configuration from the environment. Throws if a required variable is missing, so that the function fails to
 * load.
 */
export function readForwarderConfig(environment: Environment = process.env): ForwarderConfig {
  const arn = readVariable(environment, 'alarmTopic');
  return {
    logGroupName: requireVariable(environment, 'auditLogGroup'),
    source: {
      accountId: requireVariable(environment, 'accountIds'),
      logGroupName: requireVariable(environment, 'functionLogGroup'),
      service: requireVariable(environment, 'serviceName'),
    },
    eventBusName: readVariable(environment, 'eventBus'),
    lifecycleEvents: JSON.parse(readVariable(environment, 'lifecycleEvents') ?? '{}'),
    alarmTopic:
      arn === undefined
        ? undefined
        : {
            arn,
            operations: new Set((readVariable(environment, 'destructiveOperations') ?? '').split(',')),
            endpoint: readVariable(environment, 'snsEndpoint'),
          },
  };
}

function requireVariable(environment: Environment, name: keyof typeof variableNames): string {
  const value = readVariable(environment, name);
  if (value === undefined) throw new Error(`The audit forwarder requires the variable for ${name}.`);
  return value;
}
