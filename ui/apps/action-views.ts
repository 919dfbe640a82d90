/** Buttons and forms for an app as a whole. */
import { html } from 'hono/html'
import { NewAppName } from '../dokku/names.ts'
import { type Action, action, actionMenu, opener } from '../web/action.ts'
import { appHref } from '../web/app-page.ts'
import { askFor, tick } from '../web/dialog-field.ts'
import type { Frame } from '../web/frame.ts'
import { icon } from '../web/icons.ts'
import type { Html } from '../web/layout.ts'
import type { App } from './app.ts'

const create = (): Action => ({
  verb: 'Create app',
  thing: '',
  label: html`${icon('plus', 'size-3.5')}Create app`,
  href: '/apps',
  command: null,
  previewed: true,
  form: html`<p class="text-muted-foreground-2">An empty place in Dokku: it gets code by its first deploy.</p>${newName('blog')}`,
  tone: 'primary',
  look: 'button button-primary',
})

/** Where apps are listed. */
export const createButton = (frame: Frame): Html | '' => action(frame, create())

/** The same dialog from where there is no app yet. */
export const createFirst = (frame: Frame): Html | '' =>
  frame.account?.role === 'admin' ? opener(create()) : ''

/** The same of an app whose name is known: what somebody looked for and did not find. */
export const createNamed = (frame: Frame, name: string): Html | '' =>
  NewAppName.safeParse(name).success
    ? action(frame, {
        verb: 'Create app',
        thing: name,
        href: '/apps',
        command: `dokku apps:create ${name}`,
        fields: { name },
      })
    : ''

/** What is seldom done to an app, behind one button. */
export const appMenu = (frame: Frame, app: App): Html | '' =>
  actionMenu(frame, icon('more', 'size-4'), `More for ${app.name}`, [
    clone(app),
    rename(app),
    lock(app.name, app.locked),
    destroy(app),
  ])

const clone = ({ name }: App): Action => ({
  verb: 'Clone',
  thing: name,
  label: 'Clone…',
  href: appHref(name, 'clones'),
  command: null,
  previewed: true,
  form: html`<p class="text-muted-foreground-2">A second app with the same code, config, scale and settings, under a name and domain of its own. It gets no certificate; storage mounts and linked services are shared by both.</p>${newName(`${name}-staging`)}${tick('skipDeploy', 'Without deploying it now')}`,
})

const rename = ({ name }: App): Action => ({
  verb: 'Rename',
  thing: name,
  label: 'Rename…',
  href: appHref(name, 'name'),
  method: 'put',
  command: null,
  previewed: true,
  form: html`<p class="text-muted-foreground-2">Dokku makes a new app of it and destroys the old one before the new one is built: <strong class="font-medium text-foreground">nobody is answered until that build is done</strong>. Domains made of the old name change with it. Its history stays with it here.</p>${newName('')}${tick('skipDeploy', 'Without building it now: it stays down until its next deploy')}`,
})

/** Or the taking away of it. */
export const lock = (name: string, locked: boolean): Action =>
  locked
    ? {
        verb: 'Unlock',
        thing: name,
        label: 'Unlock…',
        href: appHref(name, 'lock'),
        method: 'delete',
        command: `dokku apps:unlock ${name}`,
        confirm: {
          text: 'Takes away the lock that a failed build or somebody left, by which Dokku keeps two deploys of this app apart. It ends no deploy: one that still runs goes on, and a second one beside it can spoil both.',
        },
      }
    : {
        verb: 'Lock',
        thing: name,
        label: 'Lock…',
        href: appHref(name, 'lock'),
        method: 'put',
        command: `dokku apps:lock ${name}`,
        confirm: {
          text: 'Marks the app as locked, for people to see. Dokku itself still takes a push, a rebuild or a restart of it, and the end of the next deploy takes the mark away.',
        },
      }

const destroy = ({ name }: App): Action => ({
  verb: 'Destroy',
  thing: name,
  label: 'Destroy…',
  href: appHref(name),
  method: 'delete',
  command: `dokku apps:destroy ${name} --force`,
  confirm: {
    type: name,
    text: html`<p>Lost for good:</p><ul class="my-1.5 list-disc space-y-0.5 pl-5"><li>its containers and images, and with them what they wrote to their own disks</li><li>its config, with every secret in it</li><li>its domains, port mappings and certificate</li><li>the code Dokku has of it</li></ul><p>Kept: mounted storage, services that were linked to it, and its history on these pages.</p>`,
  },
  tone: 'bad',
})

const newName = (placeholder: string): Html =>
  askFor({
    name: 'name',
    label: 'Name',
    placeholder,
    hint: 'Becomes part of its first domain. With dots, as in tea.example.com, it is that domain.',
    pattern: '(?=.{1,63}$)[a-z0-9]([a-z0-9\\-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9\\-]*[a-z0-9])?)*',
    title: 'Lowercase letters, digits, and dashes or dots between them, at most 63 characters',
  })
