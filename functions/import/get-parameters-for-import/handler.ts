import { GetParametersForImportCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { getParametersForImport } from './operation.ts';

export const handler = createHandler(getParametersForImport, GetParametersForImportCommand);
