import type { describeCustomKeyStores } from '../../functions/key-stores/describe-custom-key-stores/operation.ts';
import type { OperationOutput } from '../../shared/declaration/operation.ts';

export type KeyStoreEntry = NonNullable<OperationOutput<typeof describeCustomKeyStores>['CustomKeyStores']>[number];
type XksProxyConfiguration = NonNullable<KeyStoreEntry['XksProxyConfiguration']>;

/**
 * The stored properties of a custom key store. It does not contain secrets. The emulator does not connect to a cluster
 * or proxy, so it checks passwords and secret keys and then discards them.
 */
export interface KeyStoreRecord {
  name: string;
  readonly type: 'AWS_CLOUDHSM' | 'EXTERNAL_KEY_STORE';
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  /**
   * In AWS KMS, connecting and disconnecting take minutes. Here they take effect immediately. A seed can set FAILED.
   */
  connectionState: 'CONNECTED' | 'DISCONNECTED' | 'FAILED';
  connectionErrorCode?: KeyStoreEntry['ConnectionErrorCode'];
  /** Set for an AWS CloudHSM key store. */
  clusterId?: string | undefined;
  readonly trustAnchorCertificate?: string | undefined;
  /** Set for an external key store. */
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
