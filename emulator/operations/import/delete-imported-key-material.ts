import type { deleteImportedKeyMaterial as operation } from '../../../functions/import/delete-imported-key-material/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import { changeKey } from '../../keys/change-key.ts';
import { formatMaterialId } from '../../keys/key-material.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import type { Material } from '../../store/material-table.ts';
import { deleteMaterial } from './delete-material.ts';
import { listMaterials } from './imported-materials.ts';

export const deleteImportedKeyMaterial: OperationHandler<typeof operation> = (input, context) => {
  const { store } = context;
  const { KeyMaterialId: wanted } = input;
  let material: Material | undefined;
  const key = changeKey(context, input.KeyId, 'DeleteImportedKeyMaterial', (changed) => {
    material = listMaterials(store, changed).find((one) =>
      wanted === undefined ? one.record.state === 'CURRENT' : formatMaterialId(one) === wanted,
    );
    if (material !== undefined) deleteMaterial(store, changed, material);
    else if (wanted !== undefined) {
      throw new KmsError(
        'ValidationException',
        `Key material (id: ${wanted}) has never been imported into KMS key ${changed.arn}.`,
      );
    }
    // If the key has no material, AWS returns success.
  });
  const isSymmetric = key.record.keySpec === 'SYMMETRIC_DEFAULT';
  return { KeyId: key.arn, KeyMaterialId: material && isSymmetric ? formatMaterialId(material) : undefined };
};
