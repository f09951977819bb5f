// Idle logoff is the server's. This module keeps the session while somebody works, warns two
// minutes before the end, and takes the chart out of sight when it has come.
import { post, say } from './page.js';

const idle_ms = Number(document.body.dataset.idleSeconds ?? 0) * 1000;
const dialog = document.getElementById('session-ending');

if (idle_ms > 0 && dialog) {
  const warn_ms = Math.min(120_000, idle_ms / 2);
  const tabs = new BroadcastChannel('session');
  const left = dialog.querySelector('[data-idle-left]');
  let touched = Date.now();
  let asked = Date.now();
  let ended = false;

  const note = () => {
    touched = Date.now();
    if (dialog.open && !ended) dialog.close();
  };
  document.addEventListener('session-touched', () => {
    note();
    tabs.postMessage('touched');
  });
  tabs.addEventListener('message', note);

  const touch = async () => {
    asked = Date.now();
    try {
      const answer = await post('/session/touch', []);
      if (answer.status === 401) end();
    } catch {
      /* The connection is lost: draft.js says so; try again with the next key. */
    }
  };
  const active = () => {
    if (!dialog.open && Date.now() - asked > Math.min(60_000, idle_ms / 4)) touch();
  };
  for (const kind of ['keydown', 'pointerdown', 'wheel'])
    document.addEventListener(kind, active, { passive: true });
  dialog.addEventListener('click', (event) => {
    if (event.target.closest('[data-do="stay"]')) touch();
  });
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    if (!ended) touch();
  });

  const end = () => {
    ended = true;
    if (!document.documentElement.dataset.unsaved) {
      location.assign('/sign-in?ended=idle');
      return;
    }
    dialog.classList.add('covers');
    dialog.querySelector('h2').textContent = 'You were signed out';
    dialog
      .querySelector('.dialog-body')
      .replaceChildren(
        'What you typed last is not saved yet and stays here. ' +
          'Sign in again in another tab: it is then saved by itself.',
      );
    if (!dialog.open) dialog.showModal();
    document.addEventListener(
      'session-touched',
      () => {
        ended = false;
        dialog.close();
      },
      { once: true },
    );
  };
  setInterval(() => {
    const rest = touched + idle_ms - Date.now();
    if (rest <= 0 && !ended) end();
    else if (rest <= warn_ms && !ended) {
      const text =
        rest > 60_000 ? `${Math.ceil(rest / 60_000)} minutes` : `${Math.ceil(rest / 1000)} seconds`;
      if (left.textContent !== text) left.textContent = text;
      if (!dialog.open) {
        dialog.showModal();
        say('You will be signed out soon', true);
      }
    }
  }, 1000);
}
