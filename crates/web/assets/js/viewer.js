// The document viewer: zoom and turn by key, redaction boxes by mouse and by key alike, and
// stretches of a note chosen word by word.
import { bind } from './keys.js';
import { after, post, say } from './page.js';

const field = (form, name) => form.elements.namedItem(name);

/** Sends a redaction and shows the page's new boxes without losing the reader's place. */
async function send(form, done) {
  const answer = await post(form.action, new FormData(form)).catch(() => null);
  if (!answer?.ok) {
    say('Not saved: the server did not answer. Nothing was added.', true);
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  let swapped = false;
  for (const old of document.querySelectorAll('[data-swap]')) {
    const next = fresh.querySelector(`[data-swap="${old.dataset.swap}"]`);
    if (next) {
      old.replaceWith(document.importNode(next, true));
      swapped = true;
    }
  }
  if (!swapped) {
    location.reload();
    return;
  }
  attach_marks();
  done();
}

/** Attaches to what is new on the page: at first, and after a swap. */
const attached = new WeakSet();
function attach_marks() {
  const form = document.querySelector('form[data-redaction-boxes]');
  const svg = document.querySelector('[data-viewer] svg[data-boxes]');
  if (form && svg && !attached.has(svg)) attach_boxes(svg, form);
  const note = document.querySelector('[data-note]');
  if (note && !attached.has(note)) attach_note(note);
}

function attach_page(viewer) {
  const page = viewer.querySelector('.viewer-page');
  const stage = viewer.querySelector('.viewer-stage');
  let [zoom, turn] = (location.hash.match(/^#view-(\d+)-(\d+)$/) ?? [0, 100, 0])
    .slice(1)
    .map(Number);
  if (!zoom) zoom = 100;

  const show = () => {
    page.style.width = zoom === 100 ? '' : `${zoom * 0.54}rem`;
    page.style.maxWidth = 'none';
    page.style.rotate = turn ? `${turn}deg` : '';
    // A page that lies on its side takes the room that it is seen in.
    const lying = turn % 180 ? (page.offsetHeight - page.offsetWidth) / 2 : 0;
    page.style.margin = lying ? `${-lying}px ${lying}px` : '';
    const place = `#view-${zoom}-${turn}`;
    for (const link of viewer.querySelectorAll('a[data-page-link]')) link.hash = place;
    const told = viewer.querySelector('[data-zoom]');
    if (told) told.textContent = `${zoom} %`;
  };
  const steps = {
    'zoom-in': () => {
      zoom = Math.min(400, zoom + 25);
    },
    'zoom-out': () => {
      zoom = Math.max(25, zoom - 25);
    },
    'zoom-fit': () => {
      zoom = 100;
    },
    turn: () => {
      turn = (turn + 90) % 360;
    },
  };
  viewer.addEventListener('click', (event) => {
    const step = steps[event.target.closest('[data-do]')?.dataset.do];
    if (step) {
      step();
      show();
    }
  });
  show();
  for (const scroll of [
    ['ArrowDown', 60],
    ['ArrowUp', -60],
  ]) {
    bind(scroll[0], '', () => {
      if (!viewer.dataset.drawing) stage.scrollBy(0, scroll[1]);
    });
  }
}

function attach_boxes(svg, form) {
  attached.add(svg);
  const viewer = svg.closest('[data-viewer]');
  const stage = svg.closest('.viewer-stage');
  const { width: wide, height: high } = svg.viewBox.baseVal;
  let draft = null;
  let shape = null;

  const tell = after(300, () => {
    if (draft) say(`Box at ${draft.x}, ${draft.y}; ${draft.width} by ${draft.height}`);
  });
  const draw = () => {
    if (!shape) {
      shape = document.createElementNS(svg.namespaceURI, 'rect');
      shape.setAttribute('class', 'box box-draft');
      shape.setAttribute('tabindex', '0');
      shape.setAttribute('role', 'img');
      shape.setAttribute(
        'aria-label',
        'New box: arrows move, Shift and arrows resize, Enter adds, Escape leaves',
      );
      shape.addEventListener('keydown', steer);
      svg.append(shape);
      viewer.dataset.drawing = 'yes';
    }
    draft.width = Math.round(Math.max(4, Math.min(wide, draft.width)));
    draft.height = Math.round(Math.max(4, Math.min(high, draft.height)));
    draft.x = Math.round(Math.max(0, Math.min(wide - draft.width, draft.x)));
    draft.y = Math.round(Math.max(0, Math.min(high - draft.height, draft.y)));
    for (const name of ['x', 'y', 'width', 'height']) {
      shape.setAttribute(name, draft[name]);
      field(form, name).value = draft[name];
    }
    tell();
  };
  const leave = () => {
    shape?.remove();
    shape = draft = null;
    delete viewer.dataset.drawing;
  };
  const add = () =>
    send(form, () => {
      draft = shape = null;
      delete viewer.dataset.drawing;
      const fresh = viewer.querySelector('svg[data-boxes]');
      say(`Box added. ${fresh.querySelectorAll('.box:not(.box-draft)').length} on this page.`);
      stage.focus();
    });

  function steer(event) {
    const step = event.altKey ? 1 : wide / 100;
    const arrows = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const by = arrows[event.key];
    if (by) {
      if (event.shiftKey) {
        draft.width += by[0];
        draft.height += by[1];
      } else {
        draft.x += by[0];
        draft.y += by[1];
      }
      draw();
      shape.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    } else if (event.key === 'Enter' && !event.ctrlKey) add();
    else if (event.key === 'Escape' || event.key === 'Delete') {
      leave();
      say('Box left');
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  bind('b', 'New redaction box', () => {
    const seen = stage.getBoundingClientRect();
    const drawn = svg.getBoundingClientRect();
    const middle =
      (Math.max(seen.top, drawn.top) + Math.min(seen.bottom, drawn.bottom)) / 2 - drawn.top;
    draft = {
      x: wide * 0.3,
      y: (middle / drawn.height) * high,
      width: wide * 0.3,
      height: high * 0.025,
    };
    draw();
    shape.focus();
  });

  // The mouse, the pen and the finger: in page units whatever the zoom and the turn.
  const at = (event) =>
    new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  let from = null;
  svg.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    from = at(event);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener('pointermove', (event) => {
    if (!from) return;
    const to = at(event);
    if (Math.abs(to.x - from.x) + Math.abs(to.y - from.y) < 6) return;
    draft = {
      x: Math.min(from.x, to.x),
      y: Math.min(from.y, to.y),
      width: Math.abs(to.x - from.x),
      height: Math.abs(to.y - from.y),
    };
    draw();
  });
  svg.addEventListener('pointerup', () => {
    from = null;
    shape?.focus();
  });
}

// Rows of boxes and spans point at their mark.
function point(event) {
  const id = event.target.closest?.('[data-points]')?.dataset.points;
  for (const old of document.querySelectorAll('.box-chosen')) old.classList.remove('box-chosen');
  if (id) document.getElementById(id)?.classList.add('box-chosen');
}
document.addEventListener('focusin', point);
document.addEventListener('mouseover', (event) => {
  if (event.target.closest?.('[data-points]')) point(event);
});

function attach_note(note) {
  attached.add(note);
  const form = document.querySelector('form[data-redaction-spans]');
  const selection = getSelection();
  const characters = (text) => [...text].length;
  const read = () => {
    if (!selection.rangeCount || !note.contains(selection.anchorNode) || selection.isCollapsed)
      return null;
    const range = selection.getRangeAt(0);
    const before = document.createRange();
    before.setStart(note, 0);
    before.setEnd(range.startContainer, range.startOffset);
    // Selecting by words takes the blank and the comma before along: they say nothing.
    const [, lead, text] = range.toString().match(/^([\s,;:.]*)(.*?)[\s,;:.]*$/s);
    if (!text) return null;
    const start = characters(before.toString() + lead);
    return { start, end: start + characters(text), text };
  };
  const fill = () => {
    const span = form && read();
    if (!span) return;
    field(form, 'start').value = span.start;
    field(form, 'end').value = span.end;
    const shown = document.querySelector('[data-span-text]');
    if (shown) shown.textContent = span.text.length > 80 ? `${span.text.slice(0, 77)}…` : span.text;
  };
  note.addEventListener('pointerup', fill);
  note.addEventListener('keydown', (event) => {
    const way = {
      ArrowRight: 'forward',
      ArrowLeft: 'backward',
      ArrowDown: 'forward',
      ArrowUp: 'backward',
    }[event.key];
    if (way) {
      const unit = /Up|Down/.test(event.key) ? 'line' : event.altKey ? 'character' : 'word';
      if (!selection.rangeCount || !note.contains(selection.anchorNode))
        selection.collapse(note, 0);
      if (event.shiftKey) selection.modify('extend', way, unit);
      else {
        if (way === 'forward') selection.collapseToEnd();
        else selection.collapseToStart();
        if (unit === 'line') selection.modify('move', way, 'line');
        selection.modify('extend', way, 'word');
      }
      fill();
      say(selection.toString());
    } else if (event.key === 'Enter' && !event.ctrlKey && form && read()) {
      fill();
      send(form, () => {
        say('Added.');
        document.querySelector('[data-note]')?.focus();
      });
    } else if (event.key === 'Escape') selection.removeAllRanges();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

for (const viewer of document.querySelectorAll('[data-viewer]')) attach_page(viewer);
attach_marks();
