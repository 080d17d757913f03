package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MariaDB is one server for all environments of a node. */
@Order(20)
class AttackOnDatabaseTest extends Attack {

    @Test
    void nobody_elses_databases_tables_users_or_queries_are_seen() {
        assertThat(web("""
                return [sql('SHOW DATABASES'), sql('SELECT DISTINCT table_schema FROM information_schema.tables ORDER BY 1'),
                    sql('SELECT DISTINCT user FROM information_schema.processlist'),
                    sql('SELECT DISTINCT grantee FROM information_schema.user_privileges')];
                """))
                .satisfiesExactly(
                        databases -> assertThat(databases).isEqualTo(own() + "\ninformation_schema"),
                        tables -> assertThat(tables).contains(own()).doesNotContain(other()),
                        queries -> assertThat(queries).isEqualTo(own()),
                        users -> assertThat(users).isEqualTo("'" + own() + "'@'localhost'"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT option_value FROM OTHER.wp_options | SELECT command denied to user",
                "UPDATE OTHER.wp_options SET option_value = 1 | UPDATE command denied to user",
                "DROP TABLE OTHER.wp_options | DROP command denied to user",
                "DROP DATABASE OTHER | Access denied for user",
                "CREATE TABLE OTHER.attack (a INT) | CREATE command denied to user",
                "HANDLER OTHER.wp_options OPEN | SELECT command denied to user",
                "SELECT user FROM mysql.global_priv | SELECT command denied to user",
                "SELECT * FROM mysql.user | SELECT command denied to user",
                "CREATE DATABASE attack | Access denied for user",
                "CREATE USER attack | CREATE USER privilege",
                "GRANT ALL ON *.* TO CURRENT_USER() | Access denied for user",
                "SET PASSWORD FOR 'root'@'localhost' = '' | Access denied for user",
                "SELECT 1 INTO OUTFILE '/tmp/attack' | FILE privilege",
                "LOAD DATA INFILE '/etc/passwd' INTO TABLE wp_options | Access denied for user",
                "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE wp_options | disabled the local infile capability",
                "INSTALL SONAME 'ha_connect' | INSERT command denied to user",
                "CREATE FUNCTION f RETURNS STRING SONAME 'x.so' | Access denied for user",
                "CREATE PROCEDURE p() SELECT 1 | Access denied for user",
                "CREATE EVENT e ON SCHEDULE EVERY 1 SECOND DO SELECT 1 | Access denied for user",
                "CREATE DEFINER='root'@'localhost' VIEW v AS SELECT 1 | SET USER privilege",
                "CREATE TABLE f (a INT) ENGINE=FEDERATED CONNECTION='mysql://x' | Unknown storage engine",
                "SET GLOBAL max_connections = 1 | SUPER, CONNECTION ADMIN privilege",
                "SET GLOBAL general_log = 1 | SUPER privilege",
                "FLUSH TABLES WITH READ LOCK | RELOAD privilege",
                "LOCK TABLES OTHER.wp_options WRITE | Access denied for user",
                "SHOW ENGINE INNODB STATUS | PROCESS privilege",
                "SELECT name FROM information_schema.innodb_sys_tables | PROCESS privilege",
                "SHOW BINLOG STATUS | privilege",
                "SHUTDOWN | SHUTDOWN privilege"
            })
    void statement(String statement, String refusal) {
        var said = web("return [sql('SELECT COUNT(*) > 0 FROM wp_options'), sql(str_replace('OTHER', OTHER, %s))];"
                .formatted(quoted(statement)));
        assertThat(said.getFirst()).isEqualTo("1");
        assertThat(said.getLast()).startsWith("refused: ").contains(refusal);
    }

    @Test
    void files_of_the_node_cannot_be_loaded() {
        assertThat(web("return [sql(\"SELECT COALESCE(LOAD_FILE('/etc/passwd'), 'nothing')\")];"))
                .containsExactly("nothing");
    }

    @Test
    void a_table_cannot_be_put_outside_of_the_own_database() {
        assertThat(web("""
                return [sql("CREATE TABLE outside (a INT) DATA DIRECTORY='/var/tmp'"), sql('INSERT INTO outside VALUES (1)')];
                """)).containsExactly("done", "done");
        var node = neighbours().node();
        assertThat(node.script("find /var/tmp -name 'outside*'; ls /var/lib/mysql/%s/outside.ibd".formatted(own()))
                        .require()
                        .lines())
                .containsExactly("/var/lib/mysql/" + own() + "/outside.ibd");
        web("return [sql('DROP TABLE outside')];");
    }

    @Test
    void a_neighbours_query_cannot_be_ended() {
        var foreign = neighbours()
                .node()
                .script(
                        "mariadb -N -e \"SELECT SLEEP(20) /* neighbour */\" >/dev/null 2>&1 & sleep 0.3;"
                                + " mariadb -N -e \"SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT SLEEP%'\"")
                .require()
                .out()
                .strip();
        assertThat(foreign).matches("[0-9]+");
        assertThat(web("return [sql('KILL %s')];".formatted(foreign)))
                .singleElement()
                .asString()
                .startsWith("refused: ")
                .containsAnyOf("You are not owner of thread", "CONNECTION ADMIN");
        neighbours().node().script("mariadb -e 'KILL %s'".formatted(foreign)).require();
    }

    @Test
    void the_administrator_is_not_become_through_the_own_socket() {
        assertThat(web("""
                $answers = [];
                foreach ([OWN => config('DB_PASSWORD'), 'root' => '', 'mysql' => '', 'mariadb.sys' => '', OTHER => config('DB_PASSWORD')]
                        as $user => $password) {
                    try {
                        new mysqli('localhost', $user, $password, '', 0, '/run/mysqld/mysqld.sock');
                        $answers[] = 'in';
                    } catch (mysqli_sql_exception $refusal) {
                        $answers[] = preg_replace('/ for user.*/', '', $refusal->getMessage());
                    }
                }
                return $answers;
                """)).satisfies(said -> {
            assertThat(said.getFirst()).isEqualTo("in");
            assertThat(said.subList(1, said.size())).allMatch(refusal -> refusal.startsWith("Access denied"));
        });
    }

    private String own() {
        return neighbours().attacker().environmentId();
    }

    private String other() {
        return neighbours().victim().environmentId();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "\\'") + "'";
    }
}
