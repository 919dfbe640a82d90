/** First import of every entry point: an older Node would crash in SQLite's binary with nothing but a warning. */
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `Dokkubase needs Node 24 or newer; this is ${process.version}. In the source tree \`npm install\` brings one: run \`npm start\` or \`npm run demo\`.\n`,
  )
  process.exit(1)
}
