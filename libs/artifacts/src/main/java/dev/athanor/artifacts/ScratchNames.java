package dev.athanor.artifacts;

import dev.athanor.contracts.error.Checks;
import java.util.regex.Pattern;

/** Keys and names of scratch files: relative paths that cannot lead out of their folder. */
final class ScratchNames {

    private static final Pattern PATH = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    private ScratchNames() {}

    static String check(String what, String path) {
        Checks.matches(what, path, PATH, "a relative path of letters, digits, '.', '_', '-'");
        return path;
    }
}
