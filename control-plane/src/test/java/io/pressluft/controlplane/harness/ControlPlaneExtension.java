package io.pressluft.controlplane.harness;

import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts servers and application once, each when a test first asks for it, and ends them with the test run. */
public final class ControlPlaneExtension implements BeforeEachCallback, ParameterResolver {

    private static final ExtensionContext.Namespace SHARED = ExtensionContext.Namespace.create("pressluft");

    private static TestServers servers(ExtensionContext context) {
        return store(context).computeIfAbsent(TestServers.class, key -> new TestServers(), TestServers.class);
    }

    /** Made after its servers and therefore closed before them. */
    private static RunningControlPlane application(ExtensionContext context) {
        var servers = servers(context);
        return store(context)
                .computeIfAbsent(
                        RunningControlPlane.class, key -> new RunningControlPlane(servers), RunningControlPlane.class);
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        return context.getRoot().getStore(SHARED);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        var running = store(context).get(RunningControlPlane.class, RunningControlPlane.class);
        if (running != null) {
            running.clean();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return type.equals(RunningControlPlane.class) || type.equals(TestServers.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(TestServers.class) ? servers(context) : application(context);
    }
}
