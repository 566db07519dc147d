// The longest chain of requests that a backfill cannot shorten: the cursor of each page is known only when the page
// before it has come and been parsed. Nothing is written.
const [baseUrl, ...features] = process.argv.slice(2);

async function follow(feature) {
  let body = { limit: 1000, start_time: '2026-01-01T00:00:00Z' };
  for (let hasMore = true; hasMore; ) {
    const answer = await fetch(`${baseUrl}/api/v1/${feature}`, {
      method: 'POST',
      headers: { Authorization: 'Bearer none', 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { cursor, has_more } = await answer.json();
    body = { cursor };
    hasMore = has_more;
  }
}

await Promise.all(features.map(follow));
