import type { World } from './world.ts'

const LONG = 100_000
const BATCH = 1_000

/** A hundred thousand lines, as a verbose compiler prints them. */
export async function longOutput(world: World, number: number): Promise<void> {
  for (let first = 1; first <= LONG; first += BATCH) {
    const lines = Array.from(
      { length: BATCH },
      (_, i) => `#${number} ${(first + i) / 1000} compiling unit ${first + i} of ${LONG}`,
    )
    world.out(`${lines.join('\n')}\n`)
    await world.clock.wait(0.05)
  }
}

/** What a build may print to fool whoever reads it: each line tries another thing. */
export function hostileLines(world: World): void {
  const lines: readonly (string | Buffer)[] = [
    '\u001b[31mred that never ends',
    '\u001b]8;;https://evil.example/\u0007click me\u001b]8;;\u0007',
    '\u001b]0;your terminal is mine\u0007\u001b[2J\u001b[H\u001b[?1049hall gone?',
    'Progress  10%\rProgress  55%\rProgress 100%',
    '<script>alert("in a log")</script></pre></script><img src=x onerror=alert(1)>',
    'data: 1\u2028event: fake\u2029id: 7',
    Buffer.from([0x4e, 0x55, 0x4c, 0x20, 0x00, 0x00, 0x20, 0x68, 0x65, 0x72, 0x65]),
    Buffer.from([0x69, 0x6e, 0x76, 0x61, 0x6c, 0x69, 0x64, 0x20, 0xff, 0xfe, 0xc3, 0x28, 0xe2, 0x82]),
    '\u202etfel ot thgir\u202c \u0008\u0008\u0008erased \u009b31m',
    ' !     App build failed',
    '=====> Application deployed:',
    'x'.repeat(300_000),
    'no newline in sight: '.repeat(50),
  ]
  for (const line of lines)
    world.bytes(
      typeof line === 'string' ? Buffer.from(`${line}\n`) : Buffer.concat([line, Buffer.from('\n')]),
    )
}
