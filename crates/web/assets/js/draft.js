// Drafts: a form is saved on the server as it is typed, and says so. After a lost connection what
// was typed since stays on the page and is sent when the connection is back.
import { make, post, say } from './page.js';

const unsaved = new Set();
const clock = () => new Date().toTimeString().slice(0, 5);

function mark(form, is_unsaved) {
  if (is_unsaved) unsaved.add(form);
  else unsaved.delete(form);
  const { dataset } = document.documentElement;
  if (unsaved.size) dataset.unsaved = 'yes';
  else delete dataset.unsaved;
}

function watch(form) {
  const state = form.querySelector('[data-draft-state]');
  let version = '';
  let timer = 0;
  let since = 0;
  let wait_ms = 1000;
  let busy = false;
  let stopped = false;

  const show = (name, ...content) => {
    if (!state || (state.dataset.state === name && name !== 'saved')) return;
    state.dataset.state = name;
    state.replaceChildren(...content);
    if (name === 'lost' || name === 'conflict' || name === 'ended') say(state.textContent, true);
  };
  const later = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  };

  async function save() {
    if (busy || stopped) return;
    busy = true;
    const sent_at = (since = Date.now());
    try {
      const answer = await post(
        form.dataset.draftUrl,
        new FormData(form),
        version ? { 'draft-version': version } : {},
      );
      if (answer.ok) {
        version = answer.headers.get('draft-version') ?? version;
        wait_ms = 1000;
        if (form.dataset.typedAt <= sent_at) {
          mark(form, false);
          show('saved', `Saved ${clock()}`);
        } else later(500);
      } else if (answer.status === 409) {
        stopped = true;
        show(
          'conflict',
          'Changed elsewhere meanwhile. ',
          make('a', { href: form.dataset.draftUrl, target: '_blank' }, 'See both versions'),
        );
      } else if (answer.status === 401) {
        show(
          'ended',
          'Not saved: you are signed out. ',
          make('a', { href: '/sign-in', target: '_blank' }, 'Sign in in another tab'),
        );
        later(5000);
      } else throw new Error(String(answer.status));
    } catch {
      show('lost', 'Not saved: connection lost. What you typed stays here.');
      wait_ms = Math.min(wait_ms * 2, 30_000);
      later(wait_ms);
    } finally {
      busy = false;
    }
  }

  form.addEventListener('input', () => {
    const now = Date.now();
    form.dataset.typedAt = now;
    mark(form, true);
    if (!since) since = now;
    if (state?.dataset.state === 'saved') state.dataset.state = 'typing';
    // Half a second of rest, at the latest after three seconds of typing.
    later(now - since > 3000 && !busy ? 0 : 500);
  });
  form.addEventListener('submit', () => {
    stopped = true;
    clearTimeout(timer);
    mark(form, false);
  });
  window.addEventListener('online', () => {
    if (unsaved.has(form)) later(0);
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden && unsaved.has(form)) save();
  });
}

for (const form of document.querySelectorAll('form[data-draft-url]')) watch(form);
window.addEventListener('beforeunload', (event) => {
  if (unsaved.size) event.preventDefault();
});
