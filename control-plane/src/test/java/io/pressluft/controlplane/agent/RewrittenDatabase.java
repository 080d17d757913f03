package io.pressluft.controlplane.agent;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database on a bad day: another text is sent to it than the product wrote, or its replies are lost. */
final class RewrittenDatabase extends DelegatingDataSource {

    private final AtomicInteger changed = new AtomicInteger();
    private final ThreadLocal<Boolean> losing = ThreadLocal.withInitial(() -> false);
    private volatile UnaryOperator<String> rule = UnaryOperator.identity();

    RewrittenDatabase(DataSource real) {
        super(real);
    }

    /** From now on; statements that were changed are counted anew. */
    void rewrite(UnaryOperator<String> by) {
        rule = by;
        changed.set(0);
    }

    /** How many statements the rule has changed. A mutant that changes none proves nothing. */
    int changed() {
        return changed.get();
    }

    /** Whether this thread's next commit is to be carried out and answered by an error, as when the reply is lost. */
    void loseNextReply(boolean lose) {
        losing.set(lose);
    }

    @Override
    public Connection getConnection() throws SQLException {
        var real = super.getConnection();
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        arguments[0] = rewritten((String) arguments[0]);
                    }
                    try {
                        var result = method.invoke(real, arguments);
                        if (method.getName().equals("commit") && losing.get()) {
                            losing.set(false);
                            throw new SQLException("the reply was lost", "08006");
                        }
                        return result;
                    } catch (InvocationTargetException failed) {
                        throw failed.getTargetException();
                    }
                });
    }

    private String rewritten(String sql) {
        var other = rule.apply(sql);
        if (!other.equals(sql)) {
            changed.incrementAndGet();
        }
        return other;
    }
}
