<?php
/**
 * Stands for a hacked site: runs the code it is given, as JSON {"code", "other"}, and answers {"uid", "value", "warnings"}.
 * Over the web the request's body is read, in the jail its argument. OTHER is the neighbour's environment.
 */

$command = PHP_SAPI === 'cli';
$asked = json_decode($command ? base64_decode($argv[1]) : file_get_contents('php://input'), true, 8, JSON_THROW_ON_ERROR);
define('OWN', posix_getpwuid(posix_geteuid())['name']);
define('OTHER', $asked['other']);
$warnings = [];
set_error_handler(static function (int $level, string $message) use (&$warnings): bool {
    $warnings[] = $message;
    return true;
});

/** The last words of the last warning: what the system said. */
function reason(): string
{
    global $warnings;
    $said = explode(': ', (string) end($warnings));
    return 'refused: ' . trim((string) end($said));
}

function read(string $path): string
{
    $content = file_get_contents($path, false, null, 0, 100000);
    return $content === false ? reason() : "read: $content";
}

function write(string $path, string $content = 'attack'): string
{
    return file_put_contents($path, $content) === false ? reason() : 'written';
}

function entries(string $path): string
{
    $entries = scandir($path);
    return $entries === false ? reason() : implode(' ', array_values(array_diff($entries, ['.', '..'])));
}

/** Exit code and both streams of a shell command. */
function sh(string $command): string
{
    exec("($command) 2>&1", $lines, $exit);
    return "$exit: " . implode("\n", $lines);
}

/** An address as tcp://, udp:// or unix://. */
function dial(string $address): string
{
    $stream = stream_socket_client($address, $number, $text, 3);
    return $stream === false ? "refused: $text" : 'connected';
}

/** Own credentials as WordPress has them. */
function config(string $constant): string
{
    preg_match("/define\('$constant', '([^']*)'\)/", file_get_contents('/var/www/' . OWN . '/shared/wp-config.php'), $found);
    return $found[1];
}

function database(): mysqli
{
    return new mysqli('localhost', OWN, config('DB_PASSWORD'), OWN, 0, '/run/mysqld/mysqld.sock');
}

/** The rows of a query, one line each, or what the server said. */
function sql(string $query): string
{
    static $database = null;
    try {
        $database ??= database();
        $rows = $database->query($query);
        return $rows === true ? 'done' : implode("\n", array_map(static fn ($row) => implode(' ', $row), $rows->fetch_all()));
    } catch (mysqli_sql_exception $refusal) {
        return 'refused: ' . $refusal->getMessage();
    }
}

function redis(): Redis
{
    preg_match("/WP_REDIS_PASSWORD', \['[^']*', '([^']*)'\]/", file_get_contents('/var/www/' . OWN . '/shared/wp-config.php'), $found);
    $redis = new Redis();
    $redis->connect('/run/redis/redis-server.sock');
    $redis->auth([OWN, $found[1]]);
    return $redis;
}

/** The answer to one command, or what the server said. */
function ask(string ...$words): string
{
    static $redis = null;
    try {
        $redis ??= redis();
        $redis->clearLastError();
        $answer = $redis->rawCommand(...$words);
        return $redis->getLastError() === null ? 'said: ' . json_encode($answer) : 'refused: ' . $redis->getLastError();
    } catch (RedisException $refusal) {
        return 'refused: ' . $refusal->getMessage();
    }
}

try {
    $value = (static fn () => eval($asked['code']))();
} catch (Throwable $thrown) {
    $value = 'thrown: ' . get_class($thrown) . ': ' . $thrown->getMessage() . ' at line ' . $thrown->getLine();
}
$command || header('Content-Type: application/json');
echo json_encode(['uid' => posix_geteuid(), 'value' => $value, 'warnings' => $warnings], JSON_INVALID_UTF8_SUBSTITUTE);
