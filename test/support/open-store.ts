/**
 * Opens the store in a data directory. Prints bytes that the store sealed, so that a test can find out which master key
 * the process uses. With a second argument, the process first creates a key.
 */
import { startEmulator } from '../../emulator/index.ts';
import { openStore } from '../../emulator/store/store.ts';

const [directory = '', keyId] = process.argv.slice(2);
if (keyId !== undefined) {
  await (await startEmulator({ directory, announce: false, seed: { Version: 1, Keys: [{ KeyId: keyId }] } })).close();
}
const store = openStore(directory);
process.stdout.write(store.seal('test', Buffer.from('bytes')).toString('base64'));
store.close();
