// What a device is called in a list.

import { deviceName } from '../device-name.ts'
import { textsIn } from '../texts.ts'

/** As its user reads it on their own page; the console speaks English. */
export const deviceWords = (device: string | undefined): string => deviceName(device ?? null, textsIn('en'))
