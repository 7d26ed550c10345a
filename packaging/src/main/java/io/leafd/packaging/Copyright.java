package io.leafd.packaging;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The package's file {@code copyright}: which licence holds for which installed file. Immutable.
 *
 * <p>Shape: paragraphs of Debian's machine-readable format 1.0; of those that name a file, the last one holds. In a pattern
 * {@code *} matches slashes too.
 */
final class Copyright {
    private record Stanza(Pattern files, String license) {}

    private final List<Stanza> stanzas = new ArrayList<>();

    Copyright(String text) {
        for (String paragraph : text.split("\n\n+", -1)) {
            String files = field(paragraph, "Files");
            String license = field(paragraph, "License");
            if (!files.isEmpty() && !license.isEmpty()) {
                String patterns = Stream.of(files.split("\\s+", -1))
                        .map(glob -> Pattern.quote(glob).replace("*", "\\E.*\\Q"))
                        .collect(Collectors.joining("|"));
                stanzas.add(new Stanza(Pattern.compile(patterns), license));
            }
        }
    }

    /** A field's value, lines joined; empty when it is not there. */
    private static String field(String paragraph, String name) {
        var matcher =
                Pattern.compile("(?m)^" + name + ":((?:.*)(?:\n[ \t].*)*)").matcher(paragraph);
        return matcher.find() ? matcher.group(1).strip() : "";
    }

    /**
     * The licence of an installed file as SPDX writes it.
     *
     * @param path without the leading slash
     * @throws IllegalStateException when no paragraph names the file
     */
    String licenseOf(String path) {
        return stanzas.reversed().stream()
                .filter(stanza -> stanza.files.matcher(path).matches())
                .findFirst()
                .map(stanza -> spdx(stanza.license))
                .orElseThrow(() -> new IllegalStateException("no licence of " + path + " in copyright"));
    }

    private static String spdx(String debian) {
        return Stream.of(debian.split(" and ", -1)).map(Copyright::name).collect(Collectors.joining(" AND "));
    }

    private static String name(String debian) {
        return switch (debian) {
            case "Expat" -> "MIT";
            case "BSD-2-clause" -> "BSD-2-Clause";
            case "BSD-3-clause" -> "BSD-3-Clause";
            case "GPL-2 with Classpath exception" -> "GPL-2.0-only WITH Classpath-exception-2.0";
            default -> debian;
        };
    }
}
