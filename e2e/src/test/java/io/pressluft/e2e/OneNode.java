package io.pressluft.e2e;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/** Gives all test classes of the run the same control plane and node, and removes them after the last. */
final class OneNode implements ExecutionCondition, ParameterResolver {

    private static final AtomicBoolean SAID = new AtomicBoolean();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Requirements.missing()
                .map(reason -> {
                    if (!SAID.getAndSet(true)) {
                        System.out.println("End-to-end tests skipped: " + reason);
                    }
                    return ConditionEvaluationResult.disabled(reason);
                })
                .orElseGet(() -> ConditionEvaluationResult.enabled("this host can run a local node"));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Pressluft.class;
    }

    @Override
    public Pressluft resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(OneNode.class))
                .computeIfAbsent(Attempt.class, key -> Attempt.made(), Attempt.class)
                .pressluft();
    }

    /** Made once: what did not start for the first test is not tried again for every other. */
    private record Attempt(
            @Nullable Pressluft started, @Nullable Throwable failure) implements AutoCloseable {

        static Attempt made() {
            try {
                return new Attempt(Pressluft.start(), null);
            } catch (IOException | RuntimeException | AssertionError e) {
                return new Attempt(null, e);
            }
        }

        Pressluft pressluft() {
            return switch (failure) {
                case null -> started;
                case TestAbortedException skipped -> throw skipped;
                default -> throw new AssertionError("the control plane or its node did not start", failure);
            };
        }

        @Override
        public void close() throws IOException {
            if (started != null) {
                started.close();
            }
        }
    }
}
