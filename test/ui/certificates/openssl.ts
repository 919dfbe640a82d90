/** Certificates, keys and all they are mistaken for, as openssl makes them. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function opensslMade() {
  const folder = mkdtempSync(join(tmpdir(), 'dokkubase-openssl-'))
  const run = (...args: readonly string[]) =>
    execFileSync('openssl', [...args], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')

  /** `by`: name of the authority that signs it. */
  const certificate = (name: string, by: string | null, extensions: string, days = '90') => {
    run(
      'req',
      '-newkey',
      'rsa:2048',
      '-noenc',
      '-keyout',
      `${name}.key`,
      '-subj',
      `/CN=${name}`,
      '-out',
      `${name}.csr`,
    )
    writeFileSync(join(folder, 'extensions'), extensions)
    const signer = by === null ? ['-key', `${name}.key`] : ['-CA', `${by}.crt`, '-CAkey', `${by}.key`]
    run(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...signer,
      '-days',
      days,
      '-extfile',
      'extensions',
      '-out',
      `${name}.crt`,
    )
  }
  const CA = 'basicConstraints=critical,CA:TRUE'
  certificate('Root', null, CA)
  certificate('Intermediate', 'Root', CA)
  certificate(
    'shop.example.com',
    'Intermediate',
    'subjectAltName=DNS:shop.example.com,DNS:*.shop.example.com',
  )
  run('pkey', '-in', 'shop.example.com.key', '-aes128', '-passout', 'pass:secret', '-out', 'encrypted.key')
  run(
    'rsa',
    '-in',
    'shop.example.com.key',
    '-aes128',
    '-passout',
    'pass:secret',
    '-traditional',
    '-out',
    'old-encrypted.key',
  )
  run('rsa', '-in', 'shop.example.com.key', '-traditional', '-out', 'traditional.key')
  run('pkey', '-in', 'shop.example.com.key', '-pubout', '-out', 'public.key')
  run('x509', '-in', 'shop.example.com.crt', '-outform', 'der', '-out', 'certificate.der')
  run('pkey', '-in', 'shop.example.com.key', '-outform', 'der', '-out', 'key.der')
  run('crl2pkcs7', '-nocrl', '-certfile', 'shop.example.com.crt', '-out', 'chain.p7b')
  run(
    'req',
    '-x509',
    '-newkey',
    'rsa:1024',
    '-noenc',
    '-keyout',
    'short.key',
    '-subj',
    '/CN=short',
    '-out',
    'short.crt',
  )
  run(
    'req',
    '-x509',
    '-newkey',
    'ed25519',
    '-noenc',
    '-keyout',
    'ed.key',
    '-subj',
    '/CN=ed',
    '-out',
    'ed.crt',
  )
  return { read, remove: () => rmSync(folder, { recursive: true }) }
}
