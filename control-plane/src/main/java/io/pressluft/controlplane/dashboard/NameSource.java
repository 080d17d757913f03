package io.pressluft.controlplane.dashboard;

import java.util.Collection;
import java.util.Map;

/** How a feature tells what people call its things, so that lists of other features can show more than ids. */
public interface NameSource {

    /** Names by id, for those of {@code ids} that are this feature's. */
    Map<String, String> names(Collection<String> ids);
}
