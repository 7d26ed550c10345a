package io.leafd.security.permission;

/** The definition of a match, without regard to cost: what the byte walks are compared with. */
final class Naive {
    private Naive() {}

    /** Whether the subject, whose tokens are text, is one of the pattern. */
    static boolean matches(String pattern, String subject) {
        String[] wanted = pattern.split("\\.", -1);
        String[] given = subject.split("\\.", -1);
        for (int i = 0; i < wanted.length; i++) {
            if (wanted[i].equals(">")) {
                return given.length > i;
            }
            if (i >= given.length || !(wanted[i].equals("*") || wanted[i].equals(given[i]))) {
                return false;
            }
        }
        return wanted.length == given.length;
    }
}
