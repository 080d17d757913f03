<?php
/**
 * Plugin Name: Pressluft login
 * Description: One-time login links made by the hosting: /?pressluft_login=<token>, valid once and for one minute.
 *
 * Only the token's SHA-256 is stored. There is one open link at a time; a new one replaces it.
 */

defined('ABSPATH') || exit;

if (isset($_GET['pressluft_login'])) {
    defined('DONOTCACHEPAGE') || define('DONOTCACHEPAGE', true);
    add_action('init', 'pressluft_login', 0);
}

function pressluft_login(): void
{
    nocache_headers();
    header('Cache-Control: no-store, private');
    header('Referrer-Policy: no-referrer');
    $user = pressluft_login_spend(is_string($_GET['pressluft_login']) ? $_GET['pressluft_login'] : '');
    if ($user === null) {
        wp_die(
            'This login link does not work any more: it was used already, or it is older than one minute. Ask the hosting panel for a new one.',
            'Login link not valid',
            ['response' => 403]
        );
    }
    wp_set_auth_cookie($user->ID, false);
    do_action('wp_login', $user->user_login, $user);
    wp_safe_redirect(admin_url());
    exit;
}

function pressluft_login_spend(string $token): ?WP_User
{
    foreach (['pressluft_login', 'notoptions', 'alloptions'] as $cached) {
        wp_cache_delete($cached, 'options');
    }
    $stored = get_option('pressluft_login');
    if (!is_array($stored) || !hash_equals((string) ($stored['hash'] ?? ''), hash('sha256', $token))) {
        return null;
    }
    // Of two requests with the same token only one deletes the row.
    if (!delete_option('pressluft_login') || (int) ($stored['expires'] ?? 0) < time()) {
        return null;
    }
    return get_user_by('login', (string) ($stored['user'] ?? '')) ?: null;
}
