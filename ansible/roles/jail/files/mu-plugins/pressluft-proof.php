<?php
/**
 * Plugin Name: Pressluft proof
 * Description: Signs a completely rendered front page, so that the hosting can prove that this very site works.
 *
 * Asked with ?pressluft_nonce=<32 hex> the front page is rendered uncached and, only if all of it went well, ends with
 *   <!-- pressluft-proof v1 <base64 signature> -->
 * A must-use plugin runs before plugins and theme, so an answer given here would prove nothing. This one only collects, and signs
 * after everything else has been written. Anything unexpected leaves the page unsigned.
 */

defined('ABSPATH') || exit;

if (
    isset($_GET['pressluft_nonce'])
    && is_string($_GET['pressluft_nonce'])
    && preg_match('/\A[0-9a-f]{32}\z/', $_GET['pressluft_nonce'])
    && defined('PRESSLUFT_ENVIRONMENT')
    && defined('PRESSLUFT_PROOF_KEY')
) {
    pressluft_proof_begin($_GET['pressluft_nonce']);
}

function pressluft_proof_begin(string $nonce): void
{
    // A proof looks and changes nothing: what is due in WordPress' own cron waits for a visitor.
    foreach (['DONOTCACHEPAGE', 'DONOTCACHEOBJECT', 'DONOTCACHEDB', 'DISABLE_WP_CRON'] as $constant) {
        defined($constant) || define($constant, true);
    }
    $front = false;
    $level = ob_get_level() + 1;
    ob_start();
    // WordPress would flush every buffer at the start of shutdown, and late output would land behind the signature.
    remove_action('shutdown', 'wp_ob_end_flush_all', 1);
    add_action('send_headers', static function (): void {
        nocache_headers();
        header('Cache-Control: no-store, private');
    }, PHP_INT_MAX);
    add_action('template_redirect', static function () use (&$front): void {
        $front = is_front_page() && !is_404();
    }, 0);
    // Registered during shutdown, it runs after everything that was registered before.
    add_action('shutdown', static function () use ($nonce, $level, &$front): void {
        register_shutdown_function('pressluft_proof_end', $nonce, $level, $front);
    }, PHP_INT_MAX);
}

function pressluft_proof_end(string $nonce, int $level, bool $front): void
{
    while (ob_get_level() > $level) {
        ob_end_flush();
    }
    if (ob_get_level() !== $level) {
        return;
    }
    $page = (string) ob_get_clean();
    echo $page;
    $error = error_get_last();
    $fatal = E_ERROR | E_PARSE | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR;
    if (
        $front
        && http_response_code() === 200
        && did_action('wp_footer')
        && strpos($page, '</html>') !== false
        && ($error === null || ($error['type'] & $fatal) === 0)
    ) {
        $signature = pressluft_proof_sign($nonce);
        if ($signature !== null) {
            echo "\n<!-- pressluft-proof v1 {$signature} -->\n";
        }
    }
}

function pressluft_proof_sign(string $nonce): ?string
{
    $key = base64_decode((string) @file_get_contents(PRESSLUFT_PROOF_KEY), true);
    // From the database in this request, whatever an object cache holds.
    foreach (['pressluft_identity', 'notoptions', 'alloptions'] as $cached) {
        wp_cache_delete($cached, 'options');
    }
    $identity = get_option('pressluft_identity');
    $home = get_option('home');
    if ($key === false || strlen($key) !== SODIUM_CRYPTO_SIGN_SECRETKEYBYTES || !is_string($identity) || !is_string($home)) {
        return null;
    }
    $said = implode("\n", [
        'pressluft-proof-v1',
        $nonce,
        PRESSLUFT_ENVIRONMENT,
        $identity,
        untrailingslashit($home),
        basename((string) realpath(ABSPATH)),
    ]);
    return base64_encode(sodium_crypto_sign_detached($said, $key));
}
