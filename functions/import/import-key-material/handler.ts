import { ImportKeyMaterialCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { importKeyMaterial } from './operation.ts';

export const handler = createHandler(importKeyMaterial, ImportKeyMaterialCommand);
