import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import SQLite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { makeOneTimeLink } from '../../../ui/accounts/links.ts'
import { sessions } from '../../../ui/accounts/table.ts'
import { recordAudit } from '../../../ui/audit/table.ts'
import { openDatabase } from '../../../ui/database/database.ts'
import { recording } from '../../../ui/recording.ts'
import { backup } from '../../../ui/terminal/backup.ts'
import { erase } from '../../../ui/terminal/erase.ts'
import { login } from '../../../ui/terminal/login.ts'
import { migrate } from '../../../ui/terminal/migrate.ts'
import { report } from '../../../ui/terminal/report.ts'
import { receive, restore } from '../../../ui/terminal/restore.ts'
import { told } from '../story/events.ts'
import { NOW } from '../story/seed.ts'
import { place, seat } from './terminal.ts'

/** A panel with some apps in its journal, as a service leaves it when it ends. */
function panelWith(...apps: readonly string[]): string {
  const data = place()
  const db = openDatabase(`${data}/dokkubase.db`)
  recording(db, { publish: () => {} }, () => NOW).record(
    apps.map((app, index) => told(NOW + index * 1000, 'root', 'post-create', [app])),
  )
  db.$client.close()
  return data
}

const appsOf = (file: string) => {
  const client = new SQLite(file, { readonly: true })
  const names = client.prepare('select name from apps order by name').pluck().all()
  client.close()
  return names
}

async function backupOf(data: string): Promise<Buffer> {
  const { run, said, end } = seat({ data })
  await run(backup)
  end()
  return said()
}

const received = async (data: string, content: Buffer) => {
  const { run, end } = seat({ data, stdin: Readable.from([content]) })
  try {
    return await run(receive)
  } finally {
    end()
  }
}

const restored = async (data: string) => {
  const { run, end } = seat({ data })
  try {
    return await run(restore)
  } finally {
    end()
  }
}

describe('a backup', () => {
  test('is the whole database in one file, and leaves nothing behind', async () => {
    const data = panelWith('blog', 'shop')
    const copy = `${place()}/copy.db`
    writeFileSync(copy, await backupOf(data))
    expect(appsOf(copy)).toEqual(['blog', 'shop'])
    expect(readdirSync(`${data}/backups`)).toEqual([])
  })

  test('made while the panel writes is what was committed when it began', async () => {
    const data = panelWith('blog')
    const service = openDatabase(`${data}/dokkubase.db`)
    const { record } = recording(service, { publish: () => {} }, () => NOW)
    record([told(NOW + 5000, 'root', 'post-create', ['shop'])])
    const copy = `${place()}/copy.db`
    writeFileSync(copy, await backupOf(data))
    record([told(NOW + 6000, 'root', 'post-create', ['api'])])
    service.$client.close()
    expect(appsOf(copy)).toEqual(['blog', 'shop'])
    expect(appsOf(`${data}/dokkubase.db`)).toEqual(['api', 'blog', 'shop'])
  })

  test('sweeps away what a copy that was killed left', async () => {
    const data = panelWith('blog')
    mkdirSync(`${data}/backups`)
    writeFileSync(`${data}/backups/unfinished-17.db`, 'half')
    await backupOf(data)
    expect(readdirSync(`${data}/backups`)).toEqual([])
  })
})

describe('a restore', () => {
  test('brings the backup back and keeps the database it replaces', async () => {
    const data = panelWith('blog', 'shop')
    const content = await backupOf(data)
    const later = panelWith('wiki')
    expect(await received(later, content)).toBe(
      'events 2\ndeployments 0\naccounts 0\nnewest 2026-11-03T14:05:01Z\n',
    )
    expect(appsOf(`${later}/dokkubase.db`)).toEqual(['wiki'])
    const kept = (await restored(later)).trim()
    expect(appsOf(`${later}/dokkubase.db`)).toEqual(['blog', 'shop'])
    expect(kept).toBe(`${later}/backups/before-restore-2026-11-03T140500Z.db`)
    expect(appsOf(kept)).toEqual(['wiki'])
    expect(statSync(`${later}/dokkubase.db`).mode & 0o777).toBe(0o600)
    expect(readdirSync(later).filter((name) => name.startsWith('received'))).toEqual([])
  })

  test('signs everybody out: a session or link ended since must not come back', async () => {
    const data = panelWith('blog')
    const db = openDatabase(`${data}/dokkubase.db`)
    const session = { tokenHash: 'x', accountId: 1, createdAt: NOW, lastSeenAt: NOW, expiresAt: NOW * 2 }
    db.insert(sessions)
      .values({ ...session, ip: '', userAgent: '' })
      .run()
    makeOneTimeLink(
      { db, audit: recordAudit({ db, clock: () => NOW }), clock: () => NOW },
      'https://p.example',
    )
    db.$client.close()
    await received(data, await backupOf(data))
    await restored(data)
    const after = new SQLite(`${data}/dokkubase.db`)
    expect(
      after
        .prepare('select (select count(*) from sessions) + (select count(*) from one_time_tokens)')
        .pluck()
        .get(),
    ).toBe(0)
    expect(after.prepare("select count(*) from audit where action = 'backup restored'").pluck().get()).toBe(1)
    after.close()
  })

  test('waits for the service to be stopped', async () => {
    const data = panelWith('blog')
    await received(data, await backupOf(data))
    const service = openDatabase(`${data}/dokkubase.db`)
    await expect(restored(data)).rejects.toThrow('type dokku dokkubase:stop')
    service.$client.close()
    await restored(data)
  })

  test('replaces a database that is damaged, and keeps that one too', async () => {
    const content = await backupOf(panelWith('blog'))
    const data = place()
    writeFileSync(`${data}/dokkubase.db`, 'ruins')
    writeFileSync(`${data}/dokkubase.db-wal`, 'more ruins')
    await received(data, content)
    const kept = (await restored(data)).trim()
    expect(appsOf(`${data}/dokkubase.db`)).toEqual(['blog'])
    expect(readFileSync(kept, 'utf8')).toBe('ruins')
    expect(readFileSync(`${kept}-wal`, 'utf8')).toBe('more ruins')
  })

  test('without a backup says what to type', async () => {
    await expect(restored(panelWith('blog'))).rejects.toThrow('type dokku dokkubase:restore <file>')
  })
})

