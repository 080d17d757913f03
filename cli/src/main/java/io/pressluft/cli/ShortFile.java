package io.pressluft.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** What is read from a file, or from standard input, because it is not to be seen among the arguments. */
final class ShortFile {
    /** In bytes; a file may be a device without an end. */
    private static final int LONGEST = 4096;

    private ShortFile() {}

    /** Without the end of its last line. */
    static String read(String file, String what) {
        try {
            byte[] bytes = file.equals("-") ? System.in.readNBytes(LONGEST + 1) : beginning(Path.of(file));
            if (bytes.length > LONGEST)
                throw unreadable("The %s file is longer than a %s can be".formatted(what, what), what);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString()
                    .replaceFirst("\\R\\z", "");
        } catch (CharacterCodingException e) {
            throw unreadable("The %s file is not text in UTF-8".formatted(what), what);
        } catch (IOException | InvalidPathException e) {
            throw CliException.usage(
                    "file_unreadable", "The %s file cannot be read".formatted(what), "Check its name.");
        }
    }

    private static CliException unreadable(String sentence, String what) {
        return CliException.usage("file_unreadable", sentence, "Write the %s alone into it.".formatted(what));
    }

    private static byte[] beginning(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LONGEST + 1);
        }
    }
}
