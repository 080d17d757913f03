package io.pressluft.e2e;

/** System calls that no command makes, through Python's ctypes. */
final class Syscalls {

    private Syscalls() {}

    /**
     * @param calls numbers and arguments of x86-64, separated by semicolons
     * @return code whose value lists {@code done} or what the kernel said for each
     */
    static String code(String calls) {
        var python = new StringBuilder("import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n");
        for (var call : calls.split(";")) {
            python.append("print('done' if libc.syscall(%s) >= 0 else os.strerror(ctypes.get_errno()))\n"
                    .formatted(call.strip()));
        }
        return """
                $python = <<<'PYTHON'
                %s
                PYTHON;
                exec('python3 -c ' . escapeshellarg($python) . ' 2>&1', $said);
                return $said;
                """.formatted(python.toString().stripTrailing());
    }
}
