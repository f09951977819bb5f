// Theme: the system's, light, dark, in turn; kept in a cookie so that the server renders it.
import { keep, say } from './page.js';

const order = ['system', 'light', 'dark'];
document.addEventListener('click', (event) => {
  if (!event.target.closest('[data-do="theme"]')) return;
  const { dataset } = document.documentElement;
  const next = order[(order.indexOf(dataset.theme ?? 'system') + 1) % order.length];
  if (next === 'system') delete dataset.theme;
  else dataset.theme = next;
  keep('theme', next);
  say(`Theme: ${next}`);
});
