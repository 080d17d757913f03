package io.pressluft.controlplane.error;

/** Text that may repeat what a stranger sent: not endless, and nothing in it that cannot be written as UTF-8. */
final class Excerpt {

    private static final int LONGEST = 500;
    private static final int REPLACEMENT = 0xfffd;

    private Excerpt() {}

    static String of(String text) {
        var shortened = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
        return shortened
                .codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? REPLACEMENT : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
