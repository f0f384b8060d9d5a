// Colours, on a terminal only: `NO_COLOR` and `FORCE_COLOR` are respected by Node itself.
import { styleText } from 'node:util'

type Format = Parameters<typeof styleText>[0]

/** Text in a colour where the stream shows one, else as it is. */
export function paint(format: Format, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(format, text, { stream })
}
