// A process of its own that holds slow sockets. Arguments: the server's URL, how many, seconds to wait at the most.
import { openSlowSockets } from './slow-sockets.ts'

const [url = '', count, seconds] = process.argv.slice(2)
const figures = await openSlowSockets(url, Number(count), Number(seconds))
process.stdout.write(JSON.stringify(figures), () => process.exit(0))
