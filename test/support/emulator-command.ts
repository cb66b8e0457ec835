/** The command that starts the emulator. `KMS_EMULATOR_COMMAND` replaces it with a single-file executable. */
export const emulatorCommand: readonly [string, ...string[]] = process.env.KMS_EMULATOR_COMMAND
  ? [process.env.KMS_EMULATOR_COMMAND]
  : ['node', 'emulator/cli.ts'];
