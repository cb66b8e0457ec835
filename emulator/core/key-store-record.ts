import type { describeCustomKeyStores } from '../../functions/key-stores/describe-custom-key-stores/operation.ts';
import type { OperationOutput } from '../../shared/declaration/operation.ts';

export type KeyStoreEntry = OperationOutput<typeof describeCustomKeyStores>['CustomKeyStores'][number];
type XksProxyConfiguration = NonNullable<KeyStoreEntry['XksProxyConfiguration']>;

/**
 * A custom key store's stored properties, without secrets. The emulator does not connect to a cluster or proxy, so it
 * validates passwords and secret keys and then discards them.
 */
export interface KeyStoreRecord {
  name: string;
  readonly type: 'AWS_CLOUDHSM' | 'EXTERNAL_KEY_STORE';
  /** The creation time in milliseconds since 1970. */
  readonly createdMs: number;
  /**
   * In AWS KMS, connecting and disconnecting take minutes. In the emulator, they take effect immediately. Only a seed
   * can set FAILED.
   */
  connectionState: 'CONNECTED' | 'DISCONNECTED' | 'FAILED';
  connectionErrorCode?: KeyStoreEntry['ConnectionErrorCode'];
  /** Set for an AWS CloudHSM key store. */
  clusterId?: string | undefined;
  readonly trustAnchorCertificate?: string | undefined;
  /** Set for an external key store. */
  proxy?: XksProxyConfiguration | undefined;
}

/** A custom key store read from the store. */
export interface KeyStore {
  readonly seq: number;
  readonly account: string;
  readonly region: string;
  /** The id, which is `cks-` followed by 17 hexadecimal digits. */
  readonly keyStoreId: string;
  readonly record: KeyStoreRecord;
}
