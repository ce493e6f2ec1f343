import { useState } from 'preact/hooks';

import { addressLink, transactionLink } from './explorer-links.ts';
import { shortAddress } from './format.ts';

type AddressProps = {
  readonly id: string;
  readonly kind?: 'address' | 'transaction';
  /** False where no public explorer knows the chain. */
  readonly linked: boolean;
  /** Whole, where there is room for it. */
  readonly whole?: boolean;
};

const COPIED_MS = 1_200;

/** An address or a signature: to be read, copied, and looked up in the Solana explorer. */
export function Address({ id, kind = 'address', linked, whole = false }: AddressProps) {
  const [copied, setCopied] = useState(false);
  const href = linked ? (kind === 'address' ? addressLink(id) : transactionLink(id)) : undefined;
  const text = whole ? id : shortAddress(id);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(id);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <span class="address mono" title={id}>
      {href === undefined ? (
        <span>{text}</span>
      ) : (
        <a href={href} target="_blank" rel="noopener noreferrer">
          {text}
        </a>
      )}
      <button type="button" class="copy" aria-label={`Copy ${id}`} onClick={() => void copy()}>
        {copied ? 'copied' : 'copy'}
      </button>
    </span>
  );
}
