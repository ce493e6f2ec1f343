import { type LookupAddress, type LookupAllOptions, lookup as dnsLookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

import { Fault } from '../../domain/fault.ts';

/** IANA's registry of special-purpose IPv4 addresses, and multicast. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
/** What lies in the part of IPv6 that is given out and is special all the same; IPv4 travels in some. */
const SPECIAL_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'];

const special = new BlockList();
for (const subnet of SPECIAL_IPV4) add(special, subnet, 'ipv4');
for (const subnet of SPECIAL_IPV6) add(special, subnet, 'ipv6');
/** Given out so far (RFC 4291, IANA). Outside: loopback, unique local, link-local, multicast, IPv4 in old forms. */
const globalIpv6 = new BlockList();
add(globalIpv6, '2000::/3', 'ipv6');
const mappedIpv4 = new BlockList();
add(mappedIpv4, '::ffff:0:0/96', 'ipv6');

function add(list: BlockList, subnet: string, family: 'ipv4' | 'ipv6'): void {
  const [network = '', prefix] = subnet.split('/');
  list.addSubnet(network, Number(prefix), family);
}

/** True for an address of the public internet; mapped IPv4 is judged as IPv4. */
export function isPublicAddress(text: string): boolean {
  switch (isIP(text)) {
    case 4:
      return !special.check(text, 'ipv4');
    case 6:
      // The list of IPv4 answers for mapped addresses as well.
      return (
        (globalIpv6.check(text, 'ipv6') || mappedIpv4.check(text, 'ipv6')) &&
        !special.check(text, 'ipv6')
      );
    default:
      return false;
  }
}

/** Asks for all addresses of a name; Node's own. */
export type ResolveAll = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A look-up for sockets that refuses names which lead to a private, loopback, link-local, metadata
 * or otherwise special address. The socket connects to the very address that was checked.
 */
export const publicLookup =
  (resolve: ResolveAll = dnsLookup): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const first = addresses[0];
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        const reason = `${hostname.slice(0, 80)} leads to no public address`;
        return callback(new Fault('request.forbidden', { reason }), '', 0);
      }
      if (options.all === true) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };

/**
 * Checks a URL before it is asked: http(s), default port, no credentials, and, where the host is
 * an address (URL parsing has already normalised decimal, octal and hex forms), a public one.
 * @throws {Fault} `request.forbidden`
 */
export function assertPublicUrl(url: URL): void {
  const reason = forbiddenPart(url);
  if (reason !== undefined) throw new Fault('request.forbidden', { reason });
}

function forbiddenPart(url: URL): string | undefined {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return `scheme ${url.protocol}`;
  if (url.username !== '' || url.password !== '') return 'credentials in the URL';
  if (url.port !== '') return `port ${url.port}`;
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const inside =
    isIP(host) > 0 ? !isPublicAddress(host) : host === 'localhost' || host.endsWith('.localhost');
  return inside ? `${host.slice(0, 80)} is no public address` : undefined;
}
