// The one module that a page names. It loads the others where the page needs them.
import './keys.js';
import './theme.js';
import './idle.js';
import './table.js';

for (const element of document.querySelectorAll('[data-needs-script]')) element.hidden = false;

const needed = [
  ['form[data-draft-url]', './draft.js'],
  ['[data-validate-url]', './live-validate.js'],
  ['[data-combobox]', './combobox.js'],
  ['[data-viewer], [data-note]', './viewer.js'],
];
const loading = needed
  .filter(([selector]) => document.querySelector(selector))
  .map(([, module]) => import(module));
// Told to whoever drives the page by keys: from now on nothing that is pressed is lost.
Promise.allSettled(loading).then(() => {
  document.documentElement.dataset.ready = 'yes';
});

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-opens]');
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest('[data-do="print"]')) window.print();
  if (event.target.closest('[data-do="back"]')) history.back();
  if (event.target.closest('[data-do="dismiss"]')) event.target.closest('[data-toast]')?.remove();
});
document.getElementById('error-summary')?.focus();
