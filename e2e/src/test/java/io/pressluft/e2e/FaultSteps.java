package io.pressluft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The steps of a site's creation and of its undo, in order, as undisturbed runs had them. */
record FaultSteps(List<String> apply, List<String> undo) {

    FaultSteps {
        // A matrix over fewer steps than there are would be green for the wrong reason.
        assertThat(String.join(",", apply))
                .contains("Create the Linux user", "Link the release", "Install WordPress", "Put the virtual host");
        assertThat(String.join(",", undo)).contains("Take the virtual host away", "Remove the environment's directory");
    }

    int ordinalOf(String step) {
        for (int i = 0; i < apply.size(); i++) {
            if (apply.get(i).contains(step)) {
                return i + 1;
            }
        }
        throw new AssertionError("there is no step " + step);
    }

    /** After the last step of the change. */
    FaultPoint last() {
        return new FaultPoint(FaultPoint.Phase.APPLY, FaultPoint.When.AFTER, apply.size(), apply.getLast());
    }
}
