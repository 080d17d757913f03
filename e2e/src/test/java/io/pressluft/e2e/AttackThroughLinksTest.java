package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The web server sees more than PHP does: links made by PHP, and answers it obeys, must not open that to visitors. */
@Order(20)
class AttackThroughLinksTest extends Attack {

    private static final String SECRET = "seen only by its owner";

    @BeforeEach
    void the_neighbour_has_an_upload() {
        var uploads = "/var/www/" + neighbours().victim().environmentId() + "/shared/uploads";
        neighbours()
                .node()
                .script("echo '%s' > %s/neighbour.txt".formatted(SECRET, uploads))
                .require();
        assertThat(Web.get(neighbours().victim().at("/wp-content/uploads/neighbour.txt"))
                        .body())
                .contains(SECRET);
    }

    @ParameterizedTest(name = "a link to {1} in {0} is not followed")
    @CsvSource({
        "uploads, /etc/passwd",
        "uploads, /var/www/OTHER/shared/uploads/neighbour.txt",
        "uploads, /var/www/OTHER/current/readme.html",
        "uploads, /var/www/.artifacts/wordpress-7.1.1.json",
        "uploads, ../wp-config.php",
        "plugins/attack, /etc/passwd",
        "plugins/attack, /var/www/OTHER/shared/uploads/neighbour.txt",
        "plugins/attack, /proc/self/environ",
        "themes, ../../../../../OTHER/shared/uploads/neighbour.txt",
    })
    void link(String place, String target) {
        var said = web("""
                $folder = '/var/www/' . OWN . '/current/wp-content/%s';
                @unlink("$folder/link.txt");
                return [write("$folder/real.txt", 'real'),
                    symlink(str_replace('OTHER', OTHER, '%s'), "$folder/link.txt") ? 'linked' : reason()];
                """.formatted(place, target));
        assertThat(said).containsExactly("written", "linked");
        assertThat(get("/wp-content/%s/real.txt".formatted(place)).body()).isEqualTo("real");
        var answer = get("/wp-content/%s/link.txt".formatted(place));
        assertThat(answer.status()).isEqualTo(place.equals("uploads") ? 403 : 404);
        assertThat(answer.body()).doesNotContain(SECRET).doesNotContain("root:x:0");
    }

    @Test
    void a_linked_directory_is_not_followed() {
        var said = web("""
                $folder = '/var/www/' . OWN . '/shared/uploads';
                @unlink("$folder/root");
                return [write("$folder/real.txt", 'real'), symlink('/', "$folder/root") ? 'linked' : reason()];
                """);
        assertThat(said).containsExactly("written", "linked");
        assertThat(get("/wp-content/uploads/real.txt").status()).isEqualTo(200);
        assertThat(get("/wp-content/uploads/root/etc/passwd").status()).isIn(403, 404);
    }

    @Test
    void a_link_as_a_program_runs_nothing_of_the_neighbour() {
        var said = web("""
                $folder = '/var/www/' . OWN . '/current/wp-content/plugins/attack';
                @unlink("$folder/link.php");
                return [write("$folder/real.php", '<?php echo 6 * 7;'),
                    symlink('/var/www/' . OTHER . '/current/index.php', "$folder/link.php") ? 'linked' : reason()];
                """);
        assertThat(said).containsExactly("written", "linked");
        assertThat(get("/wp-content/plugins/attack/real.php").body()).isEqualTo("42");
        assertThat(get("/wp-content/plugins/attack/link.php").status()).isIn(403, 404);
    }

    @ParameterizedTest(name = "uploads/{0} is not run")
    @CsvSource({"a.php", "a.PHP", "a.phtml", "a.php5", "a.phar", "a.php/x.txt", "deep/a.php"})
    void upload(String name) {
        var real = name.replace("/x.txt", "");
        var said = web("""
                $folder = '/var/www/' . OWN . '/shared/uploads';
                @mkdir("$folder/deep");
                return [write("$folder/a.txt", 'plain'), write("$folder/%s", '<?php echo 6 * 7;')];
                """.formatted(real));
        assertThat(said).containsExactly("written", "written");
        assertThat(get("/wp-content/uploads/a.txt").body()).isEqualTo("plain");
        assertThat(get("/wp-content/uploads/" + name).status()).isEqualTo(403);
    }

    @ParameterizedTest(name = "the web server hands out nothing when PHP sends it to {0}")
    @CsvSource({
        "/wp-config.php",
        "/wp-content/uploads/../../wp-config.php",
        "/../../../../etc/passwd",
        "/etc/passwd",
        "/wp-content/uploads/..%2f..%2f..%2fetc/passwd"
    })
    void internal_redirect(String target) {
        neighbours().plant("redirect.php", "<?php header('X-Accel-Redirect: ' . $_GET['to']);");
        web("return [write('/var/www/' . OWN . '/shared/uploads/real.txt', 'real')];");
        assertThat(get("/wp-content/plugins/attack/redirect.php?to=/wp-content/uploads/real.txt")
                        .body())
                .isEqualTo("real");
        var answer = get("/wp-content/plugins/attack/redirect.php?to=" + target.replace("%", "%25"));
        assertThat(answer.status()).isIn(301, 403, 404, 500);
        assertThat(answer.body()).doesNotContain("DB_PASSWORD").doesNotContain("root:x:0");
    }

    private Answer get(String path) {
        return Web.get(neighbours().attacker().at(path));
    }
}
