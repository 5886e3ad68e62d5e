import { DomainError } from '@upheld/domain/errors.ts';
import { auditCsv } from '@upheld/services/audit/csv.ts';
import { exportAudit } from '@upheld/services/audit/list.ts';
import type { APIRoute } from 'astro';
import { auditFilter, auditWish } from '../../view/console/audit.ts';

/** What the audit log shows for the same filter, as a table to take along. */
export const GET: APIRoute = async ({ locals, url }) => {
  const ctx = locals.upheld.product;
  try {
    const filter = auditFilter(auditWish(url.searchParams), ctx.config().timezone);
    return new Response(auditCsv(await exportAudit(ctx, filter)), {
      headers: {
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': 'attachment; filename="audit.csv"',
      },
    });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return new Response(`${error.message}\n`, {
      status: 422,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    });
  }
};
