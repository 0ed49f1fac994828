package dev.athanor.ingestion.table;

import dev.athanor.ingestion.content.BadContentException;
import dev.athanor.ingestion.content.DeadLetterReason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Comma (or semicolon, tab, bar) separated values after RFC 4180, read leniently: quotes inside a bare field and text
 * behind a closing quote stay as they are; line ends may be CR, LF or both; short rows lack their last cells, and the
 * surplus cells of long rows belong to the last column.
 *
 * <p>In tab-separated files a quote at the start of a field counts only if the field ends with one too on the same line:
 * most such files do not quote at all.
 */
public final class CsvRows implements Rows {

    /** Longest field in characters. */
    private static final int MAX_FIELD = 16 << 20;

    private static final int MAX_COLUMNS = 10_000;

    private final BufferedReader in;
    private final char separator;
    private final List<String> columns;
    private final boolean header;
    private @Nullable List<String> firstRow;
    private long number;

    /**
     * @param separator tab, or a comma: then the header decides between comma, semicolon, tab and bar
     * @param known column names by which a header is told from a first row; with no such name in it, and fewer than two
     *     letters-only cells, columns are named {@code 0, 1, …}
     */
    public CsvRows(Reader reader, char separator, Collection<String> known) throws IOException {
        this.in = new BufferedReader(reader, 1 << 16);
        this.separator = separator == ',' ? sniffSeparator() : separator;
        List<String> first = readRecord();
        if (first == null) {
            throw new BadContentException(DeadLetterReason.EMPTY, "no rows");
        }
        this.header = isHeader(first, known);
        if (header) {
            this.columns = distinct(first);
        } else {
            this.columns =
                    IntStream.range(0, first.size()).mapToObj(Integer::toString).toList();
            this.firstRow = first;
        }
    }

    public List<String> columns() {
        return columns;
    }

    /** Whether the file names its columns; else they are numbered from 0. */
    public boolean hasHeader() {
        return header;
    }

    @Override
    public @Nullable Row next() throws IOException {
        List<String> cells = firstRow != null ? firstRow : readRecord();
        firstRow = null;
        while (cells != null && cells.size() == 1 && cells.getFirst().isEmpty()) {
            cells = readRecord(); // an empty line
        }
        if (cells == null) {
            return null;
        }
        number++;
        var named = new LinkedHashMap<String, String>();
        int last = columns.size() - 1;
        for (int i = 0; i < Math.min(cells.size(), columns.size()); i++) {
            named.put(columns.get(i), cells.get(i));
        }
        if (cells.size() > columns.size()) {
            named.put(columns.get(last), String.join(String.valueOf(separator), cells.subList(last, cells.size())));
        }
        return new Row(number, named);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private char sniffSeparator() throws IOException {
        in.mark(1 << 16);
        char[] head = new char[1 << 15];
        int n = Math.max(0, in.read(head));
        in.reset();
        int[] counts = new int[4];
        boolean quoted = false;
        for (int i = 0; i < n && (quoted || (head[i] != '\n' && head[i] != '\r')); i++) {
            if (head[i] == '"') {
                quoted = !quoted;
            } else if (!quoted && ",;\t|".indexOf(head[i]) >= 0) {
                counts[",;\t|".indexOf(head[i])]++;
            }
        }
        int best = 0;
        for (int i = 1; i < counts.length; i++) {
            best = counts[i] > counts[best] ? i : best;
        }
        return ",;\t|".charAt(best);
    }

    /** A header has a known name in it, or else only short, distinct, word-like cells, at least two of them. */
    private static boolean isHeader(List<String> first, Collection<String> known) {
        boolean named = first.stream().anyMatch(c -> known.contains(c.strip().toLowerCase(Locale.ROOT)));
        return named
                || (first.size() > 1
                        && new HashSet<>(first).size() == first.size()
                        && first.stream().allMatch(c -> c.strip().matches("[\\p{L}_][\\p{L}\\p{N}_ .:/()-]{0,39}"))
                        && first.stream()
                                .noneMatch(c ->
                                        c.strip().chars().filter(x -> x == ' ').count() > 3));
    }

    private static List<String> distinct(List<String> names) {
        var seen = new HashSet<String>();
        var result = new ArrayList<String>();
        for (String name : names) {
            String base = name.strip();
            String unique = base;
            for (int i = 2; !seen.add(unique); i++) {
                unique = base + "_" + i;
            }
            result.add(unique);
        }
        return result;
    }

    /** The cells of the next record, or null at the end. */
    private @Nullable List<String> readRecord() throws IOException {
        int c = in.read();
        if (c < 0) {
            return null;
        }
        var cells = new ArrayList<String>();
        while (true) {
            if (cells.size() == MAX_COLUMNS) {
                throw new BadContentException(DeadLetterReason.CORRUPT, "more than " + MAX_COLUMNS + " columns");
            }
            var field = new StringBuilder();
            if (c == '"' && separator != '\t') {
                c = readQuoted(field);
            }
            while (c >= 0 && c != separator && c != '\n' && c != '\r') {
                append(field, c);
                c = in.read();
            }
            cells.add(separator == '\t' ? unquoted(field.toString()) : field.toString());
            if (c == separator) {
                c = in.read();
                continue;
            }
            if (c == '\r') {
                in.mark(1);
                if (in.read() != '\n') {
                    in.reset();
                }
            }
            return cells;
        }
    }

    /** Reads to the closing quote; returns the character behind it. */
    private int readQuoted(StringBuilder field) throws IOException {
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new BadContentException(DeadLetterReason.TRUNCATED, "ends within quotes, in row " + (number + 1));
            }
            if (c == '"') {
                c = in.read();
                if (c != '"') {
                    return c;
                }
            }
            append(field, c);
        }
    }

    private static String unquoted(String field) {
        int n = field.length();
        return n >= 2
                        && field.charAt(0) == '"'
                        && field.charAt(n - 1) == '"'
                        && field.substring(1, n - 1).replace("\"\"", "").indexOf('"') < 0
                ? field.substring(1, n - 1).replace("\"\"", "\"")
                : field;
    }

    private static void append(StringBuilder field, int c) throws BadContentException {
        if (field.length() == MAX_FIELD) {
            throw new BadContentException(
                    DeadLetterReason.TOO_LARGE, "a field of more than " + MAX_FIELD + " characters");
        }
        field.append((char) c);
    }
}
