/// <reference types="astro/client" />

type SiteLocals = import('./serve/render.ts').SiteLocals;

declare namespace App {
  interface Locals extends SiteLocals {}
}
