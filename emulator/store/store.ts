import type { KeyObject } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { storageFaultOf } from '../core/storage-error.ts';
import { AliasTable } from './alias-table.ts';
import { asStoreError, openDatabase } from './database.ts';
import { GrantTable } from './grant-table.ts';
import { KeyStoreTable } from './key-store-table.ts';
import { KeyTable } from './key-table.ts';
import { LastUsageTable } from './last-usage-table.ts';
import { masterKeyOf } from './master-key.ts';
import { MaterialTable } from './material-table.ts';
import { PolicyTable } from './policy-table.ts';
import { ReadCache, type Versions } from './read-cache.ts';
import { seal, unseal } from './sealing.ts';
import { clearAll, putSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts';
import { TagTable } from './tag-table.ts';

/** All that the emulator keeps. One table, one object. */
export class Store {
  readonly keys: KeyTable;
  readonly materials: MaterialTable;
  readonly aliases: AliasTable;
  readonly policies: PolicyTable;
  readonly tags: TagTable;
  readonly grants: GrantTable;
  readonly keyStores: KeyStoreTable;
  readonly lastUsages: LastUsageTable;
  readonly #database: DatabaseSync;
  readonly #masterKey: KeyObject;
  readonly #cache: ReadCache;

  constructor(database: DatabaseSync, masterKey: KeyObject) {
    this.#database = database;
    this.#masterKey = masterKey;
    this.#cache = new ReadCache(database);
    this.keys = new KeyTable(database, this.#cache);
    this.materials = new MaterialTable(database, masterKey, this.#cache);
    this.aliases = new AliasTable(database, this.#cache);
    this.policies = new PolicyTable(database, this.#cache);
    this.tags = new TagTable(database);
    this.grants = new GrantTable(database);
    this.keyStores = new KeyStoreTable(database);
    this.lastUsages = new LastUsageTable(database);
  }

  /** Runs `change` as one transaction: all of it is on the disk when this returns, or none of it. Not to be nested. */
  write<T>(change: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    this.#cache.beginWrite();
    try {
      const result = change();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    } finally {
      this.#cache.endWrite();
    }
  }

  /** Whether a transaction is open. */
  get isWriting(): boolean {
    return this.#cache.isWriting;
  }

  /** To be called at the start of each request: what another process wrote is seen from here on. */
  refresh(): void {
    this.#cache.refresh();
  }

  /** Each is another after a write by this process, or by others; when keys were last used does not count. */
  get versions(): Versions {
    return this.#cache.versions;
  }

  /** Seals what leaves the emulator and comes back; `label` binds it to its purpose. */
  seal(label: string, bytes: Uint8Array): Buffer {
    return seal(this.#masterKey, Buffer.from(label), bytes);
  }

  /** Throws StoreError for what this store did not seal under this label. */
  unseal(label: string, sealed: Uint8Array): Buffer {
    return unseal(this.#masterKey, Buffer.from(label), sealed);
  }

  snapshot(): Snapshot {
    this.lastUsages.flush();
    return takeSnapshot(this.#database);
  }

  /** Puts a snapshot in the place of everything. Throws StoreError where it does not fit this store. */
  restore(snapshot: Snapshot): void {
    this.write(() => {
      putSnapshot(this.#database, snapshot);
      this.materials.checkMasterKey();
    });
    this.lastUsages.forget();
  }

  /** Removes everything. */
  clear(): void {
    this.write(() => clearAll(this.#database));
    this.lastUsages.forget();
  }

  close(): void {
    try {
      this.lastUsages.flush();
    } catch (error) {
      // The last second's uses are not worth an end that fails; nothing else waits to be written.
      if (storageFaultOf(error) === undefined) throw error;
    } finally {
      this.#database.close();
    }
  }
}

/** The store of a data directory, or one in memory. Throws StoreError where it cannot be used. */
export function openStore(directory: string | undefined): Store {
  const database = openDatabase(directory);
  try {
    // Asked before the master key is looked for: another process may be making both at this moment.
    const needsMasterKey = MaterialTable.hasAny(database);
    const store = new Store(database, masterKeyOf(directory, needsMasterKey));
    store.materials.checkMasterKey();
    return store;
  } catch (error) {
    database.close();
    throw asStoreError(error, directory ?? 'memory');
  }
}
