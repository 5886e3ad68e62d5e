import { SCHEMA_FILE } from './json-schema.ts';

const TEXT = `# yaml-language-server: $schema=./${SCHEMA_FILE}
#
# The configuration of Upheld. Editors with YAML support complete it from the schema above.
# Apply changes with \`npx upheld reload\` (or SIGHUP): measuring goes on meanwhile, and a file
# with a fault in it changes nothing. \`npx upheld doctor\` says what is wrong.
#
# \${NAME} stands for the environment variable NAME, or for what the file holds that NAME_FILE
# names. Texts for customers are one text, or one a language: { nl: …, en: … }.

organisation:
  name: Upheld
  # website: https://www.example.com
  # contact: support@example.com

server:
  # The address under which customers reach this page; links in e-mails start with it.
  url: http://localhost:\${PORT}
  # trustProxy: true            # behind a reverse proxy of your own
  # source: https://code.example.com/upheld  # where customers get this program, to recompute a figure

timezone: Europe/Amsterdam
language: nl                    # when the visitor's browser says nothing: nl or en

pages:
  - id: main
    title: { nl: Systeemstatus, en: System status }
    # description: { nl: …, en: … }
    # groups: [products]        # by default all

groups:
  - id: products
    name: { nl: Producten, en: Products }
    components:
      # Upheld watches itself until you name your own products here: replace this component.
      - id: upheld
        name: { nl: Deze statuspagina, en: This status page }
        monitors:
          - id: upheld-health
            kind: http
            url: http://127.0.0.1:\${PORT}/healthz
            interval: 30s
            timeout: 5s

      # - id: shop
      #   name: { nl: Webwinkel, en: Web shop }
      #   description: { nl: Bestellen en betalen, en: Ordering and paying }
      #   agreements:            # what was promised; the first one leads on the page
      #     - agreement: standard
      #   monitors:
      #     - id: shop-web
      #       kind: http
      #       url: https://shop.example.com/health
      #       method: GET
      #       headers: { authorization: "Bearer \${SHOP_HEALTH_TOKEN}" }
      #       interval: 60s      # from 5s
      #       timeout: 10s
      #       retryInterval: 15s # while an outage or a recovery is being confirmed
      #       confirm: { failures: 2, successes: 1 }
      #       expect:
      #         status: ["200-299"]
      #         text: OK
      #         # json: { path: "$.status", equals: up }
      #         within: 2s       # slower is degraded

probing:
  # Checks reach public addresses only. Ranges of your own network are named here.
  allow:
    - 127.0.0.1/32:\${PORT}
    # - 10.20.0.0/16:443

# channels:
#   email:
#     from: Status <status@example.com>
#     smtp:
#       host: smtp.example.com
#       port: 587
#       tls: starttls            # starttls, implicit or none
#       user: status@example.com
#       password: \${SMTP_PASSWORD}
#   sms:
#     accountSid: \${TWILIO_ACCOUNT_SID}
#     authToken: \${TWILIO_AUTH_TOKEN}
#     from: Status               # a number such as +31612345678, or at most 11 letters
#     countries: [NL, BE]
`;

/**
 * The upheld.yaml that the first start writes: the product watches its own health endpoint, and
 * everything else stands there as a commented example. `${PORT}` is always set, by the environment
 * or by the default, so that the file goes on being right when the port changes.
 */
export function firstConfig(): string {
  return TEXT;
}
