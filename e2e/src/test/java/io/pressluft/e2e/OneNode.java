package io.pressluft.e2e;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

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
                .computeIfAbsent(Pressluft.class, key -> started(), Pressluft.class);
    }

    private static Pressluft started() {
        try {
            return Pressluft.start();
        } catch (java.io.IOException e) {
            throw new AssertionError("the control plane or its node did not start", e);
        }
    }
}
