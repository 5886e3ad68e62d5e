import { publicTextOf } from '@upheld/config/agreement-text.ts';
import { DomainError } from '@upheld/domain/errors.ts';
import { usedAgreement } from '@upheld/services/agreement/in-use.ts';
import type { APIRoute } from 'astro';

/** The file of an agreement with what was adopted; what was agreed with single customers is left out. */
export const GET: APIRoute = ({ params, locals }) => {
  try {
    const { agreement } = usedAgreement(locals.upheld.product, (params['id'] ?? '').slice(0, 200));
    return new Response(publicTextOf(agreement), {
      headers: {
        'content-type': 'application/yaml; charset=utf-8',
        'content-disposition': `attachment; filename="${agreement.id}.yaml"`,
      },
    });
  } catch (error) {
    if (error instanceof DomainError) return new Response(null, { status: 404 });
    throw error;
  }
};
