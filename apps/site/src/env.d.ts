/// <reference types="astro/client" />

declare namespace App {
  interface Locals extends import('./serve/render.ts').SiteLocals {}
}
