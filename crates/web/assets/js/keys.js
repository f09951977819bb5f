// Keys: every element with data-key is bound and listed under "?". Single keys rest while typing
// and can be turned off (WCAG 2.1.4).
import { keep, make, say } from './page.js';

const root = document.documentElement;
const bound = new Map();
let first = '';
let first_at = 0;

/** Binds a key that belongs to no element; `what` is its line in the list. */
export function bind(key, what, work) {
  bound.set(key, { what, work });
}

/** The key of an event as data-key writes it: `e`, `Shift+D`, `Ctrl+Enter`, `?`. */
export function chord(event) {
  const { key } = event;
  const letter = /^\p{L}$/u.test(key);
  const shift = event.shiftKey && (letter || key.length > 1) ? 'Shift+' : '';
  const name = letter
    ? event.shiftKey
      ? key.toUpperCase()
      : key.toLowerCase()
    : key === ' '
      ? 'Space'
      : key;
  const control = event.ctrlKey || event.metaKey ? 'Ctrl+' : '';
  return `${control}${event.altKey ? 'Alt+' : ''}${shift}${name}`;
}

function typing(target) {
  if (target.isContentEditable || target.matches('textarea, select')) return true;
  return (
    target.matches('input') && !/^(checkbox|radio|button|submit|reset|file)$/.test(target.type)
  );
}

function find(key) {
  const scope = document.querySelector('dialog[open]') ?? document;
  for (const element of scope.querySelectorAll('[data-key]')) {
    const usable =
      !element.disabled && !element.closest('[hidden]') && !element.closest('dialog:not([open])');
    if (element.dataset.key === key && usable) return element;
  }
  return null;
}

function act(key) {
  const element = find(key);
  if (element) {
    if (element.matches('input:not([type=checkbox]):not([type=radio]), textarea, select')) {
      element.focus();
      element.select?.();
    } else element.click();
    return true;
  }
  const own = bound.get(key);
  if (own && !document.querySelector('dialog[open]')) {
    own.work();
    return true;
  }
  return false;
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const key = chord(event);
  const chorded = event.ctrlKey || event.metaKey || event.altKey;
  if (key === 'Ctrl+Enter') {
    const form = event.target.closest?.('form');
    if (!act(key) && form) form.requestSubmit();
    event.preventDefault();
    return;
  }
  if (typing(event.target) && !chorded) {
    if (key === 'Escape' && !event.target.closest('dialog')) event.target.blur();
    return;
  }
  if (!chorded && key !== 'Escape' && root.dataset.keys === 'off') return;
  if (event.repeat && !bound.get(key)?.repeats && !/^[jk]$|^Arrow/.test(key)) return;
  const pending = first && event.timeStamp - first_at < 1500 ? first : '';
  first = '';
  if (pending && act(`${pending} ${key}`)) {
    event.preventDefault();
    return;
  }
  if (key === 'g' && !chorded) {
    first = 'g';
    first_at = event.timeStamp;
    return;
  }
  // A button that has the focus is pressed by Enter itself, whatever else Enter is bound to.
  if (key === 'Enter' && event.target.closest('a[href], button, summary, input')) return;
  if (act(key)) event.preventDefault();
});

// The list under "?": the keys of this page first.
function words(element) {
  const copy = element.cloneNode(true);
  for (const extra of copy.querySelectorAll('kbd, .count')) extra.remove();
  return (
    copy.textContent.trim() ||
    element.getAttribute('aria-label') ||
    element.labels?.[0]?.textContent.trim() ||
    ''
  );
}
function list_keys() {
  const section = document.querySelector('[data-page-keys]');
  if (!section) return;
  const list = section.querySelector('dl');
  const lines = new Map();
  for (const element of document.querySelectorAll(
    'main [data-key], .banner [data-key], .top [data-key]',
  )) {
    const what = words(element);
    if (what && !element.closest('[hidden]')) lines.set(element.dataset.key, what);
  }
  for (const [key, { what }] of bound) if (what) lines.set(key, what);
  for (const general of ['j', 'k', '/', '?']) lines.delete(general);
  list.replaceChildren(
    ...[...lines].map(([key, what]) => {
      const caps = key
        .split(' ')
        .map((cap) =>
          make(
            'kbd',
            {},
            cap.replace('Enter', '↵').replace('Escape', 'Esc').replace('Shift+', '⇧'),
          ),
        );
      return make('div', {}, make('dt', {}, ...caps), make('dd', {}, what));
    }),
  );
  section.hidden = lines.size === 0;
}
document.addEventListener(
  'click',
  (event) => {
    if (event.target.closest('[data-opens="key-help"]')) list_keys();
  },
  true,
);

const single = document.getElementById('single-keys');
single?.addEventListener('change', () => {
  root.dataset.keys = single.checked ? 'on' : 'off';
  keep('keys', root.dataset.keys);
  say(single.checked ? 'Single keys are on' : 'Single keys are off');
});
