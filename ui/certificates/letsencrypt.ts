/** What the letsencrypt plugin says of an app, and what stands in its way. Pure. */
import { isCertifiable } from '../domains/domain.ts'
import type { Facts } from '../reports/report.ts'
import { reported } from '../reports/report.ts'

export interface Letsencrypt {
  /** The certificate the app has is the one the plugin fetched. */
  readonly active: boolean
  /** The server's timer renews what is due. */
  readonly renews: boolean
  readonly email: { readonly own: string; readonly ofServer: string }
  /** So long before its end a certificate is due, milliseconds. */
  readonly graceMs: number
  /** Domains are proven by DNS, not by a file over port 80. */
  readonly byDns: boolean
}

export const readLetsencrypt = (facts: Facts): Letsencrypt => ({
  active: reported(facts, 'active') === 'true',
  renews: reported(facts, 'autorenew') === 'true',
  email: { own: reported(facts, 'email'), ofServer: reported(facts, 'global-email') },
  graceMs: (Number(reported(facts, 'computed-graceperiod')) || 30 * 24 * 3600) * 1000,
  byDns: reported(facts, 'computed-dns-provider') !== '',
})

/** Why it cannot work: not offered before this is mended, for each failed try counts against limits. */
export function obstacles({ email, byDns }: Letsencrypt, domains: readonly string[]): readonly string[] {
  const odd = domains.filter((domain) => !isCertifiable(domain))
  const wildcards = domains.filter((domain) => domain.startsWith('*.'))
  return [
    ...(domains.length === 0 ? ['the app has no domain to get a certificate for'] : []),
    ...(odd.length === 0
      ? []
      : [
          `no certificate can be for ${odd.join(', ')}, and one is fetched for all domains or none: remove it`,
        ]),
    ...(email.own === '' && email.ofServer === ''
      ? ['there is no e-mail address: Let’s Encrypt wants one']
      : []),
    ...(wildcards.length > 0 && !byDns
      ? [
          `${wildcards.join(', ')} can only be proven by DNS, and no DNS provider is set (dokku letsencrypt:set APP dns-provider NAME)`,
        ]
      : []),
  ]
}

interface Rule {
  readonly when: RegExp
  readonly means: string
}

/**
 * Most telling first: a limit that is reached is told besides of what reached it. No `.*`, which takes the square of a
 * line's length.
 */
const RULES: readonly Rule[] = [
  {
    when: /rateLimited|too many certificates|too many failed authorizations|\b429\b.{0,200}too many requests|rate-limited this request/i,
    means:
      'Let’s Encrypt has had too many requests for these domains and takes no more for now. The message says until when; further tries do not help. Meanwhile a certificate of another authority can be put on here.',
  },
  {
    when: /without an e-mail address/,
    means: 'There is no e-mail address. Set one below, for this app or for all, and try again.',
  },
  {
    when: /invalidContact|contact email|forbidden domain|unable to parse email/i,
    means: 'Let’s Encrypt does not take this e-mail address. Set another one below.',
  },
  { when: /No domains detected/, means: 'The app has no domain. Add one under Domains first.' },
  {
    when: /no http or https proxy port mapping/,
    means:
      'nginx has no port of the app to pass requests on to. Deploy it first, or map one: dokku ports:add APP http:80:5000',
  },
  {
    when: /rejectedIdentifier|does not end with a valid public suffix|not end in a public suffix|Domain name contains|forbidden by policy/i,
    means:
      'One of the domains is none that anybody can get a certificate for, such as a name of a local network. Remove it, or use a certificate of your own.',
  },
  {
    when: /wildcard/i,
    means:
      'A domain that begins with *. can only be proven by DNS. Set a DNS provider, or remove that domain.',
  },
  {
    when: /acme:error:caa|\bCAA record/i,
    means:
      'The DNS of a domain has a CAA record that allows other authorities only. Add letsencrypt.org to it.',
  },
  {
    when: /NXDOMAIN|no valid A(?:AAA)? records|acme:error:dns|DNS problem|SERVFAIL looking up/i,
    means:
      'Let’s Encrypt finds no address for a domain. Its DNS does not point to this server yet, or not everywhere: the Domains page says where it points.',
  },
  {
    when: /Timeout during connect|Connection refused|Connection reset|acme:error:connection|Error getting validation data|No route to host/i,
    means:
      'Let’s Encrypt could not reach a domain over port 80. Either it points to another server, or port 80 of this one is closed: open it in the firewall, and in that of whoever hosts it.',
  },
  {
    when: /Invalid response from .{0,500}: (?:404|403|30\d)|acme:error:unauthorized/i,
    means:
      'Somebody answered over port 80, but not with the file that proves the domain. It points to another server or a proxy before this one, another app has the same domain, or nginx does not serve it by http.',
  },
  {
    when: /docker: Error response from daemon|Cannot connect to the Docker daemon|pull access denied|toomanyrequests/i,
    means:
      'The program that speaks to Let’s Encrypt runs in a container whose image could not be had. Check Docker and its way to the registry.',
  },
  {
    when: /dial tcp|no such host|server misbehaving|i\/o timeout|x509: certificate/i,
    means: 'This server could not reach Let’s Encrypt. Check its network and its DNS.',
  },
]

const READ_OF_A_LINE = 2000

/** What a failed try usually means; empty where nobody knows. */
export const meaning = (said: readonly string[]): string => {
  const text = said.map((line) => line.slice(0, READ_OF_A_LINE)).join('\n')
  return RULES.find(({ when }) => when.test(text))?.means ?? ''
}
