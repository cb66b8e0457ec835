import type { describeCustomKeyStores } from '../../functions/key-stores/describe-custom-key-stores/operation.ts';
import type { OperationOutput } from '../../shared/declaration/operation.ts';

export type KeyStoreEntry = NonNullable<OperationOutput<typeof describeCustomKeyStores>['CustomKeyStores']>[number];
type XksProxyConfiguration = NonNullable<KeyStoreEntry['XksProxyConfiguration']>;

/**
 * The stored properties of a custom key store. It contains no secret: the emulator connects to no cluster and no proxy, so
 * it checks their passwords and secret keys and discards them.
 */
export interface KeyStoreRecord {
  name: string;
  readonly type: 'AWS_CLOUDHSM' | 'EXTERNAL_KEY_STORE';
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  /** In AWS KMS, connecting and disconnecting take minutes. Here the call returns the final state. A seed can set FAILED. */
  connectionState: 'CONNECTED' | 'DISCONNECTED' | 'FAILED';
  connectionErrorCode?: KeyStoreEntry['ConnectionErrorCode'];
  /** For an AWS CloudHSM key store. */
  clusterId?: string | undefined;
  readonly trustAnchorCertificate?: string | undefined;
  /** For an external key store. */
  proxy?: XksProxyConfiguration | undefined;
}

/** A custom key store that was read from the store. */
export interface KeyStore {
  readonly seq: number;
  readonly account: string;
  readonly region: string;
  /** `cks-` and 17 hexadecimal digits. */
  readonly keyStoreId: string;
  readonly record: KeyStoreRecord;
}
