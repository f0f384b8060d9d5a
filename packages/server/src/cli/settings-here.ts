// The settings of the folder that a command runs in.
import { type Config, loadConfigFrom } from '../config.ts'

/** Throws ConfigError. */
export async function settingsHere(): Promise<Config> {
  return (await loadConfigFrom(process.cwd())).config
}
