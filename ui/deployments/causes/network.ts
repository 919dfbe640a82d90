/** Names, connections and certificates on the way to another host. Databases have rules of their own. */
import { BUILDS, type Cause } from './cause.ts'

export const HOSTS: readonly Cause[] = [
  {
    kind: 'name resolution',
    when: [
      /\bno such host\b|\btemporary failure (?:in name resolution|resolving)\b/i,
      /\bEAI_AGAIN\b|\bENOTFOUND\b|\bUnknownHostException\b/,
      /\bcould not resolve (?:host|proxy)\b|\bCould not resolve '/i,
      /\bfailed to lookup address information\b|\bname or service not known\b|\bserver misbehaving\b/i,
      /\bphp_network_getaddresses\b|\bDNS: transient error\b|\bTemporary error \(try again later\)/i,
    ],
    hint: 'A name could not be resolved: the server (or the build) has no network, or its DNS does not know that host.',
    steps: ['received', 'build', 'predeploy', 'release', 'crash at start'],
  },
  {
    kind: 'certificate',
    when: [
      /\bx509: certificate\b|\bself[- ]signed certificate\b|\bSELF_SIGNED_CERT_IN_CHAIN\b/i,
      /\bunable to (?:get local issuer|verify the first) certificate\b|\bUNABLE_TO_VERIFY_LEAF_SIGNATURE\b/i,
      /\bCERTIFICATE_VERIFY_FAILED\b|\bSSL certificate problem\b|\bCERT_HAS_EXPIRED\b/,
      /\bPKIX path building failed\b/,
    ],
    hint: 'A host’s certificate is not trusted: it is expired, signed by a private CA that the image does not know, or a proxy stands in between. Add the CA to the image.',
  },
]

export const CONNECTIONS: readonly Cause[] = [
  {
    kind: 'network',
    when: [
      /\bETIMEDOUT\b|\bECONNRESET\b|\bECONNREFUSED\b|\bERR_SOCKET_TIMEOUT\b|\bESOCKETTIMEDOUT\b/,
      /\bi\/o timeout\b|\bTLS handshake timeout\b|\bconnection (?:refused|reset by peer)\b/i,
      /\b(?:connection|operation|read) timed out\b|\bReadTimeoutError\b|\bsocket hang up\b/i,
      /\bClient\.Timeout exceeded\b|\bcurl: \((?:7|18|28|35|52|56|92)\)|\bRPC failed; curl\b|\bearly EOF\b/,
      /: 50[234] (?:Bad Gateway|Service Unavailable|Gateway Time-?out)\b/i,
    ],
    hint: 'A host the build needs did not answer. Try again, or check the way from the server to it.',
    steps: ['received', ...BUILDS],
  },
]