describe('what is no backup of ours changes nothing', () => {
  const foreign = (...sql: readonly string[]) => {
    const file = `${place()}/foreign.db`
    const client = new SQLite(file)
    for (const one of sql) client.exec(one)
    client.close()
    return readFileSync(file)
  }
  const changed = async (...sql: readonly string[]) => {
    const file = `${place()}/changed.db`
    writeFileSync(file, await backupOf(panelWith('blog')))
    const client = new SQLite(file)
    for (const one of sql) client.exec(one)
    client.close()
    return readFileSync(file)
  }

  test.each([
    ['nothing at all', async () => Buffer.alloc(0), 'it is not a database'],
    ['another file', async () => Buffer.from('PK\x03\x04 no database'), 'it is not a database'],
    [
      "somebody else's database",
      async () => foreign('create table notes (text)'),
      'it is not a backup of Dokkubase',
    ],
    ['one that was cut off', async () => (await backupOf(panelWith('blog'))).subarray(0, 40_960), 'it '],
    [
      'one of a newer version',
      () => changed("insert into __drizzle_migrations (hash, created_at) values ('next', 99999999999999)"),
      'it comes from a newer Dokkubase',
    ],
    [
      'one with another schema',
      () => changed("update __drizzle_migrations set hash = 'other'"),
      'its schema is not one that Dokkubase ever had',
    ],
    [
      'one with a trigger of a stranger',
      () => changed('create trigger spy after insert on sessions begin select 1; end'),
      'its tables are not those of Dokkubase',
    ],
  ])('%s', async (_, content, reason) => {
    const data = panelWith('wiki')
    await expect(received(data, await content())).rejects.toThrow(`This backup cannot be restored: ${reason}`)
    expect(appsOf(`${data}/dokkubase.db`)).toEqual(['wiki'])
    expect(existsSync(`${data}/received.db`)).toBe(false)
  })
})

describe('the other verbs', () => {
  test('login prints a link that leads to the configured address, once', async () => {
    const said = await seat({ data: panelWith() }).run(login)
    expect(said).toMatch(
      /^Set the panel up \(once, until 2026-11-04T14:05:00Z\), for the panel whose data is in \S+:\nhttps:\/\/panel\.example\.com\/setup\?token=[\w-]{20,}\n$/,
    )
  })

  test('migrate makes the database and says which schema it has', async () => {
    const { run, data } = seat({})
    expect(await run(migrate)).toMatch(/^schema \d+\n$/)
    expect(existsSync(`${data}/dokkubase.db`)).toBe(true)
  })

  test('report gives a name and a value a line', async () => {
    const said = await seat({ data: panelWith('blog') }).run(report)
    expect(said).toContain('version 1.2.3\norigin https://panel.example.com\n')
    expect(said).toContain(
      '\napps 1\napps-running 0\napps-need-attention \napps-restricted \napps-restrictions-unknown \ndeployments 0\ndeployments-running 0\nevents 1\nevents-waiting 0\n',
    )
  })

  test('erase leaves nothing of the panel, and nothing that waits to be recorded', async () => {
    const data = panelWith('blog')
    mkdirSync(`${data}/data/dokkubase/outbox`, { recursive: true })
    writeFileSync(`${data}/data/dokkubase/outbox/1793714709.000001-1-1`, 'an event')
    await seat({ data }).run(erase)
    expect(readdirSync(data)).toEqual([])
  })

  test.each([login, migrate, report, backup, receive, restore, erase])('%o takes no words', async (verb) => {
    await expect(seat({}).run(verb, 'blog')).rejects.toThrow('Not understood: blog')
  })
})
