import type { Source } from '../dokku/simulator/source.ts'
import { over, plain, step } from './ground.ts'

export const rails: Source = {
  ...plain,
  processes: { web: 'bundle exec puma', worker: 'bundle exec sidekiq' },
  build: {
    ...plain.build,
    from: 'docker.io/library/ruby:3.4-slim',
    steps: [
      step('WORKDIR /rails'),
      step('COPY Gemfile Gemfile.lock ./'),
      step(
        'RUN bundle install --jobs 4',
        31,
        over(30, [
          'Fetching gem metadata from https://rubygems.org/.........',
          'Fetching rake 13.2.1',
          'Installing nokogiri 1.18.2 (x86_64-linux-gnu)',
          'Installing puma 6.6.0 with native extensions',
          'Installing rails 8.0.2',
          'Bundle complete! 41 Gemfile dependencies, 128 gems now installed.',
        ]),
      ),
      step('COPY . .'),
      step(
        'RUN bin/rails assets:precompile',
        12,
        over(11, [
          'Writing application-6f1a0c3b.css',
          'Writing application-0b27d4ce.js',
          'Writing manifest-49cbd2a1.json',
        ]),
      ),
    ],
    failing: step(
      'RUN bundle install --jobs 4',
      8,
      over(7, [
        'Fetching gem metadata from https://rubygems.org/.........',
        'Could not find compatible versions',
        'Because every version of devise depends on railties >= 4.1.0, < 8',
        '  and Gemfile depends on rails ~> 8.0, version solving has failed.',
      ]),
    ),
  },
  predeploy: {
    script: 'bin/rails db:migrate',
    says: [
      '== 20261009 AddStockToProducts: migrating ==',
      '-- add_column(:products, :stock, :integer)',
      '   -> 0.0412s',
      '== 20261009 AddStockToProducts: migrated (0.0418s) ==',
    ].join('\n'),
  },
  brokenPredeploy: {
    script: 'bin/rails db:migrate',
    says: [
      '== 20261102 RequireWarehouse: migrating ==',
      'bin/rails aborted!',
      'PG::NotNullViolation: ERROR:  column "warehouse_id" of relation "stock" contains null values',
    ].join('\n'),
  },
  healthchecks: [{ processType: 'web', name: 'up', path: '/up' }],
  cron: [
    { command: 'bin/rails invoices:send', schedule: '0 6 * * *' },
    { command: 'bin/rails carts:sweep', schedule: '20 */6 * * *' },
  ],
  voices: { web: 'rails', worker: 'sidekiq' },
}

export const go: Source = {
  ...plain,
  processes: { web: '/bin/api' },
  build: {
    ...plain.build,
    from: 'docker.io/library/golang:1.26',
    steps: [
      step('WORKDIR /src'),
      step('COPY go.mod go.sum ./'),
      step(
        'RUN go mod download',
        7,
        over(6, [
          'go: downloading github.com/jackc/pgx/v5 v5.7.2',
          'go: downloading golang.org/x/sync v0.11.0',
        ]),
      ),
      step('COPY . .'),
      step('RUN go build -o /bin/api ./cmd/api', 14),
    ],
    failing: step(
      'RUN go build -o /bin/api ./cmd/api',
      6,
      over(5, [
        '# lantern.example/api/orders',
        'orders/store.go:88:17: cannot use id (variable of type string) as int64 value in argument to s.find',
        'orders/store.go:91:2: declared and not used: total',
      ]),
    ),
  },
  healthchecks: [{ processType: 'web', name: 'ready', path: '/v1/health' }],
  voices: { web: 'go' },
}

export const mkdocs: Source = {
  ...plain,
  processes: { web: 'nginx -g "daemon off;"' },
  build: {
    ...plain.build,
    from: 'docker.io/library/python:3.13-slim',
    steps: [
      step('COPY requirements.txt ./'),
      step(
        'RUN pip install -r requirements.txt',
        11,
        over(10, [
          'Collecting mkdocs-material==9.6.4',
          'Successfully installed mkdocs-1.6.1 mkdocs-material-9.6.4',
        ]),
      ),
      step('COPY . .'),
      step(
        'RUN mkdocs build --strict',
        4,
        over(3, [
          'INFO    -  Building documentation to directory: /site',
          'INFO    -  Documentation built in 2.31 seconds',
        ]),
      ),
    ],
    failing: step(
      'RUN mkdocs build --strict',
      3,
      over(2, [
        "WARNING -  Doc file 'install.md' contains a link 'setup.md', but the target is not found among documentation files.",
        'Aborted with 1 warnings in strict mode!',
      ]),
    ),
  },
}

export const django: Source = {
  ...plain,
  processes: {
    web: 'gunicorn analytics.wsgi',
    worker: 'celery -A analytics worker',
    beat: 'celery -A analytics beat',
  },
  build: {
    ...plain.build,
    from: 'docker.io/library/python:3.13',
    steps: [
      step('WORKDIR /app'),
      step('COPY pyproject.toml uv.lock ./'),
      step(
        'RUN uv sync --frozen',
        24,
        over(23, [
          'Resolved 97 packages in 14ms',
          'Downloading pandas (12.6MiB)',
          'Downloading pyarrow (40.1MiB)',
          'Prepared 97 packages in 19.80s',
          'Installed 97 packages in 1.02s',
        ]),
      ),
      step('COPY . .'),
      step(
        'RUN python manage.py collectstatic --noinput',
        3,
        over(2, ['', '184 static files copied to /app/static.']),
      ),
    ],
    failing: step(
      'RUN uv sync --frozen',
      5,
      over(4, [
        'error: The lockfile at `uv.lock` needs to be updated, but `--frozen` was provided.',
        'To update the lockfile, run `uv lock`.',
      ]),
    ),
  },
  predeploy: {
    script: 'python manage.py migrate --noinput',
    says: 'Operations to perform:\n  Apply all migrations: admin, auth, visits\nRunning migrations:\n  No migrations to apply.',
  },
  brokenPredeploy: {
    script: 'python manage.py migrate --noinput',
    says: [
      'Running migrations:',
      '  Applying visits.0031_partition_by_month...Traceback (most recent call last):',
      'django.db.utils.OperationalError: canceling statement due to lock timeout',
    ].join('\n'),
  },
  healthchecks: [{ processType: 'web', name: 'collector', path: '/healthz' }],
  voices: { web: 'gunicorn', worker: 'node worker', beat: 'node worker' },
}
