import type { TokenSources } from '#functions/analyzer/token-questions.ts';
import { absent, type Finding, known } from '#shared/domain/evidence.ts';
import type { TokenSnapshot } from '#shared/ports/token-reader.ts';
import { WRAPPED_SOL } from '#shared/domain/venue.ts';
import { addressNamed } from './detections.ts';
import { SOUND_FACTS, anOpening } from './evidence.ts';

type Question =
  | 'snapshot'
  | 'holdings'
  | 'firstBuyers'
  | 'document'
  | 'listing'
  | 'report'
  | 'profile'
  | 'xAccount';

/** What the sources answer: a value, or a function of how often it was asked and of the signal. */
type Answers = {
  readonly [Name in Question]?: (asked: number, signal: AbortSignal) => Promise<Finding<never>>;
};

/** Resolves never, and does not care about the signal. */
export const hanging = async (): Promise<never> => new Promise<never>(() => undefined);

/** Rejects when the signal aborts, as a well-behaved adapter does. */
export const untilAborted = async (_asked: number, signal: AbortSignal): Promise<never> =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

export const soundSnapshot = (changes: Partial<TokenSnapshot['mint']> = {}): TokenSnapshot => {
  const opening = anOpening();
  return {
    mint: {
      program: 'token-2022',
      mintAuthority: null,
      freezeAuthority: null,
      supply: 1_000_000n,
      decimals: 6,
      extensions: [],
      metadata: { name: 'Gary', symbol: 'GARY', uri: 'ipfs://gary', updateAuthority: null },
      ...changes,
    },
    metaplex: undefined,
    curve: undefined,
    baseVault: { mint: opening.mint, owner: opening.pool, amount: 200_000n },
    quoteVault: { mint: WRAPPED_SOL, owner: opening.pool, amount: 85_000_000_000n },
    lpSupply: 0n,
  };
};

export type FakeSources = {
  readonly sources: TokenSources;
  /** How often each question was asked. */
  readonly asked: Record<Question, number>;
  readonly signals: Partial<Record<Question, AbortSignal>>;
};

/** Sources of a sound token that answer at once, but for the answers given. */
export function fakeSources(answers: Answers = {}): FakeSources {
  const asked = {
    snapshot: 0,
    holdings: 0,
    firstBuyers: 0,
    document: 0,
    listing: 0,
    report: 0,
    profile: 0,
    xAccount: 0,
  };
  const signals: FakeSources['signals'] = {};
  const answer = async <Facts>(
    name: Question,
    signal: AbortSignal,
    facts: Facts,
  ): Promise<Finding<Facts>> => {
    asked[name] += 1;
    signals[name] = signal;
    return answers[name]?.(asked[name], signal) ?? known(facts);
  };
  const noLinks = { twitter: null, telegram: null, website: null };
  const { honeypot, organic } = SOUND_FACTS;
  const risk = honeypot.rugcheck.status === 'known' ? honeypot.rugcheck.facts : undefined;
  return {
    asked,
    signals,
    sources: {
      tokens: {
        snapshot: async (_opening, signal) => answer('snapshot', signal, soundSnapshot()),
        holdings: async (_mint, signal) =>
          answer('holdings', signal, [
            { owner: addressNamed('alice'), tokenAccount: addressNamed('a'), amount: 20_000n },
          ]),
        firstBuyers: async (_mint, _slot, signal) => answer('firstBuyers', signal, []),
      },
      documents: {
        read: async (_uri, signal) =>
          answer('document', signal, {
            name: 'Gary',
            symbol: 'GARY',
            description: '',
            hasImage: true,
            twitter: 'https://x.com/gary',
            telegram: null,
            website: null,
          }),
      },
      listings: {
        find: async (_mint, signal) =>
          answer('listing', signal, { trading: organic, links: noLinks }),
      },
      reports: {
        find: async (_mint, signal) => answer('report', signal, { risk: risk!, holders: [] }),
      },
      profiles: {
        find: async (_mint, signal) =>
          answer('profile', signal, { hasProfile: true, boosts: 0, links: noLinks }),
      },
      xAccounts: {
        find: async (_handle, signal) =>
          'xAccount' in answers
            ? answer('xAccount', signal, {
                handle: 'gary',
                followers: 1,
                createdAt: 0,
                verified: false,
              })
            : absent('X is not configured'),
      },
    },
  };
}
