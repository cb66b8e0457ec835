import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { describeUsage } from '../../keys/usage/describe-usage.ts';
import { describeKeyUsage } from './operation.ts';

export const handler = createCustomHandler(describeKeyUsage, describeUsage);
