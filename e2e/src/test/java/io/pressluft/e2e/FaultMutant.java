package io.pressluft.e2e;

/**
 * A product that lacks one of its guards, and the row that has to be red then.
 *
 * @param file of the agent's release, below its {@code ansible/}
 * @param fault of the row
 * @param missed what the judge has to say then
 */
record FaultMutant(String name, String file, String before, String after, String fault, String missed) {

    private static final String PLUGIN = "plugins/callback/pressluft.py";

    static FaultMutant[] all() {
        return new FaultMutant[] {
            new FaultMutant(
                    "without the fence check",
                    PLUGIN,
                    "if self._guard.fenced():",
                    "if False:",
                    "agent stopped, resolved, not told",
                    "although the node knew a newer token"),
            new FaultMutant(
                    "without the lease check",
                    PLUGIN,
                    "if not self._guard.lease_over():",
                    "if True:",
                    "cut off",
                    "after the lease had run out"),
            new FaultMutant(
                    "without the undo",
                    "playbooks/site-create-undo.yml",
                    """
                          ansible.builtin.import_role:
                            name: environment
                            tasks_from: delete
                    """.indent(0),
                    "      ansible.builtin.debug: {msg: nothing}\n",
                    "cancelled",
                    "left on the node"),
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
