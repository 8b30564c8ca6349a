// What a test asks of a page that is open: each function answers with a list of what is wrong.
window.look = (() => {
  const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0;
  const all = (what) => [...document.querySelectorAll(what)].filter(shown);
  const focusable = () => all(CONTROLS).filter((one) => one.tabIndex >= 0 && !one.closest('.skip'));
  const say = (one) => {
    const words = (one.innerText || one.name || one.id || '').trim().replace(/\s+/g, ' ');
    return `<${one.localName} class="${one.getAttribute('class') || ''}"> ${words.slice(0, 50)}`;
  };
  const rect = (one) => one.getBoundingClientRect();

  // A link inside a sentence is as high as its line, which is allowed.
  const inText = (one) => {
    if (one.localName !== 'a' || getComputedStyle(one).display !== 'inline') return false;
    const around = [...one.parentElement.childNodes].filter((n) => n !== one).map((n) => n.textContent);
    return around.join('').trim().length > 0;
  };
  const target = (one) => {
    if (one.matches('.row-link')) return one.closest('.row');
    if (one.matches('[type=checkbox], [type=radio]')) return one.closest('label') || one;
    return one;
  };

  // A shape of a map has no outline: its own line becomes thick.
  const thin = (one) => parseFloat(getComputedStyle(one.querySelector('path')).strokeWidth) < 3;

  return {
    frame() {
      const wrong = [];
      const one = (what, n = document.querySelectorAll(what).length) => n === 1 || wrong.push(`${n} × ${what}`);
      ['h1', 'main', 'body > header', 'a.exit'].forEach((what) => one(what));
      const skip = document.querySelector('body a[href]');
      if (!skip?.matches('.skip') || !document.querySelector(skip.hash)) wrong.push('no skip link first');
      document.querySelectorAll('nav:not([aria-label], [aria-labelledby])').forEach((n) => wrong.push(`unnamed ${say(n)}`));
      document.querySelectorAll('img:not([alt])').forEach((n) => wrong.push(`no alt: ${n.src}`));
      document.querySelectorAll('[tabindex]').forEach((n) => n.tabIndex > 0 && wrong.push(`tabindex: ${say(n)}`));
      return wrong;
    },

    exit() {
      const wrong = [];
      for (const where of ['top', 'bottom']) {
        scrollTo(0, where === 'top' ? 0 : document.documentElement.scrollHeight);
        const { top, bottom, left, right } = rect(document.querySelector('a.exit'));
        const seen = top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth;
        const hit = seen && document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
        if (!hit?.closest('a.exit')) wrong.push(`“Leave now” is not seen at the ${where}`);
      }
      scrollTo(0, 0);
      return wrong;
    },

    overflow() {
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth <= clientWidth) return [];
      const out = all('body *').filter((one) => (rect(one).right > clientWidth + 1 || rect(one).left < -1)
        && !one.closest('.scroll, .tabs, .vh'));
      return [`${scrollWidth} px wide in ${clientWidth}: ${out.slice(-3).map(say).join('; ')}`];
    },

    targets() {
      const wrong = [];
      for (const one of focusable().filter((n) => !inText(n) && n.localName !== 'main')) {
        const { width, height } = rect(target(one));
        const least = one.matches('.btn, .pick button, select, input:not([type=checkbox], [type=radio])') ? 43.5 : 23.5;
        if (height < least || width < 23.5) wrong.push(`${width.toFixed(0)} × ${height.toFixed(0)} px: ${say(one)}`);
      }
      return wrong;
    },

    rings() {
      const wrong = [];
      for (const one of focusable()) {
        one.focus({ preventScroll: true });
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        if (document.activeElement !== one) wrong.push(`takes no focus: ${say(one)}`);
        else if (one.ownerSVGElement ? thin(one) : outlineStyle === 'none' || parseFloat(outlineWidth) < 2) wrong.push(`no ring: ${say(one)}`);
      }
      document.activeElement.blur();
      return wrong;
    },

    // The next stop is below, or beside in the direction of reading, or in another column.
    order() {
      const wrong = [];
      const rtl = document.documentElement.dir === 'rtl';
      const stops = focusable().filter((one) => !one.closest('header, .skip, svg, .atlas'));  // a map is read by name
      stops.slice(1).forEach((next, i) => {
        const [a, b] = [rect(stops[i]), rect(next)];
        const beside = rtl ? b.right <= a.left + 1 : b.left >= a.right - 1;
        const inside = b.top >= a.top - 1 && b.bottom <= a.bottom + 1;
        if (b.top < a.bottom - 1 && !beside && !inside && b.top < a.top - 1) {
          wrong.push(`${say(next)} comes after ${say(stops[i])}`);
        }
      });
      return wrong;
    },

    // The same page as whoever reads the other direction sees it.
    flip() {
      const root = document.documentElement;
      [root.lang, root.dir] = root.dir === 'rtl' ? ['en', 'ltr'] : ['ar', 'rtl'];
    },

    // As a telephone shows it whose owner needs text twice as large. (At a desk, the browser's own
    // zoom makes of 1280 px what 640 are here.)
    enlarged() {
      const root = document.documentElement;
      root.style.fontSize = '200%';
      const wrong = this.overflow().map((one) => `at 200 %: ${one}`);
      root.style.fontSize = '';
      return wrong;
    },

    skeleton(page = document) {
      const headings = [...page.querySelectorAll('h1, h2, h3')].map((one) => one.textContent.trim().replace(/\s+/g, ' '));
      const forms = [...page.querySelectorAll('form')].map((one) => `${one.method} ${one.getAttribute('action')}`);
      return [...headings, ...forms];
    },

    // What a browser without script makes of the page that was served has the same parts.
    without(html) {
      const [here, there] = [this.skeleton(), this.skeleton(new DOMParser().parseFromString(html, 'text/html'))];
      return here.filter((one) => !there.includes(one)).map((one) => `only with script: ${one}`);
    },

    // All of it at this width, in both directions.
    around(rings) {
      const wrong = {};
      for (const more of ['', ', the other way round']) {
        wrong[more] = [...this.overflow(), ...this.exit(), ...this.targets(), ...this.order()];
        if (innerWidth === 390) wrong[more].push(...this.enlarged());
        if (rings && !more) wrong[more].push(...this.rings());
        this.flip();
      }
      return wrong;
    },

    weight() {
      const files = performance.getEntriesByType('resource').map((one) => one.name);
      const icons = [...document.querySelectorAll('link[rel~=icon]')].map((one) => one.href);
      return [...new Set([...files, ...icons])];
    },

    async axe() {
      const { violations } = await axe.run({ resultTypes: ['violations'], preload: false, selectors: false });
      return violations.flatMap((one) => one.nodes.map((n) => `axe ${one.id}: ${n.html.slice(0, 120)} ${n.failureSummary.slice(0, 200)}`));
    },
  };
})();
addEventListener('securitypolicyviolation', (event) => {
  (window.violations ??= []).push(`${event.violatedDirective}: ${event.blockedURI}`);
});
