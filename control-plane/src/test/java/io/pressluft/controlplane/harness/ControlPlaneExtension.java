package io.pressluft.controlplane.harness;

import java.io.IOException;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the servers and the application once, when a test first asks for them, and ends them with the test run. */
public final class ControlPlaneExtension implements BeforeEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace SHARED = ExtensionContext.Namespace.create("pressluft");

    /** The application closes before its servers. */
    private static final class Shared implements AutoCloseable {
        private final TestServers servers = new TestServers();
        private final RunningControlPlane application = new RunningControlPlane(servers);

        @Override
        public void close() throws IOException {
            application.close();
            servers.close();
        }
    }

    private static Shared shared(ExtensionContext context) {
        return context.getRoot().getStore(SHARED).computeIfAbsent("application", key -> new Shared(), Shared.class);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        shared(context).application.clean();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return type.equals(RunningControlPlane.class) || type.equals(TestServers.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var shared = shared(context);
        return parameter.getParameter().getType().equals(TestServers.class) ? shared.servers : shared.application;
    }
}
