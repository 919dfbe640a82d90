// What node:http alone does of the panel's work: the floors. Plain JavaScript, since stripping types costs memory.
//   /        hello, or the file PAGE          /stream  an event stream
//   /write   POST: its body to every stream   /watched a page that shows whatever comes into the folder WATCH
import { createServer } from 'node:http'

const { PORT, PAGE, WATCH } = process.env
const { readFileSync, watch } = PAGE || WATCH ? await import('node:fs') : {}
const body = PAGE ? readFileSync(PAGE) : 'hello\n'
const type = PAGE ? 'text/html; charset=utf-8' : 'text/plain'
const open = new Set()

const WATCHED = `<!doctype html><title>bare</title><p id="shown"></p><script>
new EventSource('/stream').onmessage = ({ data }) => { document.getElementById('shown').textContent = data }
</script>`

const server = createServer((request, response) => {
  if (request.url === '/stream') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write('retry: 1000\n\n')
    open.add(response)
    response.once('close', () => open.delete(response))
  } else if (request.url === '/write') {
    const pieces = []
    request.on('data', (piece) => pieces.push(piece))
    request.on('end', () => {
      const words = Buffer.concat(pieces)
      for (const stream of open) stream.write(words)
      response.end()
    })
  } else if (request.url === '/watched') response.writeHead(200, { 'content-type': 'text/html' }).end(WATCHED)
  else response.writeHead(200, { 'content-type': type }).end(body)
})
server.listen(Number(PORT), '127.0.0.1')

if (WATCH)
  watch(WATCH, (_, name) => {
    const words = readFileSync(`${WATCH}/${name}`, 'utf8').replaceAll('\0', ' ').trim()
    for (const stream of open) stream.write(`data: ${words}\n\n`)
  })

process.on('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
  process.exit(0)
})
