package io.leafd.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table for people: columns as wide as they must be, two blanks between them. Numbers stand on the right. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<String> head;
    private final List<Boolean> right;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param columns names; one that begins with {@code >} stands on the right */
    TextTable(String... columns) {
        head = List.of(columns).stream()
                .map(name -> name.startsWith(">") ? name.substring(1) : name)
                .toList();
        right = List.of(columns).stream().map(name -> name.startsWith(">")).toList();
    }

    void row(String... cells) {
        if (cells.length != head.size()) {
            throw new IllegalArgumentException(cells.length + " cells in a table of " + head.size() + " columns");
        }
        rows.add(List.of(cells));
    }

    void print(Terminal terminal) {
        List<Integer> widths =
                IntStream.range(0, head.size()).mapToObj(this::width).toList();
        terminal.out().println(terminal.bold(line(head, widths)));
        rows.forEach(row -> terminal.out().println(line(row, widths)));
    }

    private int width(int column) {
        return IntStream.concat(
                        IntStream.of(head.get(column).length()),
                        rows.stream().mapToInt(row -> row.get(column).length()))
                .max()
                .orElse(0);
    }

    private String line(List<String> cells, List<Integer> widths) {
        return IntStream.range(0, cells.size())
                .mapToObj(i -> {
                    String padding = " ".repeat(widths.get(i) - cells.get(i).length());
                    return right.get(i) ? padding + cells.get(i) : cells.get(i) + padding;
                })
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }
}
