import type { Random } from '../random.ts';

const FIRST =
  'Baby,Based,Bonk,Captain,Cosmic,Crypto,Dark,Diamond,Doge,Drunk,El,Fat,First,Frog,Giga,Golden,Grumpy,Happy,Holy,Hyper,King,Laser,Lazy,Little,Lucky,Mad,Mega,Mini,Moon,Mystic,Neon,Official,Old,Pepe,Pixel,Quantum,Rocket,Royal,Sad,Silent,Sleepy,Smol,Solar,Space,Super,Tiny,Turbo,Ultra,Viral,Wild'.split(
    ',',
  );
const SECOND =
  'Ape,Badger,Banana,Bear,Beaver,Bee,Bull,Burger,Cat,Chad,Cheems,Chicken,Corgi,Crab,Dino,Dog,Dolphin,Dragon,Duck,Eagle,Elf,Fox,Frog,Ghost,Goat,Goose,Hamster,Hawk,Hippo,Inu,Kitten,Lion,Llama,Monkey,Moose,Octopus,Otter,Owl,Panda,Penguin,Pigeon,Pug,Rabbit,Raccoon,Shark,Sloth,Squirrel,Tiger,Turtle,Whale,Wizard,Wolf'.split(
    ',',
  );
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** A name like those that people give to tokens, and its ticker. */
export function tokenName(random: Random): { readonly name: string; readonly symbol: string } {
  const [first, second] = [random.pick(FIRST), random.pick(SECOND)];
  const symbol = random.chance(0.5) ? second : `${first.slice(0, 2)}${second.slice(0, 3)}`;
  return { name: `${first} ${second}`, symbol: symbol.toUpperCase() };
}

/** A handle of at most 15 characters, as X allows. */
export const handleOf = (name: string, random: Random): string =>
  `${name.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 10)}${random.int(10, 9_999)}`;

/** The text form of a content identifier, as IPFS hosts use it: `bafkrei` and 52 letters. */
export const contentId = (random: Random): string =>
  `bafkrei${Array.from({ length: 52 }, () => BASE32[random.int(0, 31)]).join('')}`;

/** The text form of an Arweave transaction: 43 letters. */
export const arweaveId = (random: Random): string =>
  Buffer.from(random.bytes(32)).toString('base64url');
