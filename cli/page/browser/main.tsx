import { render } from 'preact';

import { App } from './app.tsx';
import { DecisionStore } from './decision-store.ts';

const store = new DecisionStore();
store.listen();

const root = document.querySelector('#app');
if (root !== null) {
  root.replaceChildren();
  render(<App store={store} />, root);
}
