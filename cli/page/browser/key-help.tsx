import { useEffect, useRef } from 'preact/hooks';

const KEYS = [
  ['j k or ↓ ↑', 'the next and the previous decision'],
  ['Enter', 'opens the token'],
  ['Esc', 'back to the feed; out of the filter'],
  ['/', 'to the filter'],
  ['Home End', 'the newest and the oldest decision'],
  ['1 2 3', 'feed, pipeline, trades'],
  ['?', 'this list'],
] as const;

export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">Keys</h2>
      <dl>
        {KEYS.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
