/** Every other address: the page that says so (404.astro), rendered with what the site knows. */
export function ALL(): Response {
  return new Response(null, { status: 404 });
}
