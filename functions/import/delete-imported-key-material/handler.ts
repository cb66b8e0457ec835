import { DeleteImportedKeyMaterialCommand } from '@aws-sdk/client-kms';
import { createHandler } from '../../../shared/handler/create-handler.ts';
import { deleteImportedKeyMaterial } from './operation.ts';

export const handler = createHandler(deleteImportedKeyMaterial, DeleteImportedKeyMaterialCommand);
