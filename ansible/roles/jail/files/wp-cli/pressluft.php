<?php
/**
 * `wp pressluft ...`: what the playbooks ask of WordPress. Data comes as one JSON object on stdin and the answer is one JSON
 * object on the last line, so that no value ever passes through a shell, a template or an argument list.
 */

function pressluft_data(): array
{
    return json_decode((string) stream_get_contents(STDIN), true, 8, JSON_THROW_ON_ERROR);
}

function pressluft_answer(bool $changed, array $more = []): void
{
    WP_CLI::line(json_encode(['changed' => $changed] + $more, JSON_THROW_ON_ERROR));
}

WP_CLI::add_command('pressluft install', static function (array $args, array $options): void {
    $data = pressluft_data();
    $dry = !empty($options['dry-run']);
    WP_CLI::set_url($data['url']);
    define('WP_INSTALLING', true);
    WP_CLI::get_runner()->load_wordpress();
    $missing = !is_blog_installed();
    if ($missing && !$dry) {
        // Nobody ever learns this password: the first login is a one-time link.
        WP_CLI::run_command(['core', 'install'], [
            'url' => $data['url'],
            'title' => $data['title'],
            'admin_user' => $data['admin_user'],
            'admin_email' => $data['admin_email'],
            'admin_password' => bin2hex(random_bytes(32)),
            'locale' => $data['locale'],
            'skip-email' => true,
        ]);
    }
    $strange = $missing || get_option('pressluft_identity') !== $data['identity'];
    if ($strange && !$dry) {
        update_option('pressluft_identity', $data['identity'], false);
    }
    if ($missing && !$dry && get_option('permalink_structure') === '') {
        update_option('permalink_structure', '/%postname%/');
    }
    if ($missing && !$dry && $data['locale'] !== 'en_US') {
        WP_CLI::run_command(['language', 'core', 'install', $data['locale']], ['activate' => true]);
    }
    pressluft_answer($strange, ['wordpress_version' => $GLOBALS['wp_version'], 'php_version' => PHP_VERSION]);
}, ['when' => 'before_wp_load']);

WP_CLI::add_command('pressluft login', static function (array $args, array $options): void {
    $data = pressluft_data();
    if (!get_user_by('login', $data['user'])) {
        WP_CLI::error('There is no such user in this WordPress.');
    }
    $open = get_option('pressluft_login');
    if (
        is_array($open)
        && $open['hash'] === $data['hash']
        && $open['user'] === $data['user']
        && $open['expires'] > time()
    ) {
        pressluft_answer(false, ['expires' => $open['expires']]);
        return;
    }
    $expires = time() + 60;
    if (empty($options['dry-run'])) {
        update_option(
            'pressluft_login',
            ['hash' => $data['hash'], 'user' => $data['user'], 'expires' => $expires],
            false
        );
    }
    pressluft_answer(true, ['expires' => $expires]);
});
