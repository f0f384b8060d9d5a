// A process of its own that asks a guarded route for so many seconds. Arguments: URL, token, seconds.
import { probe } from './probe.ts'

const [url = '', token = '', seconds] = process.argv.slice(2)
const over = new Promise(resolve => setTimeout(resolve, Number(seconds) * 1_000))
const figures = await probe(url, { path: '/user/data', token, eachMs: 5 }, over)
process.stdout.write(JSON.stringify(figures), () => process.exit(0))
