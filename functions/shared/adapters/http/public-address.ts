import { type LookupAddress, type LookupAllOptions, lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

import ipaddr from 'ipaddr.js';

import { Fault } from '../../domain/fault.ts';

/** The part of IPv6 that is given out (RFC 4291, IANA): outside of it lie old forms that carry IPv4. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** True for an address of the public internet; mapped IPv4 is judged as IPv4. */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.process(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6);
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
  const special = ipaddr.isValid(host)
    ? !isPublicAddress(host)
    : host === 'localhost' || host.endsWith('.localhost');
  return special ? `${host.slice(0, 80)} is no public address` : undefined;
}
