/**
 * What the details of most decisions have in common: given to the compression beforehand, it takes
 * a row from three write units to two. Rows are read with the dictionary they were written with:
 * never change a line of one, add a version beside it.
 */
export const DETAIL_DICTIONARIES: ReadonlyMap<number, Buffer> = new Map([
  [
    1,
    Buffer.from(String.raw`timed out
ended early: the decision is certain
no answer before the analysis ended
not listed by Jupiter yet
not indexed by DexScreener yet
RugCheck: not found
RugCheck: unable to generate report
the node does not have the mint yet
the node does not list the mint yet
no token account is listed yet
the pool of this mint is not known
upstream.refused: {\"upstream\":\"rugcheck\",\"status\":429,\"reason\":\"HTTP 429\"}
upstream.unavailable: {\"upstream\":\"jupiter\",\"reason\":\"timed out\"}
dexscreener
no source knows it yet
no X profile is linked
can print more
can freeze
bps of each transfer
can raise it
can seize
can pause
raydium-amm-v4
raydium-cpmm
raydium-clmm
raydium-launchlab
meteora-dbc
meteora-damm-v2
meteora-dlmm
orca-whirlpool
pump-fun
launch
migration
concentrated
spl-token
[{"rule":"token-program","status":"unknown","reason":"timed out","cost":"refuse"},
{"rule":"mint-authority","status":"unknown","reason":"timed out","cost":"refuse"},
{"rule":"freeze-authority","status":"unknown","reason":"timed out","cost":"refuse"},
{"rule":"transfer-fee","status":"unknown","reason":"timed out","cost":"refuse"},
{"rule":"extensions","status":"unknown","reason":"timed out","cost":"refuse"},
{"rule":"largest-holder","status":"unknown","reason":"timed out","cost":"refuse"},
{"rule":"top-holders","status":"unknown","reason":"timed out","cost":"refuse"},
{"rule":"creator-share","status":"unknown","reason":"the creator's share was not learned",
"cost":"ignore"},{"rule":"bundle","status":"unknown","reason":"timed out","cost":"ignore"},
{"rule":"liquidity","status":"unknown","reason":"timed out","cost":"refuse"},
{"rule":"price-impact","status":"unknown","reason":"timed out","cost":"ignore"},
{"rule":"pool-open","status":"passed","reason":""},{"rule":"rugcheck-risk","status":"unknown",
"reason":"timed out","cost":"lower"},{"rule":"rugged","status":"unknown","reason":"timed out",
"cost":"lower"},{"rule":"suspicious","status":"unknown","reason":"not listed by Jupiter yet",
"cost":"ignore"},{"rule":"serial-creator","status":"unknown",
"reason":"not listed by Jupiter yet","cost":"ignore"},{"rule":"liquidity-lock",
"status":"unknown","reason":"timed out","cost":"ignore"}][{"factor":"concentration",
"quality":null,"weight":30,"value":"holders unknown"},{"factor":"creator","quality":null,
"weight":10,"value":"creator unknown"},{"factor":"liquidity","quality":null,"weight":20,
"value":"pool unknown"},{"factor":"demand","quality":null,"weight":20,
"value":"trading unknown"},{"factor":"rugcheck","quality":null,"weight":10,
"value":"no report"},{"factor":"organic","quality":null,"weight":5,
"value":"too young for an organic score"},{"factor":"social","quality":null,"weight":5,
"value":"links unknown"}]{"opening":{"mint":"","pool":"","venue":"pump-swap",
"event":"migration","quoteMint":"So11111111111111111111111111111111111111112","creator":"",
"baseVault":"","quoteVault":"","lpMint":"","openTime":null},"rules":[{"rule":"token-program",
"status":"passed","reason":""},{"rule":"mint-authority","status":"failed",
"reason":"mint-authority: "},{"rule":"freeze-authority","status":"failed",
"reason":"freeze-authority: "},{"rule":"transfer-fee","status":"passed","reason":""},
{"rule":"extensions","status":"failed","reason":"unvetted-extension: "},
{"rule":"largest-holder","status":"passed","reason":""},{"rule":"top-holders",
"status":"passed","reason":""},{"rule":"creator-share","status":"passed","reason":""},
{"rule":"bundle","status":"unknown","reason":"the first buyers were not read",
"cost":"ignore"},{"rule":"liquidity","status":"passed","reason":""},{"rule":"price-impact",
"status":"passed","reason":""},{"rule":"pool-open","status":"passed","reason":""},
{"rule":"rugcheck-risk","status":"passed","reason":""},{"rule":"rugged","status":"passed",
"reason":""},{"rule":"suspicious","status":"passed","reason":""},{"rule":"serial-creator",
"status":"passed","reason":""},{"rule":"liquidity-lock","status":"passed","reason":""}],
"factors":[{"factor":"concentration","quality":0.904,"weight":30,
"value":"top ten 1500 bps, concentration 150"},{"factor":"creator","quality":0.95,"weight":10,
"value":"holds 100 bps, 0 failed tokens"},{"factor":"liquidity","quality":0.950,"weight":20,
"value":"85.00 SOL in the pool"},{"factor":"demand","quality":1,"weight":20,
"value":"102 net buyers, 152 traders"},{"factor":"rugcheck","quality":1,"weight":10,
"value":"risk 1, 0 dangers"},{"factor":"organic","quality":0.571,"weight":5,
"value":"organic score 40"},{"factor":"social","quality":0.666,"weight":5,
"value":"X, website"}],"checks":{"metadata":{"status":"known","startedMs":0,"latencyMs":150,
"attempts":1},"holders":{"status":"known","startedMs":0,"latencyMs":150,"attempts":1},
"social":{"status":"known","startedMs":0,"latencyMs":150,"attempts":1},
"honeypot":{"status":"known","startedMs":0,"latencyMs":150,"attempts":1},
"organic":{"status":"known","startedMs":0,"latencyMs":150,"attempts":1},
"liquidity":{"status":"known","startedMs":0,"latencyMs":150,"attempts":1}},
"evidence":{"version":1,"opening":{"mint":"","pool":"","venue":"pump-swap",
"event":"migration","quoteMint":"So11111111111111111111111111111111111111112","creator":"",
"baseVault":"","quoteVault":"","lpMint":"","openTime":null},"detectedAt":1795175999400,
"observedAt":1795176000000,"look":1,"checks":{"metadata":{"finding":{"status":"known",
"facts":{"tokenProgram":"token-2022","decimals":6,"supply":"1000000000000000",
"mintAuthority":null,"freezeAuthority":null,"extensions":[{"type":"metadataPointer",
"typeNumber":18,"authority":null},{"type":"tokenMetadata","typeNumber":19}],"name":"",
"symbol":"","uri":"https://ipfs.io/ipfs/","updateAuthority":null,"mutable":false,
"offchain":{"status":"known","facts":{"name":"","symbol":"","description":"","hasImage":true,
"twitter":"https://x.com/","telegram":null,"website":"https://"}}}},"timing":{"startedMs":0,
"latencyMs":150,"attempts":1}},"holders":{"finding":{"status":"known",
"facts":{"circulating":"800000000000000","supply":"1000000000000000","top1Bps":300,
"top10Bps":1500,"creatorBps":100,"pooledBps":2000,"concentrationIndex":150,"listed":20,
"bundleBps":null}},"timing":{"startedMs":0,"latencyMs":150,"attempts":1}},
"social":{"finding":{"status":"known","facts":{"twitter":"","telegram":null,
"website":"https:///","sources":["metadata","dexscreener"],"dexProfile":true,"boosts":0,
"xAccount":{"status":"absent","reason":"X is not configured"}}},"timing":{"startedMs":0,
"latencyMs":150,"attempts":1}},"honeypot":{"finding":{"status":"known",
"facts":{"restrictions":[{"kind":"freeze-authority","detail":""},{"kind":"mint-authority",
"detail":""},{"kind":"unvetted-extension","detail":""}],"transferFeeBps":0,
"rugcheck":{"status":"known","facts":{"riskScore":1,"rugged":false,"dangers":[],"warnings":0,
"insidersDetected":0,"creatorTokens":null}}}},"timing":{"startedMs":0,"latencyMs":150,
"attempts":1}},"organic":{"finding":{"status":"known","facts":{"organicScore":40,
"holderCount":2988,"buys":374,"sells":154,"traders":152,"organicBuyers":null,"netBuyers":102,
"suspicious":false,"devBalanceBps":null,"devMints":2,"devMigrations":1,
"liquidityUsd":33279.65}},"timing":{"startedMs":0,"latencyMs":150,"attempts":1}},
"liquidity":{"finding":{"status":"known","facts":{"pricing":"constant-product",
"quoteReserve":"85000000000","baseReserve":"206900000000000","stakeImpactBps":12,
"lockedLiquidityBps":10000}},"timing":{"startedMs":0,"latencyMs":150,"attempts":1}}}}}`),
  ],
]);

/** The dictionary that new rows are written with. */
export const DETAIL_DICTIONARY = 1;
