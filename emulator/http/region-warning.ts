import { suggestName } from '../../shared/errors/closest-name.ts';
import { findKnownPartition, knownRegions } from '../core/aws-regions.ts';

/**
 * Creates a function that warns once about each Region that AWS does not have. An SDK that calls AWS fails in such a
 * Region, because the Region's endpoint does not exist. The emulator only warns, because AWS adds Regions, and because
 * some projects use a name such as `local`.
 */
export function createRegionWarning(): (region: string) => void {
  const checked = new Set<string>();
  return (region) => {
    if (checked.has(region)) return;
    checked.add(region);
    if (findKnownPartition(region) !== undefined) return;
    process.emitWarning(
      `A request is for the Region ${region}, which AWS KMS does not have. The emulator keeps its keys apart from those of other Regions.${suggestName(region, knownRegions)}`,
      { code: 'KMS_EMULATOR_UNKNOWN_REGION' },
    );
  };
}
