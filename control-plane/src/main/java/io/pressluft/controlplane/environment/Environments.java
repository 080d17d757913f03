package io.pressluft.controlplane.environment;

import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Reading environments, and moving them inside the transaction of a job. */
@Service
public class Environments {

    private final EnvironmentStore store;

    Environments(EnvironmentStore store) {
        this.store = store;
    }

    /** @throws EnvironmentException when there is none */
    public Environment get(String id) {
        return store.find(id).orElseThrow(() -> EnvironmentException.notFound(id));
    }

    /** Those that are not deleted, oldest first. */
    public List<Environment> ofSite(String siteId) {
        return store.ofSite(siteId);
    }

    public List<Environment> all() {
        return store.all();
    }

    /** The address of the local node that serves {@code hostname}. */
    public Optional<String> localAddress(String hostname) {
        return store.localAddress(hostname);
    }

    @Transactional(propagation = Propagation.MANDATORY)
    public void insert(NewEnvironment environment) {
        store.insert(environment);
    }

    /** @return false when the environment was in none of {@code from} */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean move(String id, EnvironmentState to, EnvironmentState... from) {
        return store.move(id, to, from);
    }

    /** The same for several environments. @return whether all of them moved; if not, the caller's transaction has to end */
    @Transactional(propagation = Propagation.MANDATORY)
    public boolean move(List<String> some, EnvironmentState to, EnvironmentState... from) {
        return store.move(some, to, from);
    }

    /** Remembers what was proven: the current release, its key and versions. */
    @Transactional(propagation = Propagation.MANDATORY)
    public void proven(String id, String release, EnvironmentRuntime runtime) {
        store.proven(id, release, runtime);
    }
}
