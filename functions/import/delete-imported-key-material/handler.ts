import { DeleteImportedKeyMaterialCommand } from '@aws-sdk/client-kms';
import { createCustomHandler } from '../../../shared/handler/create-handler.ts';
import { send } from '../../../shared/kms/send.ts';
import { guardDeletion, materialDeletion } from '../../keys/usage/guard-deletion.ts';
import { deleteImportedKeyMaterial } from './operation.ts';

export const handler = createCustomHandler(deleteImportedKeyMaterial, async (call) => {
  await guardDeletion(call, materialDeletion);
  return send(call, DeleteImportedKeyMaterialCommand);
});
