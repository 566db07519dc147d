import { expect, test } from '@jest/globals';
import { html } from '../../evidence/page/html.ts';
import { text } from '../../evidence/page/words.ts';

test('takes a string for text, in elements and in attributes', () => {
  const name = '<script>alert("1")</script>\' & more';

  expect(html`<p title="${name}">${[name, html`<b>${1}</b>`]}</p>`.markup).toBe(
    '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; &amp; more">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; &amp; more<b>1</b></p>',
  );
});

test('cuts a very long name, never in the middle of a character, and keeps its direction to itself', () => {
  expect(text('🦊'.repeat(10_000)).markup).toBe(`<bdi>${'🦊'.repeat(159)}…</bdi>`);
  expect(text('כספת').markup).toBe('<bdi>כספת</bdi>');
});
