import { pageAssets } from './page-assets.ts';
import { pageRoutes } from './page-routes.ts';
import { type PageServer, startPageServer } from './page-server.ts';
import { type PageSourceOptions, tablesPageSource } from './page-source.ts';

/** Serves the page of a running system on loopback. @throws {CommandError} when `port` is taken. */
export async function startPage(
  options: PageSourceOptions & { readonly port?: number | undefined },
): Promise<PageServer> {
  const assets = await pageAssets();
  return startPageServer([assets, ...pageRoutes(tablesPageSource(options))], options.port);
}
