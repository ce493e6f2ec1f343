import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';

import ipaddr from 'ipaddr.js';

import { Fault } from '../../domain/fault.ts';

/** True for an address of the public internet; mapped IPv4 is judged as IPv4. */
export function isPublicAddress(text: string): boolean {
  return ipaddr.isValid(text) && ipaddr.process(text).range() === 'unicast';
}

/**
 * A look-up for sockets that refuses names which lead to a private, loopback, link-local, metadata
 * or otherwise special address. The socket connects to the very address that was checked.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    const first = addresses?.[0];
    if (error) return callback(error, '', 0);
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
