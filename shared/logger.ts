import { Logger } from '@aws-lambda-powertools/logger';

/**
 * One logger for all of a function. Events are never logged: `injectLambdaContext`, which the environment could tell to
 * do so, is not used. Only `record-call` writes to it, and only what it names itself.
 */
export const logger = new Logger();
