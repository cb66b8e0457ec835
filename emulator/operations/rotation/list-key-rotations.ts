import type { listKeyRotations as operation } from '../../../functions/rotation/list-key-rotations/operation.ts';
import { KmsError } from '../../core/kms-error.ts';
import { paginate } from '../../core/page.ts';
import { formatMaterialId } from '../../keys/key-material.ts';
import type { OperationHandler } from '../../keys/operation-context.ts';
import { resolveKey } from '../../keys/resolve-key.ts';
import type { Material } from '../../store/material-table.ts';
import { getMaterialState, listMaterials } from '../import/imported-materials.ts';
import { getExpirationModel } from '../import/material-expiry.ts';
import { canRotate } from './rotatable-key.ts';

export const listKeyRotations: OperationHandler<typeof operation> = (input, context) => {
  const key = resolveKey(context, input.KeyId, { operation: 'ListKeyRotations' });
  const isSymmetric = key.record.keySpec === 'SYMMETRIC_DEFAULT';
  if (input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL' && !isSymmetric) {
    throw new KmsError(
      'ValidationException',
      'Input parameter includeKeyMaterial can only be used with symmetric keys.',
    );
  }
  const materials = canRotate(key) ? listMaterials(context.store, key) : [];
  const listed =
    input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL'
      ? materials
      : materials.filter(({ record }) => record.rotationType !== undefined);
  const { items, NextMarker, Truncated } = paginate(
    `rotations ${key.arn} ${input.IncludeKeyMaterial ?? ''}`,
    input,
    { defaultLimit: 100, maxLimit: 1000 },
    (after, count) => listed.filter(({ seq }) => seq > Number(after ?? 0)).slice(0, count),
    ({ seq }) => String(seq),
  );
  const Rotations = items.map((material) => ({
    KeyId: key.arn,
    KeyMaterialId: formatMaterialId(material),
    KeyMaterialState: getMaterialState(context.store, key, material),
    ...(key.record.origin === 'EXTERNAL' ? buildImportMembers(material) : {}),
    RotationDate: material.record.rotationMs === undefined ? undefined : new Date(material.record.rotationMs),
    RotationType: material.record.rotationType,
  }));
  return { Rotations, NextMarker, Truncated };
};

/** Builds the response members for imported material. Deleted or expired material has no ExpirationModel. */
function buildImportMembers({ record, isPresent }: Material) {
  return {
    KeyMaterialDescription: record.description,
    ImportState: isPresent ? ('IMPORTED' as const) : ('PENDING_IMPORT' as const),
    ExpirationModel: isPresent ? getExpirationModel(record.validToMs) : undefined,
    ValidTo: record.validToMs === undefined ? undefined : new Date(record.validToMs),
  };
}
