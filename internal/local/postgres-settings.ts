/** Settings for a laptop or a small server with two cores, whose memory is much larger than the database. */
export function postgresSettings(isDurable: boolean): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    // A socket in the file system could collide with another one, and the length of its path is limited, so there is
    // none.
    unix_socket_directories: '',
    max_connections: isDurable ? '200' : '500',
    shared_buffers: isDurable ? '256MB' : '128MB',
    effective_cache_size: '1GB',
    random_page_cost: '1.1',
    jit: 'off',
    max_wal_size: isDurable ? '2GB' : '512MB', // tests may keep it in memory
    checkpoint_timeout: '15min',
    log_min_messages: 'warning',
    log_checkpoints: 'off',
    log_line_prefix: '%m [%p] ',
    ...(isDurable ? durable : disposable),
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** These are the defaults. They are set because an order that was answered with 201 must be on the disk. */
const durable = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }

const disposable = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  autovacuum_naptime: '10min',
}
